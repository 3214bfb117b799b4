package io.fluxcore.adapters.in.jobfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.PairStatistic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.ErrorBreaker;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobConfig.Checkpoints;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.over.OverCall;
import io.fluxcore.domain.rank.WholeOrder;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkStrategy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.DeduplicateConfig;
import io.fluxcore.domain.topology.EventTimeConfig;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.OrderConfig;
import io.fluxcore.domain.topology.OrderedOverConfig;
import io.fluxcore.domain.topology.OverConfig;
import io.fluxcore.domain.topology.SetConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopNConfig;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.CalendarUnit;
import io.fluxcore.domain.window.LateFiring;
import io.fluxcore.domain.window.Touching;
import io.fluxcore.domain.window.Trigger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is made in Java, written and read back is the same. */
class JobFileRoundTripTest {
  private static final JobConfig PLAIN = JobConfig.builder().name("plain").build();

  /** Nodes with state of their own kind. */
  private static StreamTopology operators() {
    return StreamTopology.builder()
        .source("log", SourceConfig.connector("plain").withPrimaryKey("id", "at").build())
        .transform("first", DeduplicateConfig.first().withKey("id").build())
        .transform(
            "last",
            DeduplicateConfig.last()
                .withKey("id", "at")
                .within(TimeToLive.ofProcessingTime(Duration.ofMinutes(5)))
                .withErrorPolicy(ErrorPolicy.SKIP)
                .build())
        .transform(
            "top",
            TopNConfig.ranks(2, 7)
                .withKey("id")
                .orderBy("a")
                .orderByDescending("b")
                .withRank("rank")
                .withTimeToLive(TimeToLive.ofEventTime(Duration.ofDays(1)))
                .build())
        .transform("best", TopNConfig.first(1).orderBy("a").perWindow().build())
        .transform(
            "over",
            OverConfig.range(Duration.ofMinutes(5))
                .withKey("id")
                .rowNumber("n")
                .rank("r")
                .denseRank("d")
                .lag("before", "a", 1)
                .lag("third", "a", 3)
                .lead("after", "a", 1)
                .lead("later", "a", 2, -1L)
                .aggregate(AggregateConfig.count().sum("a").build())
                .build())
        .transform("both", SetConfig.intersect("id", "a").all().build(), "last", "best")
        .transform(
            "one",
            SetConfig.except("id")
                .withTimeToLive(TimeToLive.ofEventTime(Duration.ofHours(1)))
                .build(),
            "both",
            "top")
        .transform("rows", OverConfig.rows(7).rowNumber("m").build())
        .transform(
            "ordered",
            new OrderedOverConfig(
                List.of("id"),
                List.of(SortField.parse("a desc nulls first"), SortField.ascending("b")),
                new Frame(Frame.Unit.ROWS, 3, Frame.UNBOUNDED),
                List.of(
                    new OverCall.Numbering("share", OverCall.Numbering.Kind.PERCENT_RANK),
                    new OverCall.Tile("quarter", 4),
                    new OverCall.Value("best", "a", OverCall.Value.End.FIRST, 1, false),
                    new OverCall.Value("last", "a", OverCall.Value.End.LAST, 2, true),
                    new OverCall.Lag("before", "a", 1)),
                TimeToLive.ofEventTime(Duration.ofHours(2)),
                null))
        .transform(
            "near",
            new OrderedOverConfig(
                List.of(),
                List.of(SortField.ascending("a")),
                new Frame(Frame.Unit.RANGE, 60_000, -1),
                List.of(new OverCall.Aggregate(AggregateCall.countAll("n"))),
                null,
                null))
        .transform("all", OverConfig.unbounded().withKey("id").rowNumber("o").build())
        .aggregate(
            "totals",
            AggregateConfig.sum("a")
                .withGroupBy("id")
                .withTimeToLive(TimeToLive.ofEventTime(Duration.ofHours(3)))
                .build())
        .transform(
            "order",
            new OrderConfig(
                List.of(SortField.parse("a desc nulls first"), SortField.ascending("id")),
                3,
                500,
                ErrorPolicy.SKIP))
        .transform("arrived", new OrderConfig(List.of(), 2, WholeOrder.DEFAULT_MAX_ROWS, null))
        .transform("by", OrderConfig.by("a").thenByDescending("id").build())
        .transform("timed", EventTimeConfig.of("at", Duration.ofSeconds(5)))
        .transform("retimed", new EventTimeConfig("at", Duration.ZERO, ErrorPolicy.SKIP))
        .sink("out", SinkConfig.connector("console").build())
        .build();
  }

  @Test
  void nodesWithState_areReadBackEqual() {
    String yaml = new JobFileWriter().yaml(operators(), PLAIN);
    assertThat(read(yaml).topology()).as(yaml).isEqualTo(operators());
  }

  private static StreamTopology everything() {
    return StreamTopology.builder()
        .source(
            "first",
            SourceConfig.connector("acme")
                .with("url", "tcp://a:1/${x}")
                .with("rate", 7)
                .with("share", 0.25f)
                .with("tls", true)
                .with("poll", Duration.ofMillis(1500))
                .with("buffer", "16mb")
                .with("topics", List.of("a", "b"))
                .with("headers", Map.of("k", "1", "deep", Map.of("n", 3)))
                .withSchema(
                    Schema.builder()
                        .field("id", DataType.LONG)
                        .field("price", DataType.decimal(10, 2))
                        .field("at", DataType.TIMESTAMP_TZ)
                        .open()
                        .build())
                .withTimestampField("at")
                .withWatermarks(new WatermarkStrategy(Duration.ofMinutes(1), null, null))
                .withIdleTimeout(Duration.ofSeconds(30))
                .withSilenceFallback(Duration.ofSeconds(45))
                .withWatermarkAlignment("a & b", Duration.ofMinutes(2), Duration.ofMillis(5))
                .withErrorPolicy(ErrorPolicy.SKIP)
                .withParallelism(2)
                .build())
        .source(
            "second",
            SourceConfig.connector("plain")
                .withTime(TimeCharacteristic.PROCESSING)
                .withLoadShedding(LoadShedding.lowestPriority("007").withMaxRows(9))
                .build())
        .transform("both", TransformConfig.union(), "first", "second")
        .transform(
            "keep",
            TransformConfig.filter()
                .withExpression("price > 1.50 and name like '100%: \"x\"'")
                .withErrorPolicy(ErrorPolicy.FAIL)
                .build())
        .transform(
            "more", TransformConfig.map().withField("true", "1").withField("b", "a\n+ 2").build())
        .transform(
            "less",
            TransformConfig.project().withFields("a b", "id").withField("c", "true").build())
        .transform("each", TransformConfig.unnest("tags").build())
        .transform(
            "entries", TransformConfig.unnest("m").as("e").withPosition("n").keepEmpty().build())
        .transform("named", TransformConfig.rename().withField("c", "null").build())
        .transform("keyed", TransformConfig.keyBy("id", "007"))
        .transform(
            "watched",
            TransformConfig.process()
                .withFunction("silence-watch")
                .withKeyBy("id", "007")
                .withSchema(Schema.of(new Field("id", DataType.LONG)))
                .withSideOutput("silent", Schema.of(new Field("price", DataType.decimal(10, 2))))
                .withTimeToLive(TimeToLive.ofEventTime(Duration.ofDays(3)).renewedByReads())
                .build())
        .transform(
            "sorted",
            TransformConfig.sort()
                .withKey("id", "007")
                .thenBy("null")
                .thenByDescending("a b")
                .withMaxRows(5)
                .withErrorPolicy(ErrorPolicy.SKIP)
                .build(),
            "keyed")
        .transform("one-order", TransformConfig.sort().build(), "keyed")
        .transform(
            "ways",
            TransformConfig.route()
                .withBranch("big", "id > 5")
                .withBranch("small", "id < 2")
                .build(),
            "keyed")
        .join(
            "in-one-window",
            JoinConfig.window(
                    WindowConfig.sliding()
                        .withDuration(Duration.ofMinutes(2))
                        .withSlide(Duration.ofMinutes(1))
                        .withOffset(Duration.ofSeconds(-7))
                        .withAllowedLateness(Duration.ofSeconds(3))
                        .withLateOutput()
                        .build())
                .withType(JoinType.FULL)
                .withOn("id", "007")
                .withOn("c")
                .withLeftPrefix("l.")
                .withCondition("\"l.a b\" is null")
                .withErrorPolicy(ErrorPolicy.SKIP)
                .build(),
            "keyed",
            "less")
        .join(
            "close",
            JoinConfig.interval(Duration.ofMinutes(-5), Duration.ofSeconds(1))
                .withLateMatches(Duration.ofMinutes(3))
                .withType(JoinType.ANTI)
                .withOn("id", "007")
                .withRightPrefix("other_")
                .build(),
            "keyed",
            "less")
        .join(
            "as-of",
            JoinConfig.temporal().withOn("id").withTimeToLive(Duration.ofDays(2)).build(),
            "keyed",
            "less")
        .join(
            "now", JoinConfig.table().withType(JoinType.LEFT).withOn("id").build(), "keyed", "less")
        .join(
            "now-all-rows",
            JoinConfig.table()
                .withAllRows()
                .withOn("id")
                .withTimeToLive(Duration.ofDays(1))
                .build(),
            "keyed",
            "less")
        .join(
            "ever",
            JoinConfig.unbounded()
                .withType(JoinType.RIGHT)
                .withOn("id")
                .withTimeToLive(TimeToLive.ofProcessingTime(Duration.ofDays(9)))
                .build(),
            "keyed",
            "less")
        .join(
            "someLonger",
            JoinConfig.unbounded()
                .withOn("id")
                .withTimeToLives(null, TimeToLive.ofProcessingTime(Duration.ofDays(2)))
                .build(),
            "keyed",
            "less")
        .join("closest", JoinConfig.asOf("a >= b").withOn("id").build(), "keyed", "less")
        .join(
            "closest-in-all-words",
            JoinConfig.asOf("a < b")
                .withTies("b desc", "id nulls last")
                .withType(JoinType.LEFT)
                .withOn("id")
                .withTimeToLive(TimeToLive.ofProcessingTime(Duration.ofDays(2)))
                .build(),
            "keyed",
            "less")
        .join(
            "outside",
            JoinConfig.lookup("store")
                .with("table", "007")
                .withOn("id")
                .withField("x", DataType.LONG)
                .build(),
            "keyed")
        .join(
            "in-memory",
            JoinConfig.fullLookup("ending").withOn("id").withField("x", DataType.LONG).build(),
            "keyed")
        .join(
            "in-memory-in-all-words",
            JoinConfig.fullLookup("ending")
                .with("path", "007")
                .withType(JoinType.LEFT)
                .withOn("id", "user_id")
                .withField("name", DataType.STRING)
                .withLeftPrefix("l_")
                .withRightPrefix("")
                .withMostRows(12)
                .withReload(Duration.ofMinutes(5))
                .withErrorPolicy(ErrorPolicy.SKIP)
                .build(),
            "keyed")
        .join(
            "outside-in-all-words",
            JoinConfig.lookup("store")
                .with("table", "users")
                .with("user", "ann")
                .withType(JoinType.LEFT)
                .withOn("id", "user_id")
                .withOn("c")
                .withField("name", DataType.STRING)
                .withField("limit", DataType.decimal(12, 2))
                .withLeftPrefix("l_")
                .withRightPrefix("")
                .inAnyOrder()
                .withInFlight(3)
                .withKeysPerCall(17)
                .withTimeout(Duration.ofMillis(1_500))
                .withCache(5, Duration.ofMinutes(1), Duration.ZERO)
                .withErrorPolicy(
                    ErrorPolicy.retry(RetryPolicy.fixedDelay(3, Duration.ofSeconds(2))))
                .build(),
            "keyed")
        .window(
            "hour",
            WindowConfig.tumbling()
                .withDuration(Duration.ofHours(1))
                .withOffset(Duration.ofMinutes(-15))
                .withZone(ZoneId.of("Europe/Berlin"))
                .withAllowedLateness(Duration.ofSeconds(90))
                .withLateOutput()
                .withAccumulation(Accumulation.RETRACTING)
                .build(),
            "ways.big")
        .aggregate(
            "counted",
            AggregateConfig.count()
                .count("id")
                .countDistinct("id")
                .sum("id")
                .average("id")
                .min("id")
                .max("id")
                .as("largest")
                .count()
                .as("large")
                .where("id > 7")
                .approximateCountDistinct("id")
                .first("id")
                .last("id")
                .where("id is not null")
                .collect("id", 100)
                .top("id", 3)
                .top("id", 5, "007")
                .as("labelled")
                .variance("id")
                .populationVariance("id")
                .standardDeviation("id")
                .populationStandardDeviation("id")
                .median("id")
                .quantile("id", 0.95)
                .quantiles("id", 0.5, 0.99)
                .percentile("id", 0.5)
                .discretePercentile("id", 0.25)
                .bitAnd("id")
                .bitOr("id")
                .bitXor("id")
                .covariance("id", "007")
                .correlation("id", "007")
                .ofPairs(PairStatistic.REGR_SLOPE, "id", "007")
                .list("id", SortField.parse("007 desc nulls first"), SortField.ascending("id"))
                .custom("geometric_mean", "id")
                .where("id > 0")
                .withGroupBy("id", "007")
                .build())
        .sink("late", SinkConfig.file().withPath("late.json").build(), "counted.late")
        .window(
            "slide",
            WindowConfig.sliding()
                .withDuration(Duration.ofMinutes(5))
                .withSlide(Duration.ofMillis(1))
                .withTime(TimeCharacteristic.PROCESSING)
                .build(),
            "ways")
        .aggregate("all", AggregateConfig.of(AggregateCall.countAll("n")).build())
        .window(
            "visits",
            WindowConfig.session()
                .withGap(Duration.ofMinutes(30))
                .withTouching(Touching.SEPARATE)
                .withAllowedLateness(Duration.ofHours(1))
                .withLateOutput()
                .withAccumulation(Accumulation.DISCARDING)
                .withTrigger(Trigger.onWatermark().withEarlyAfter(100))
                .build(),
            "ways")
        .aggregate("visit", AggregateConfig.of(AggregateCall.countAll("n")).build())
        .sink("out", SinkConfig.console().withParallelism(1).build())
        .sink("again", SinkConfig.console().with("format", "json").build(), "keep", "keyed")
        .build();
  }

  private static StreamTopology otherWindows() {
    StreamTopology.Builder topology =
        StreamTopology.builder()
            .source(
                "in",
                SourceConfig.connector("plain")
                    .withLoadShedding(LoadShedding.sample().withSeed(5))
                    .build());
    int number = 0;
    for (WindowConfig window :
        List.of(
            WindowConfig.cumulative()
                .withDuration(Duration.ofHours(1))
                .withStep(Duration.ofMinutes(5))
                .withOffset(Duration.ofMinutes(-1))
                .withTrigger(
                    Trigger.onWatermark()
                        .withEarlyEvery(Duration.ofSeconds(30))
                        .withEarlyEveryProcessingTime(Duration.ofSeconds(5))
                        .withEarlyAfter(100)
                        .withLate(LateFiring.EACH_ROW))
                .build(),
            WindowConfig.calendar()
                .withUnit(CalendarUnit.WEEK)
                .withZone(ZoneId.of("America/Sao_Paulo"))
                .withFirstDayOfWeek(DayOfWeek.SUNDAY)
                .withLateOutput()
                .build(),
            WindowConfig.calendar()
                .withUnit(CalendarUnit.QUARTER)
                .withZone(ZoneId.of("+05:45"))
                .build(),
            WindowConfig.count().withSize(10).withSlide(2).build(),
            WindowConfig.count().withSize(10).withIncomplete().build(),
            WindowConfig.global().build(),
            WindowConfig.global()
                .withTrigger(Trigger.afterCount(4))
                .withAccumulation(Accumulation.DISCARDING)
                .withTime(TimeCharacteristic.PROCESSING)
                .build())) {
      String name = "w" + number++;
      topology
          .window(name, window, "in")
          .aggregate("of-" + name, AggregateConfig.of(AggregateCall.countAll("n")).build());
    }
    return topology.build();
  }

  @Test
  void windows_ofEveryKind_areReadBackEqual() {
    String yaml = new JobFileWriter().yaml(otherWindows(), PLAIN);
    assertThat(read(yaml).topology()).as(yaml).isEqualTo(otherWindows());
  }

  private static JobFile read(String yaml) {
    return Connectors.reader().parse("written.yaml", yaml, Map.of());
  }

  @Test
  void topology_withEveryKindOfNode_isReadBackEqual() {
    String yaml = new JobFileWriter().yaml(everything(), PLAIN);
    assertThat(read(yaml).topology()).as(yaml).isEqualTo(everything());
  }

  static Stream<JobConfig> configs() {
    JobConfig.Builder all =
        JobConfig.builder()
            .name("yes")
            .version("1.0")
            .parallelism(3)
            .maxParallelism(64)
            .errorPolicy(
                ErrorPolicy.retry(
                        new RetryPolicy(3, Duration.ofMillis(5), Duration.ofSeconds(1), 3))
                    .then(ErrorPolicy.Action.SKIP))
            .errorBreaker(new ErrorBreaker(100, 0.5, Duration.ofMinutes(1), 10))
            .batchRows(7)
            .linger(Duration.ZERO)
            .watermarkInterval(Duration.ofNanos(1))
            .stateBackend("rocksdb")
            .deliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .allowNonRestoredState(true);
    return Stream.of(
        PLAIN,
        all.build(),
        all.checkpointInterval(Duration.ofSeconds(30)).build(),
        all.checkpoints(new Checkpoints(null, Duration.ofMinutes(1), Duration.ofSeconds(1), 3))
            .build(),
        all.checkpoints(
                new Checkpoints(
                    Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(1), 3, 7))
            .build(),
        all.restartStrategy(RestartStrategy.fixedDelay(3, Duration.ofSeconds(10))).build(),
        all.restartStrategy(
                RestartStrategy.exponentialBackoff(Duration.ofSeconds(1), Duration.ofMinutes(5)))
            .build(),
        all.restartStrategy(
                RestartStrategy.failureRate(3, Duration.ofHours(1), Duration.ofSeconds(1)))
            .build());
  }

  @ParameterizedTest
  @MethodSource("configs")
  void config_isReadBackEqual(JobConfig config) {
    String yaml = new JobFileWriter().yaml(everything(), config);
    assertThat(read(yaml).config()).as(yaml).isEqualTo(config);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void keptConfig_isReadBackEqual_withoutItsTopology(JobConfig config) {
    JobFileText text = new JobFileText(Connectors.reader());
    JobConfig odd = config.toBuilder().name("${a}: \"b\"\n#").build();
    assertThat(text.readConfig(text.write(odd))).as(text.write(odd)).isEqualTo(odd);
  }

  @Test
  void keptTopology_isReadBackEqual() {
    JobFileText text = new JobFileText(Connectors.reader());
    assertThat(text.readTopology(text.write(everything()))).isEqualTo(everything());
  }

  @Test
  void topology_withCode_isRefused_withEveryReason() {
    StreamTopology bound =
        StreamTopology.builder()
            .source("in", SourceConfig.connector("plain").build())
            .transform("a", TransformConfig.filter().withPredicate(e -> true).build())
            .transform("b", TransformConfig.peek().withAction(e -> {}).build())
            .sink("out", SinkConfig.console().build())
            .build();
    assertThatThrownBy(() -> new JobFileWriter().yaml(bound, PLAIN))
        .hasMessageContainingAll("FLX-JOBFILE-0031", "'a': predicate lambda", "'b': peek lambda");
  }

  @Test
  void option_namedLikeAWordOfJobFiles_isRefused() {
    StreamTopology odd =
        StreamTopology.builder()
            .source("in", SourceConfig.connector("plain").with("schema", "x").build())
            .build();
    assertThatThrownBy(() -> new JobFileWriter().yaml(odd, PLAIN))
        .hasMessageContainingAll("FLX-JOBFILE-0031", "'schema'");
  }
}
