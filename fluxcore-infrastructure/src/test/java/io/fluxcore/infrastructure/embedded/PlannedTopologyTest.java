package io.fluxcore.infrastructure.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.control.JobControl;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Condition;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.infrastructure.sketch.BoundedSketches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topologies through validation, planner, service and host, against the same computed plainly. */
class PlannedTopologyTest {
  private static final int SPLITS = 3;
  private static final long ROWS = 3_000;
  private static final long KEYS = 17;
  private static final long STEP_MILLIS = 10;
  private static final long WINDOW_MILLIS = 1_000;
  private static final Duration WINDOW = Duration.ofMillis(WINDOW_MILLIS);
  private static final RegexCompiler NO_REGEX =
      pattern -> {
        throw new AssertionError("no regular expressions here");
      };

  private final FluxCoreService service = service();

  private static FluxCoreService service() {
    AtomicLong ids = new AtomicLong();
    return new JobControl(
        new Planner(
            ConnectorRegistry.of(List.of(), List.of()),
            new ConnectorServices(NO_REGEX),
            ExpressionContext.of(NO_REGEX),
            new BoundedSketches()),
        new EmbeddedRuntime(new InMemoryDeadLetters(10)),
        new InMemoryJobStore(),
        CheckpointStorage.inMemory(InstantSource.system()),
        InstantSource.system(),
        () -> JobId.of(0, ids.incrementAndGet()));
  }

  private static StreamTopology.Builder numbers() {
    return StreamTopology.builder()
        .source("numbers", SourceConfig.custom(new Numbers()).withTimestampField("time").build());
  }

  private JobId run(StreamTopology topology, int parallelism) throws InterruptedException {
    JobConfig config = JobConfig.builder().name("test").parallelism(parallelism).build();
    JobId id = service.submitJob(topology, config);
    assertThat(service.awaitEnd(id, Duration.ofMinutes(1)))
        .as(() -> String.valueOf(service.getJob(id).history()))
        .isEqualTo(JobStatus.FINISHED);
    return id;
  }

  /** One line for each window and key of the rows that the condition takes. */
  private static List<String> plainly(LongPredicate condition, LongUnaryOperator key) {
    TreeMap<String, long[]> groups = new TreeMap<>();
    for (long id = 0; id < ROWS; id++) {
      if (condition.test(id)) {
        long start = id * STEP_MILLIS / WINDOW_MILLIS * WINDOW_MILLIS;
        long[] group =
            groups.computeIfAbsent(key.applyAsLong(id) + " " + start, name -> new long[2]);
        group[0]++;
        group[1] += id;
      }
    }
    return groups.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue()[0] + " " + e.getValue()[1])
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void sketchesAndConditions_giveTheSameAtAnyParallelism(int parallelism)
      throws InterruptedException {
    Collected results = new Collected();
    run(
        numbers()
            .window("window", WindowConfig.tumbling().withDuration(WINDOW).build())
            .aggregate(
                "per-key",
                AggregateConfig.approximateCountDistinct("id")
                    .as("count")
                    .where("id % 2 = 0")
                    .quantile("id", 1)
                    .as("largest")
                    .where("id % 2 = 0")
                    .withGroupBy("key")
                    .build())
            .transform("some", TransformConfig.filter().withExpression("count > 0").build())
            .transform(
                "slim",
                TransformConfig.project()
                    .withFields("key", "window_start", "count")
                    .withField("largest", "cast(largest as bigint)")
                    .build())
            .sink("out", SinkConfig.custom(results).build())
            .build(),
        parallelism);
    TreeMap<String, long[]> groups = new TreeMap<>();
    for (long id = 0; id < ROWS; id += 2) {
      long start = id * STEP_MILLIS / WINDOW_MILLIS * WINDOW_MILLIS;
      long[] group = groups.computeIfAbsent(id % KEYS + " " + start, name -> new long[2]);
      group[0]++;
      group[1] = id;
    }
    assertThat(results.sorted())
        .isEqualTo(
            groups.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue()[0] + " " + e.getValue()[1])
                .sorted()
                .toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void windowPerKey_isTheSameAtAnyParallelism(int parallelism) throws InterruptedException {
    Collected results = new Collected();
    JobId id =
        run(
            numbers()
                .transform("even", TransformConfig.filter().withExpression("id % 2 = 0").build())
                .window("window", WindowConfig.tumbling().withDuration(WINDOW).build())
                .aggregate("per-key", AggregateConfig.count().sum("id").withGroupBy("key").build())
                .transform(
                    "slim",
                    TransformConfig.project()
                        .withFields("key", "window_start", "count", "sum_id")
                        .build())
                .sink("out", SinkConfig.custom(results).build())
                .build(),
            parallelism);
    assertThat(results.sorted()).isEqualTo(plainly(n -> n % 2 == 0, n -> n % KEYS));
    OperatorMetrics even =
        service.getJob(id).metrics().operators().stream()
            .filter(o -> o.operatorId().equals("even"))
            .findFirst()
            .orElseThrow();
    assertThat(even.counts().rowsIn()).isEqualTo(ROWS);
    assertThat(even.counts().filtered()).isEqualTo(ROWS / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void graphOfCodeRoutesAndUnions_losesNothing(int parallelism) throws InterruptedException {
    Collected windows = new Collected();
    Collected rest = new Collected();
    run(
        numbers()
            .source("more", SourceConfig.custom(new Numbers()).withTimestampField("time").build())
            .transform(
                "big",
                TransformConfig.filter().withPredicate(e -> e.getLong("id") >= 1000).build(),
                "more")
            .transform("route", TransformConfig.route().withBranch("odd", "id % 2 = 1").build())
            .transform("name", TransformConfig.rename().withField("key", "k").build(), "route.odd")
            .transform("key", TransformConfig.keyBy("k"))
            .window("window", WindowConfig.tumbling().withDuration(WINDOW).build())
            .aggregate("sums", AggregateConfig.count().sum("id").withGroupBy("k").build())
            .transform(
                "plain",
                TransformConfig.project()
                    .withFields("k", "window_start", "count", "sum_id")
                    .build())
            .sink("windows", SinkConfig.custom(windows).build())
            .transform("id", TransformConfig.project().withFields("id").build(), "numbers")
            .transform("id2", TransformConfig.map().withField("x", "id * 2").build(), "route")
            .transform("id3", TransformConfig.project().withField("id", "x / 2").build())
            .transform("all", TransformConfig.union(), "id", "id3")
            .sink("rest", SinkConfig.custom(rest).withParallelism(2).build())
            .build(),
        parallelism);
    assertThat(windows.sorted()).isEqualTo(plainly(n -> n >= 1000 && n % 2 == 1, n -> n % KEYS));
    List<String> expected = new ArrayList<>();
    for (long n = 0; n < ROWS; n++) {
      expected.add(Long.toString(n));
      if (n >= 1000 && n % 2 == 0) {
        expected.add(Long.toString(n));
      }
    }
    Collections.sort(expected);
    assertThat(rest.sorted()).isEqualTo(expected);
  }

  @Test
  void typedConditions_runAsTextAndAsCode() throws InterruptedException {
    Collected results = new Collected();
    Condition code = Condition.custom(e -> e.getLong("id") % 5 == 0);
    run(
        numbers()
            .transform("few", TransformConfig.filter().withCondition(lessThan("id", 100)).build())
            .transform(
                "some",
                TransformConfig.filter()
                    .withCondition(Condition.and(lessThan("id", 30), code))
                    .build())
            .transform("slim", TransformConfig.project().withFields("id").build())
            .sink("out", SinkConfig.custom(results).build())
            .build(),
        1);
    assertThat(results.sorted()).containsExactly("0", "10", "15", "20", "25", "5");
  }

  private static Condition lessThan(String field, long value) {
    return Condition.lessThan(field, value);
  }

  @Test
  void countOfEverything_readsNoFieldButTheTime() throws InterruptedException {
    Collected results = new Collected();
    run(
        numbers()
            .window("window", WindowConfig.tumbling().withDuration(WINDOW).build())
            .aggregate("count", AggregateConfig.count().build())
            .transform("slim", TransformConfig.project().withFields("count").build())
            .sink("out", SinkConfig.custom(results).build())
            .build(),
        2);
    assertThat(results.sorted())
        .hasSize((int) (ROWS * STEP_MILLIS / WINDOW_MILLIS))
        .containsOnly(Long.toString(WINDOW_MILLIS / STEP_MILLIS));
  }

  /** Rows (id, key = id modulo KEYS, time = id times STEP_MILLIS) in splits by id. */
  private static final class Numbers implements Source {
    @Override
    public Schema schema() {
      return Schema.builder()
          .field("id", DataType.LONG)
          .field("key", DataType.LONG)
          .field("time", DataType.LONG)
          .build();
    }

    @Override
    public boolean isBounded() {
      return true;
    }

    @Override
    public List<Split> discoverSplits() {
      List<Split> splits = new ArrayList<>();
      for (int i = 0; i < SPLITS; i++) {
        splits.add(new Split(Integer.toString(i)));
      }
      return splits;
    }

    @Override
    public SourceReader createReader(ReaderContext context) {
      return new NumbersReader(context.schema());
    }
  }

  private static final class NumbersReader implements SourceReader {
    private final Schema schema;
    private final Deque<Poll> polls = new ArrayDeque<>();

    NumbersReader(Schema schema) {
      this.schema = schema;
    }

    @Override
    public void assign(Source.Split split, @Nullable SplitPosition position) {
      int number = Integer.parseInt(split.id());
      for (long from = number; from < ROWS; from += 50 * SPLITS) {
        int count = (int) Math.min(50, (ROWS - from + SPLITS - 1) / SPLITS);
        polls.add(new Poll.Rows(split.id(), batch(from, count), new SplitPosition("" + from)));
      }
      polls.add(new Poll.EndOfSplit(split.id()));
    }

    private EventBatch batch(long from, int count) {
      Column[] columns = new Column[schema.size()];
      for (int c = 0; c < columns.length; c++) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
          values[i] = value(schema.field(c).name(), from + (long) i * SPLITS);
        }
        columns[c] = new LongColumn(count, values);
      }
      return EventBatch.of(schema, columns, new long[count], count);
    }

    private static long value(String field, long id) {
      return switch (field) {
        case "key" -> id % KEYS;
        case "time" -> id * STEP_MILLIS;
        default -> id;
      };
    }

    @Override
    public Poll poll(Duration maxWait) {
      Poll next = polls.poll();
      return next == null ? Poll.Nothing.INSTANCE : next;
    }

    @Override
    public void close() {}
  }

  /** Keeps each row as its values in a line, times as epoch milliseconds. */
  private static final class Collected implements Sink {
    private final List<String> rows = Collections.synchronizedList(new ArrayList<>());

    List<String> sorted() {
      return rows.stream().sorted().toList();
    }

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new SinkWriter() {
        @Override
        public void write(EventBatch batch, RecordFailures failures) {
          for (int i = 0; i < batch.size(); i++) {
            rows.add(line(batch, batch.row(i)));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
    }

    private static String line(EventBatch batch, int row) {
      List<String> values = new ArrayList<>();
      for (Column column : batch.columns()) {
        Object value = column.get(row);
        values.add(
            String.valueOf(value instanceof Instant instant ? instant.toEpochMilli() : value));
      }
      return String.join(" ", values);
    }
  }
}
