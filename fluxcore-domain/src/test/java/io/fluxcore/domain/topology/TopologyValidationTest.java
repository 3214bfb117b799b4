package io.fluxcore.domain.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Condition;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyValidationTest {
  private static final ExpressionContext EXPRESSIONS =
      ExpressionContext.of(
          pattern -> {
            throw new AssertionError("no regular expressions here");
          });

  private static final Schema SCHEMA =
      Schema.builder()
          .field("time", DataType.TIMESTAMP_TZ)
          .field("host", DataType.STRING)
          .field("bytes", DataType.LONG)
          .field("tags", DataType.NESTED)
          .build();

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static SourceBuilder<?> log() {
    return SourceConfig.connector("log").withSchema(SCHEMA);
  }

  private static StreamTopology.Builder topology() {
    return StreamTopology.builder().source("log", log().build());
  }

  private static StreamTopology.Builder windowed(WindowConfig window) {
    return topology()
        .window("window", window)
        .aggregate("count", AggregateConfig.count().build())
        .sink("out", SinkConfig.console().build());
  }

  private static WindowConfig minutes() {
    return WindowConfig.tumbling().withDuration(MINUTE).build();
  }

  private static StreamTopology transformed(TransformConfig transform) {
    return topology()
        .transform("step", transform)
        .sink("out", SinkConfig.console().build())
        .build();
  }

  private static StreamTopology aggregated(AggregateConfig aggregate) {
    return topology()
        .window("window", minutes())
        .aggregate("sums", aggregate)
        .sink("out", SinkConfig.console().build())
        .build();
  }

  private static void assertFindings(StreamTopology.Builder topology, String... findings) {
    assertFindings(topology.build(), findings);
  }

  private static void assertFindings(StreamTopology topology, String... findings) {
    assertThat(topology.validate(EXPRESSIONS))
        .extracting(Diagnostic::toString)
        .containsExactly(findings);
  }

  @Test
  void soundTopology_hasNoFindings() {
    assertFindings(windowed(minutes()));
  }

  @Test
  void topologyWithoutSource() {
    assertFindings(
        StreamTopology.builder().sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0001: the topology has no source (add a source)",
        "FLX-TOPO-0008 at node 'out': 'out' has no input (declare it after the node that it reads,"
            + " or name that node)");
  }

  @Test
  void topologyWithoutSink() {
    assertFindings(
        topology(),
        "FLX-TOPO-0002: the topology has no sink (add a sink)",
        "FLX-TOPO-0009 at node 'log': nothing reads 'log' (add a sink that names it, or leave it"
            + " out)");
  }

  @Test
  void duplicateName() {
    assertFindings(
        topology().source("log", log().build()).sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0003 at node 'log': two nodes are named 'log' (give one of them another name)");
  }

  @Test
  void nameWithADot() {
    assertFindings(
        topology().sink("a.b", SinkConfig.console().build()),
        "FLX-TOPO-0004 at node 'a.b': 'a.b' cannot be the name of a node (use up to 128 letters,"
            + " digits, '-' and '_'; a '.' would name a port)");
  }

  @Test
  void unknownUpstream_isToldWithTheNearestName() {
    assertFindings(
        topology()
            .sink("all", SinkConfig.console().build())
            .sink("out", SinkConfig.console().build(), "lag"),
        "FLX-TOPO-0005 at node 'out': 'out' reads 'lag', but there is no such node (did you mean"
            + " 'log'? nodes are log, all, out)");
  }

  @Test
  void unknownPort() {
    assertFindings(
        topology()
            .transform("split", TransformConfig.route().withBranch("errors", "bytes > 1").build())
            .sink("a", SinkConfig.console().build(), "split.erors")
            .sink("b", SinkConfig.console().build(), "split.default")
            .sink("c", SinkConfig.console().build(), "log.late"),
        "FLX-TOPO-0006 at node 'a': 'split' has no output 'erors' (did you mean 'errors'? its"
            + " outputs are the main one and errors)",
        "FLX-TOPO-0006 at node 'c': 'log' has no output 'late' (its only output is 'log')");
  }

  @Test
  void sinkAsUpstream() {
    assertFindings(
        topology()
            .sink("a", SinkConfig.console().build())
            .sink("b", SinkConfig.console().build(), "a"),
        "FLX-TOPO-0006 at node 'b': 'b' reads the sink 'a', which has no output (read the node"
            + " before the sink)");
  }

  @Test
  void circle() {
    assertFindings(
        topology()
            .sink("all", SinkConfig.console().build())
            .transform("a", TransformConfig.union(), "c", "log")
            .transform("b", TransformConfig.union(), "a")
            .transform("c", TransformConfig.union(), "b")
            .sink("out", SinkConfig.console().build(), "c"),
        "FLX-TOPO-0007 at node 'a': nodes read each other in a circle: a → b → c → a (cut the"
            + " circle: a topology is acyclic)");
  }

  @Test
  void outputThatNothingReads_isAWarning() {
    StreamTopology topology =
        topology()
            .sink("out", SinkConfig.console().build())
            .transform("dead", TransformConfig.filter().withExpression("bytes > 1").build())
            .build();
    assertFindings(
        topology,
        "FLX-TOPO-0009 at node 'dead': nothing reads 'dead' (add a sink that names it, or leave it"
            + " out)");
    assertThat(topology.validate(EXPRESSIONS)).noneMatch(Diagnostic::isError);
  }

  @Test
  void sameUpstreamTwice() {
    assertFindings(
        topology().sink("out", SinkConfig.console().build(), "log", "log"),
        "FLX-TOPO-0010 at node 'out': 'out' reads 'log' twice (name it once)");
  }

  @Test
  void windowWithoutAggregate() {
    assertFindings(
        topology().window("window", minutes()).sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0011 at node 'window'.aggregate: no aggregate follows the window 'window'"
            + " (declare an aggregate that reads it)",
        "FLX-TOPO-0011 at node 'out'.input: 'out' reads the window 'window' but aggregates nothing"
            + " (a window is read by aggregates only; read 'log' instead)");
  }

  @Test
  void lateRowsOfAggregateWithoutWindow() {
    assertFindings(
        topology()
            .aggregate("count", AggregateConfig.count().build())
            .sink("out", SinkConfig.console().build())
            .sink("late", SinkConfig.console().build(), "count.late"),
        "FLX-TOPO-0006 at node 'late'.from: 'count' has no output 'late': without a window no row is"
            + " late (leave it out, or declare a window before 'count')");
  }

  @Test
  void timeToLiveOfGroupsInWindows() {
    assertFindings(
        topology()
            .window("window", minutes())
            .aggregate(
                "count",
                AggregateConfig.count()
                    .withTimeToLive(TimeToLive.ofEventTime(Duration.ofHours(1)))
                    .build())
            .sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0054 at node 'count'.timeToLive: a group has a time-to-live of 1h of event"
            + " time, but windows end by themselves (leave it out, or leave out the window)");
  }

  @Test
  void windowOverChangesOfAllRows() {
    assertFindings(
        topology()
            .aggregate("count", AggregateConfig.count().build())
            .window("window", minutes())
            .aggregate("again", AggregateConfig.count().build())
            .sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0043 at node 'window'.time: the window is in event time, but the results of"
            + " 'count' have none: they are of all times (give the window processing time, or use a"
            + " window of time upstream)");
  }

  @Test
  void windowWithoutDuration() {
    assertFindings(
        windowed(WindowConfig.tumbling().build()),
        "FLX-TOPO-0013 at node 'window'.duration: the window has no duration (give a positive"
            + " duration)");
  }

  @Test
  void windowOfImpossibleLengths() {
    assertFindings(
        windowed(
            WindowConfig.sliding()
                .withDuration(Duration.ZERO)
                .withSlide(Duration.ofSeconds(-1))
                .withAllowedLateness(Duration.ofMillis(-5))
                .withOffset(Duration.ofSeconds(Long.MAX_VALUE))
                .build()),
        "FLX-TOPO-0013 at node 'window'.duration: the window's duration is 0s (give a positive"
            + " duration)",
        "FLX-TOPO-0014 at node 'window'.slide: the window's slide is -1s (give a positive"
            + " duration)",
        "FLX-TOPO-0016 at node 'window'.offset: the window's offset is PT2562047788015215H30M7S"
            + " (give an offset below the window's duration)",
        "FLX-TOPO-0015 at node 'window'.allowedLateness: allowed lateness is -5ms (give zero or a"
            + " positive duration)");
  }

  @Test
  void sessionWithoutGap() {
    assertFindings(
        windowed(WindowConfig.session().build()),
        "FLX-TOPO-0013 at node 'window'.gap: the window has no gap (give a positive duration)");
  }

  @Test
  void sessionOfImpossibleGap() {
    assertFindings(
        windowed(WindowConfig.session().withGap(Duration.ofSeconds(-1)).build()),
        "FLX-TOPO-0013 at node 'window'.gap: the window's gap is -1s (give a positive duration)");
    assertFindings(
        windowed(WindowConfig.session().withGap(Duration.ofNanos(1_500_000)).build()),
        "FLX-TOPO-0013 at node 'window'.gap: the window's gap is PT0.0015S, finer than event time"
            + " (give whole milliseconds)");
  }

  @Test
  void windowFinerThanMilliseconds() {
    assertFindings(
        windowed(WindowConfig.tumbling().withDuration(Duration.ofNanos(1_500_000)).build()),
        "FLX-TOPO-0013 at node 'window'.duration: the window's duration is PT0.0015S, finer than"
            + " event time (give whole milliseconds)");
  }

  @Test
  void slideLargerThanTheWindow_isAllowed() {
    assertFindings(
        windowed(
            WindowConfig.sliding().withDuration(MINUTE).withSlide(MINUTE.multipliedBy(5)).build()));
  }

  @Test
  void unknownFields_areToldThroughTheWholeTopology() {
    assertFindings(
        topology()
            .transform("rename", TransformConfig.rename().withField("host", "server").build())
            .transform("key", TransformConfig.keyBy("host"))
            .window("window", minutes())
            .aggregate("sums", AggregateConfig.sum("byte").withGroupBy("server", "servr").build())
            .sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0017 at node 'key'.fields: there is no field 'host' (fields are time, server,"
            + " bytes, tags)",
        "FLX-TOPO-0017 at node 'sums'.groupBy: there is no field 'servr' (did you mean 'server'?"
            + " fields are time, server, bytes, tags)",
        "FLX-TOPO-0017 at node 'sums'.aggregates: there is no field 'byte' (did you mean 'bytes'?"
            + " fields are time, server, bytes, tags)");
  }

  @Test
  void unknownTimestampField() {
    assertFindings(
        StreamTopology.builder()
            .source("log", log().withTimestampField("tme").build())
            .sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0017 at node 'log'.timestampField: there is no field 'tme' (did you mean 'time'?"
            + " fields are time, host, bytes, tags)");
  }

  @Test
  void expressionErrors_haveTheirPlaceInTheText() {
    List<Diagnostic> findings =
        transformed(TransformConfig.filter().withExpression("bytes > 1 and\n  hots = 'a'").build())
            .validate(EXPRESSIONS);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).place().toString())
        .isEqualTo("node 'step'.expression, line 2, column 3");
  }

  @Test
  void conditionThatIsNoCondition_isToldOnce() {
    assertThat(
            transformed(TransformConfig.route().withBranch("big", "bytes + 1").build())
                .validate(EXPRESSIONS))
        .singleElement()
        .satisfies(d -> assertThat(d.place().path()).isEqualTo("node 'step'.branches.big"));
  }

  @Test
  void typedConditionWithCode_isCheckedToo() {
    Condition condition =
        Condition.and(Condition.equalTo("hots", "a"), Condition.custom(e -> true));
    assertThat(
            transformed(TransformConfig.filter().withCondition(condition).build())
                .validate(EXPRESSIONS))
        .singleElement()
        .satisfies(d -> assertThat(d.place().path()).startsWith("node 'step'.expression"));
  }

  @Test
  void everyWrongExpressionOfAProjection_isTold() {
    assertThat(
            transformed(
                    TransformConfig.project()
                        .withField("a", "nothing + 1")
                        .withField("b", "bytes +")
                        .withField("c", "bytes")
                        .build())
                .validate(EXPRESSIONS))
        .extracting(d -> d.place().path())
        .containsExactly("node 'step'.fields.a", "node 'step'.fields.b");
  }

  @Test
  void nestedKey() {
    assertFindings(
        aggregated(AggregateConfig.count().withGroupBy("tags").build()),
        "FLX-TOPO-0019 at node 'sums'.groupBy: 'tags' is nested and cannot be a key (project a part"
            + " of it first)");
  }

  @Test
  void duplicateOutputNames() {
    assertFindings(
        aggregated(
            AggregateConfig.count()
                .sum("bytes")
                .as("count")
                .max("bytes")
                .as("window_end")
                .withGroupBy("host", "host")
                .build()),
        "FLX-TOPO-0020 at node 'sums'.groupBy: a field is named twice in [host, host] (name it"
            + " once)",
        "FLX-TOPO-0020 at node 'sums'.output: the result would have two fields 'count' (name it"
            + " with as(…))",
        "FLX-TOPO-0020 at node 'sums'.output: the result would have two fields 'window_end' (name"
            + " it with as(…))");
  }

  @Test
  void renamingOntoAnotherField() {
    assertFindings(
        transformed(TransformConfig.rename().withField("bytes", "host").build()),
        "FLX-TOPO-0020 at node 'step'.fields.bytes: the result would have two fields 'host' (give"
            + " it another name)");
  }

  @Test
  void swappedNames_areFine() {
    assertFindings(
        transformed(
            TransformConfig.rename()
                .withField("bytes", "host")
                .withField("host", "bytes")
                .build()));
  }

  @Test
  void branchesOfOneName_orOfTheDefault() {
    assertFindings(
        transformed(
            TransformConfig.route()
                .withBranch("a", "bytes > 1")
                .withBranch("a", "bytes > 2")
                .withBranch("default", "bytes > 3")
                .build()),
        "FLX-TOPO-0020 at node 'step'.branches: two branches are named 'a' (give one of them"
            + " another name)",
        "FLX-TOPO-0004 at node 'step'.branches: 'default' cannot be the name of a branch (use"
            + " letters, digits, '-' and '_', and not 'default')");
  }

  @Test
  void missingSettings_areAllTold() {
    StreamTopology topology =
        topology()
            .transform("filter", TransformConfig.filter().build())
            .transform("project", TransformConfig.project().build())
            .transform("rename", TransformConfig.rename().build())
            .transform("key", TransformConfig.keyBy())
            .transform("peek", TransformConfig.peek().build())
            .transform("route", TransformConfig.route().build())
            .transform("flatMap", TransformConfig.flatMap().build())
            .window("window", minutes())
            .aggregate("sums", AggregateConfig.builder().build())
            .sink("out", SinkConfig.console().build())
            .build();
    assertThat(topology.validate(EXPRESSIONS))
        .extracting(d -> d.code() + " " + d.place())
        .containsExactly(
            "FLX-TOPO-0021 node 'filter'.predicate",
            "FLX-TOPO-0021 node 'project'.fields",
            "FLX-TOPO-0021 node 'rename'.fields",
            "FLX-TOPO-0021 node 'key'.fields",
            "FLX-TOPO-0021 node 'peek'.action",
            "FLX-TOPO-0021 node 'route'.branches",
            "FLX-TOPO-0021 node 'flatMap'.function",
            "FLX-TOPO-0021 node 'flatMap'.schema",
            "FLX-TOPO-0021 node 'sums'.aggregates");
  }

  @Test
  void eventTimeWindow_overASourceInProcessingTime() {
    assertFindings(
        StreamTopology.builder()
            .source("log", log().withTime(TimeCharacteristic.PROCESSING).build())
            .transform("all", TransformConfig.union())
            .window("window", minutes())
            .aggregate("count", AggregateConfig.count().build())
            .sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0022 at node 'window'.time: the window is in event time, but the source 'log' is"
            + " in processing time (give the window processing time, or the source event or"
            + " ingestion time)");
  }

  @Test
  void processingTimeWindow_overAnySource() {
    assertFindings(
        windowed(
            WindowConfig.tumbling()
                .withDuration(MINUTE)
                .withTime(TimeCharacteristic.PROCESSING)
                .build()));
  }

  @Test
  void timestampFieldThatIsNoTime() {
    assertFindings(
        StreamTopology.builder()
            .source("log", log().withTimestampField("host").build())
            .sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0023 at node 'log'.timestampField: 'host' is string, not a time (use a field of"
            + " type timestamp_tz, timestamp, date, or long (epoch milliseconds))");
  }

  @Test
  void unionOfDifferentFields() {
    assertFindings(
        topology()
            .transform("some", TransformConfig.project().withFields("host", "bytes").build())
            .sink("out", SinkConfig.console().build(), "log", "some"),
        "FLX-TOPO-0024 at node 'out'.input: 'log' has the fields (time timestamp_tz, host string,"
            + " bytes long, tags nested) but 'some' has (host string, bytes long) (project both to"
            + " the same fields first)");
  }

  @Test
  void unionInAnotherOrder_isFine() {
    assertFindings(
        topology()
            .transform("a", TransformConfig.project().withFields("host", "bytes").build(), "log")
            .transform("b", TransformConfig.project().withFields("bytes", "host").build(), "log")
            .sink("out", SinkConfig.console().build(), "a", "b"));
  }

  @Test
  void negativeParallelism() {
    assertFindings(
        StreamTopology.builder()
            .source("log", log().withParallelism(-1).build())
            .sink("out", SinkConfig.console().withParallelism(-2).build()),
        "FLX-TOPO-0025 at node 'log'.parallelism: parallelism is -1 (give at least 1, or leave it"
            + " to the job)",
        "FLX-TOPO-0025 at node 'out'.parallelism: parallelism is -2 (give at least 1, or leave it"
            + " to the job)");
  }

  @Test
  void lateRowsThatNothingReads_areAWarning() {
    assertFindings(
        windowed(WindowConfig.tumbling().withDuration(MINUTE).withLateOutput().build()),
        "FLX-TOPO-0027 at node 'window'.lateOutput: nothing reads the late rows of 'count' (add a"
            + " node that reads 'count.late')");
    assertFindings(
        windowed(WindowConfig.tumbling().withDuration(MINUTE).withLateOutput().build())
            .sink("late", SinkConfig.console().build(), "count.late"));
  }

  @Test
  void aggregateThatCannotRetract_overAChangelog() {
    assertFindings(
        twoAggregates(Accumulation.RETRACTING, AggregateConfig.first("total").build()),
        "FLX-TOPO-0028 at node 'second'.aggregates: its input takes results back, but one of"
            + " first(total) as first_total cannot (use aggregates that can retract, or another"
            + " accumulation upstream)");
    assertFindings(twoAggregates(Accumulation.RETRACTING, AggregateConfig.sum("total").build()));
  }

  @Test
  void aggregateOverResultsThatComeAgain_isAWarning() {
    assertFindings(
        twoAggregates(Accumulation.ACCUMULATING, AggregateConfig.sum("total").build()),
        "FLX-TOPO-0029 at node 'second'.aggregates: its input gives a window's result more than"
            + " once, and it would count each (give the window upstream the accumulation"
            + " 'retracting' or 'discarding')");
    assertFindings(twoAggregates(Accumulation.DISCARDING, AggregateConfig.sum("total").build()));
  }

  private static StreamTopology twoAggregates(Accumulation first, AggregateConfig second) {
    return topology()
        .window(
            "window",
            WindowConfig.tumbling()
                .withDuration(MINUTE)
                .withAllowedLateness(MINUTE)
                .withAccumulation(first)
                .build())
        .aggregate("first", AggregateConfig.sum("bytes").as("total").withGroupBy("host").build())
        .window("hours", WindowConfig.tumbling().withDuration(Duration.ofHours(1)).build())
        .aggregate("second", second)
        .sink("out", SinkConfig.console().build())
        .build();
  }

  @Test
  void aggregateSettings_areCheckedWithTheNode() {
    assertThat(
            aggregated(
                    AggregateConfig.collect("host", 0)
                        .quantile("bytes", 95)
                        .top("bytes", 3, "hots")
                        .as("best")
                        .count()
                        .where("byts > 1")
                        .as("big")
                        .build())
                .validate(EXPRESSIONS))
        .extracting(Diagnostic::code)
        .contains("FLX-AGG-0004", "FLX-TOPO-0017")
        .hasSize(4);
  }

  @Test
  void aggregateOfTheWrongType_isToldWithTheNode() {
    assertThat(aggregated(AggregateConfig.sum("host").build()).validate(EXPRESSIONS))
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.code()).isEqualTo("FLX-AGG-0003");
              assertThat(d.place().path()).startsWith("node 'sums'.aggregates");
              assertThat(d.message()).isEqualTo("'host' is string, not a number");
            });
  }

  @Test
  void everythingWrong_isToldAtOnce() {
    assertThat(
            topology()
                .transform("key", TransformConfig.keyBy("hots"))
                .window("window", WindowConfig.tumbling().build())
                .aggregate("count", AggregateConfig.count().withGroupBy("nope").build())
                .sink("a b", SinkConfig.console().withParallelism(-1).build(), "cuont")
                .build()
                .validate(EXPRESSIONS))
        .extracting(Diagnostic::code)
        .containsExactlyInAnyOrder(
            "FLX-TOPO-0004",
            "FLX-TOPO-0005",
            "FLX-TOPO-0009",
            "FLX-TOPO-0013",
            "FLX-TOPO-0017",
            "FLX-TOPO-0017",
            "FLX-TOPO-0025");
  }

  @Test
  void soundSort_hasNoFindings() {
    assertFindings(
        topology()
            .transform("step", TransformConfig.sort().withKey("host").thenBy("bytes").build())
            .sink("out", SinkConfig.console().build())
            .sink("late", SinkConfig.console().build(), "step.late"));
    assertFindings(transformed(TransformConfig.sort().build()));
  }

  @Test
  void sort_ofFieldsThatCannotBeOrdered() {
    assertFindings(
        transformed(
            TransformConfig.sort()
                .withKey("host", "hots", "tags")
                .thenBy("bytes")
                .thenByDescending("bytes")
                .thenBy("host")
                .thenBy("tags")
                .withMaxRows(0)
                .build()),
        "FLX-TOPO-0051 at node 'step'.maxRows: a subtask may hold 0 rows (give at least 1, or leave"
            + " it out)",
        "FLX-TOPO-0020 at node 'step'.thenBy: 'bytes' is named twice (name it once; the rows of a"
            + " key are equal in the key's fields)",
        "FLX-TOPO-0020 at node 'step'.thenBy: 'host' is named twice (name it once; the rows of a"
            + " key are equal in the key's fields)",
        "FLX-TOPO-0020 at node 'step'.thenBy: 'tags' is named twice (name it once; the rows of a"
            + " key are equal in the key's fields)",
        "FLX-TOPO-0017 at node 'step'.key: there is no field 'hots' (did you mean 'host'? fields"
            + " are time, host, bytes, tags)",
        "FLX-TOPO-0019 at node 'step'.key: 'tags' is nested and cannot be a key (project a part of"
            + " it first)",
        "FLX-TOPO-0019 at node 'step'.thenBy: 'tags' is nested and has no order (project a part of"
            + " it first)");
  }

  @Test
  void sort_needsEventTime() {
    assertFindings(
        StreamTopology.builder()
            .source("log", log().withTime(TimeCharacteristic.PROCESSING).build())
            .transform("sorted", TransformConfig.sort().build())
            .sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0022 at node 'sorted'.time: the sort is in event time, but the source 'log' is in"
            + " processing time (give the source event or ingestion time)");
    assertFindings(
        topology()
            .window("all", WindowConfig.global().build())
            .aggregate("count", AggregateConfig.count().build())
            .transform("sorted", TransformConfig.sort().build())
            .sink("out", SinkConfig.console().build()),
        "FLX-TOPO-0043 at node 'sorted'.time: the sort is in event time, but the results of 'count'"
            + " have none: its window has no end in time (use a window of time upstream)");
  }

  @Test
  void loadShedding_byAFieldThatIsNoNumber() {
    for (String field : List.of("bytes", "host", "bites")) {
      StreamTopology.Builder topology =
          StreamTopology.builder()
              .source("log", log().withLoadShedding(LoadShedding.lowestPriority(field)).build())
              .sink("out", SinkConfig.console().build());
      switch (field) {
        case "bytes" -> assertFindings(topology);
        case "host" ->
            assertFindings(
                topology,
                "FLX-TOPO-0052 at node 'log'.loadShedding.priorityField: 'host' is string, not a"
                    + " number (use a field of type long, double or decimal)");
        default ->
            assertFindings(
                topology,
                "FLX-TOPO-0017 at node 'log'.loadShedding.priorityField: there is no field 'bites'"
                    + " (did you mean 'bytes'? fields are time, host, bytes, tags)");
      }
    }
  }
}
