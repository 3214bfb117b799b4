package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.DeduplicateConfig;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.OverConfig;
import io.fluxcore.domain.topology.ProjectBuilder;
import io.fluxcore.domain.topology.SetConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopNConfig;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.infrastructure.embedded.Relations.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random topologies of several nodes with state over random rows, against {@link Relations}: at
 * parallelism 1 to 4, and gone on with at another one in the middle. What the changes at each end
 * come to is compared, however they came about.
 */
class RandomTopologyTest {
  private static final int CASES = 25;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MOST_ROWS = 600;

  /** The changes that came to an end of the topology. */
  private static final class Collected implements Sink {
    final List<String> changes = Collections.synchronizedList(new ArrayList<>());

    @Override
    public Changes takes() {
      return Changes.retracts(null);
    }

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new SinkWriter() {
        @Override
        public void write(EventBatch batch, RecordFailures failures) {
          for (int i = 0; i < batch.size(); i++) {
            changes.add(new EventCursor().moveTo(batch, batch.row(i)).copy().toString());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
    }
  }

  /**
   * The output of a node.
   *
   * @param rows what it is in the end; in their order where it is one of rows that are only added
   * @param isAppend whether rows are only added, those of a key in the order of their times
   */
  private record Stream(String name, List<Row> rows, boolean isAppend) {}

  /** A topology, what is fed to it, and what it must come to. */
  private static final class Draft {
    private final Random random;
    final List<FedSource> sources = new ArrayList<>();
    final List<List<long[]>> fed = new ArrayList<>();
    final Map<String, Collected> ends = new TreeMap<>();
    final Map<String, List<Row>> expected = new TreeMap<>();
    final List<Stream> streams = new ArrayList<>();
    private final Set<String> read = new HashSet<>();
    private final StreamTopology.Builder topology = StreamTopology.builder();
    private final List<String> words = new ArrayList<>();

    /** Sources whose rows replace each other, with all their rows. */
    private final Map<String, List<Row>> tables = new TreeMap<>();

    Draft(Random random) {
      this.random = random;
      for (int s = 0; s < 2 + random.nextInt(2); s++) {
        source(s, random.nextInt(3) == 0);
      }
      for (int n = 2 + random.nextInt(5); n > 0; n--) {
        node("n" + n);
      }
      for (Stream stream : streams) {
        if (!read.contains(stream.name())) {
          Collected end = new Collected();
          ends.put(stream.name(), end);
          expected.put(stream.name(), stream.rows());
          topology.sink("end-" + stream.name(), SinkConfig.custom(end).build(), stream.name());
        }
      }
    }

    StreamTopology build() {
      return topology.build();
    }

    @Override
    public String toString() {
      return String.join("\n", words);
    }

    /** Rows in the order of their times; those of an upsert source replace each other by key. */
    private void source(int s, boolean isUpsert) {
      FedSource source = new FedSource("a");
      List<long[]> all = new ArrayList<>();
      List<Row> rows = new ArrayList<>();
      Map<Long, Row> latest = new LinkedHashMap<>();
      int count = 5 + random.nextInt(25);
      for (int i = 0; i < count; i++) {
        long key = random.nextInt(5);
        Row row = new Row(key == 3 ? null : key, random.nextInt(9), i * 3L + s);
        all.add(new long[] {T + row.id(), key, row.v()});
        rows.add(row);
        latest.put(key, row);
      }
      sources.add(source);
      fed.add(all);
      String name = "s" + s;
      SourceConfig.Builder config = fed(source);
      topology.source(
          name + "-in", isUpsert ? config.withPrimaryKey("key").build() : config.build());
      topology.transform(
          name,
          TransformConfig.project()
              .withField("k", "nullif(key, 3)")
              .withField("v", "value")
              .withField("id", "time - " + T)
              .build(),
          name + "-in");
      if (isUpsert) {
        tables.put(name + "-in", rows);
      }
      List<Row> table = isUpsert ? new ArrayList<>(latest.values()) : rows;
      add(new Stream(name, table, !isUpsert), (isUpsert ? "upserts " : "rows ") + rows);
    }

    private void add(Stream stream, String what) {
      streams.add(stream);
      words.add(stream.name() + " = " + what + " -> " + stream.rows().size());
    }

    private Stream any() {
      Stream stream = streams.get(random.nextInt(streams.size()));
      read.add(stream.name());
      return stream;
    }

    private void node(String name) {
      Stream left = any();
      switch (random.nextInt(9)) {
        case 0 -> filter(name, left);
        case 1 -> set(name, left, any());
        case 2 -> aggregate(name, left);
        case 3 -> top(name, left);
        case 4 -> {
          if (left.isAppend()) {
            deduplicate(name, left);
          } else {
            aggregate(name, left);
          }
        }
        case 5 -> {
          if (left.isAppend()) {
            over(name, left);
          } else {
            top(name, left);
          }
        }
        case 6 -> {
          if (left.isAppend() && !tables.isEmpty()) {
            asOf(name, left);
          } else {
            join(name, left, any());
          }
        }
        default -> join(name, left, any());
      }
    }

    private void filter(String name, Stream in) {
      long least = random.nextInt(4);
      topology.transform(
          name, TransformConfig.filter().withExpression("v > " + least).build(), in.name());
      add(
          new Stream(
              name, in.rows().stream().filter(row -> row.v() > least).toList(), in.isAppend()),
          "filter " + in.name() + " v > " + least);
    }

    private void set(String name, Stream left, Stream right) {
      boolean intersects = random.nextBoolean();
      boolean all = random.nextBoolean();
      SetConfig.Builder set =
          intersects ? SetConfig.intersect("k", "v", "id") : SetConfig.except("k", "v", "id");
      topology.transform(name, all ? set.all().build() : set.build(), left.name(), right.name());
      List<Row> rows =
          Relations.set(
              (l, r) ->
                  all
                      ? intersects ? Math.min(l, r) : Math.max(0, l - r)
                      : l > 0 && intersects == r > 0 ? 1 : 0,
              left.rows(),
              right.rows());
      add(
          new Stream(name, rows, false),
          (intersects ? "intersect " : "except ")
              + (all ? "all " : "")
              + left.name()
              + ", "
              + right.name());
    }

    private void aggregate(String name, Stream in) {
      topology.aggregate(
          name + "-groups",
          AggregateConfig.builder().count().sum("v").max("v").min("v").withGroupBy("k").build(),
          in.name());
      topology.transform(
          name,
          TransformConfig.project()
              .withField("k")
              .withField("v", "sum_v + max_v - min_v")
              .withField("id", "count")
              .build(),
          name + "-groups");
      add(new Stream(name, Relations.aggregated(in.rows()), false), "aggregate " + in.name());
    }

    private void top(String name, Stream in) {
      int count = 1 + random.nextInt(4);
      boolean ranked = random.nextBoolean();
      TopNConfig.Builder top =
          TopNConfig.first(count).withKey("k").orderByDescending("v").orderBy("id");
      topology.transform(
          name + "-top", ranked ? top.withRank("r").build() : top.build(), in.name());
      topology.transform(
          name,
          TransformConfig.project()
              .withField("k")
              .withField("v")
              .withField("id", ranked ? "r" : "id")
              .build(),
          name + "-top");
      add(
          new Stream(name, Relations.top(count, ranked, in.rows()), false),
          "top " + count + (ranked ? " ranked " : " ") + in.name());
    }

    private void deduplicate(String name, Stream in) {
      boolean last = random.nextBoolean();
      topology.transform(
          name,
          (last ? DeduplicateConfig.last() : DeduplicateConfig.first()).withKey("k").build(),
          in.name());
      add(
          new Stream(name, Relations.deduplicated(last, in.rows()), !last),
          (last ? "last " : "first ") + in.name());
    }

    private void over(String name, Stream in) {
      int preceding = random.nextInt(4);
      int ahead = random.nextInt(3);
      OverConfig.Builder over =
          OverConfig.rows(preceding)
              .withKey("k")
              .lag("before", "v", 1)
              .aggregate(AggregateConfig.sum("v").build());
      topology.transform(
          name + "-over",
          ahead == 0 ? over.build() : over.lead("after", "v", ahead, 100L).build(),
          in.name());
      topology.transform(
          name,
          TransformConfig.project()
              .withField("k")
              .withField("v", "coalesce(before, 0) + sum_v" + (ahead == 0 ? "" : " + after"))
              .withField("id")
              .build(),
          name + "-over");
      add(
          new Stream(name, Relations.over(preceding, ahead, in.rows()), ahead == 0),
          "over " + in.name() + " of " + preceding + " before, ahead " + ahead);
    }

    /** With the version of a table at the time of the row. */
    private void asOf(String name, Stream left) {
      List<String> names = List.copyOf(tables.keySet());
      String table = names.get(random.nextInt(names.size()));
      boolean isOuter = random.nextBoolean();
      topology.join(
          name + "-join",
          JoinConfig.temporal()
              .withType(isOuter ? JoinType.LEFT : JoinType.INNER)
              .withOn("k", "key")
              .build(),
          left.name(),
          table);
      topology.transform(
          name,
          TransformConfig.project()
              .withField("k")
              .withField("v", "v + coalesce(right_value, 50)")
              .withField("id")
              .build(),
          name + "-join");
      add(
          new Stream(name, Relations.asOf(isOuter, left.rows(), tables.get(table)), false),
          (isOuter ? "left as-of " : "as-of ") + left.name() + ", " + table);
    }

    /** Within times, if both inputs have some; of all rows otherwise, or by the way. */
    private void join(String name, Stream left, Stream right) {
      JoinType type = JoinType.values()[random.nextInt(JoinType.values().length)];
      boolean conditional = random.nextBoolean();
      BiPredicate<Row, Row> condition = (l, r) -> !conditional || l.v() <= r.v();
      JoinConfig.JoinBuilder join = JoinConfig.unbounded();
      String bound = "";
      int kind = left.isAppend() && right.isAppend() ? random.nextInt(3) : 0;
      if (kind == 1) {
        long lower = random.nextInt(30) - 20L;
        long upper = lower + random.nextInt(30);
        join = JoinConfig.interval(Duration.ofMillis(lower), Duration.ofMillis(upper));
        bound = "[" + lower + ", " + upper + "] ";
        condition = condition.and((l, r) -> r.id() - l.id() >= lower && r.id() - l.id() <= upper);
      } else if (kind == 2) {
        long size = 1 + random.nextInt(40);
        join =
            JoinConfig.window(
                WindowConfig.tumbling()
                    .withDuration(Duration.ofMillis(size))
                    .withOffset(Duration.ofMillis(T % size))
                    .build());
        bound = "per " + size + " ";
        condition = condition.and((l, r) -> l.id() / size == r.id() / size);
      }
      List<Row> rows = Relations.join(type, condition, left.rows(), right.rows());
      if (rows.size() > MOST_ROWS) {
        filter(name, left);
        return;
      }
      join.withType(type).withOn("k");
      topology.join(
          name + "-join",
          conditional ? join.withCondition("v <= right_v").build() : join.build(),
          left.name(),
          right.name());
      ProjectBuilder project = TransformConfig.project();
      if (type.givesPairs()) {
        project
            .withField("k", "coalesce(k, right_k)")
            .withField("v", "coalesce(v, 0) + coalesce(right_v, 0)")
            .withField("id", "(coalesce(id, 0) + coalesce(right_id, 0) * 7) % 10007");
      } else {
        project.withField("k").withField("v").withField("id");
      }
      topology.transform(name, project.build(), name + "-join");
      add(
          new Stream(name, rows, false),
          type + " join " + bound + (conditional ? "if " : "") + left.name() + ", " + right.name());
    }
  }

  private static void feed(Draft draft, int share, int shares) {
    for (int s = 0; s < draft.sources.size(); s++) {
      List<long[]> rows = draft.fed.get(s);
      for (int i = rows.size() * share / shares; i < rows.size() * (share + 1) / shares; i++) {
        long[] row = rows.get(i);
        draft.sources.get(s).feed("a", row[0], row[1], row[2]);
      }
    }
  }

  private static void check(long seed) throws InterruptedException {
    Random random = new Random(seed);
    Draft draft = new Draft(random);
    int before = 1 + random.nextInt(4);
    int after = 1 + random.nextInt(4);
    String what = "seed " + seed + ", parallelism " + before + " then " + after + "\n" + draft;
    LiveJobs jobs = new LiveJobs();
    JobConfig.Builder config = LiveJobs.config();
    if (random.nextInt(3) == 0) {
      config.checkpointInterval(Duration.ofMillis(1)); // one is under way when the job is stopped
    }
    JobId id = jobs.run(draft.build(), config.parallelism(before).build());
    feed(draft, 0, 2);
    if (random.nextInt(3) > 0) {
      for (int s = 0; s < draft.sources.size(); s++) {
        String source = "s" + s + "-in";
        long half = draft.fed.get(s).size() / 2;
        await(
            () ->
                jobs.counts(id, source).rowsIn() >= half
                    || jobs.service.getJobStatus(id).isTerminal());
      }
    }
    JobConfig next = LiveJobs.config().version("2").parallelism(after).build();
    assertThat(jobs.service.submitJob(draft.build(), next)).as(what).isEqualTo(id);
    feed(draft, 1, 2);
    draft.sources.forEach(FedSource::end);
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).as(what).isEqualTo(JobStatus.FINISHED);
    draft.expected.forEach(
        (name, rows) -> {
          Map<String, Integer> found;
          try {
            found = Relations.materialised(draft.ends.get(name).changes);
          } catch (AssertionError e) {
            throw new AssertionError(what + "\nend " + name + ": " + e.getMessage(), e);
          }
          assertThat(found)
              .as("%s%nend %s%n%s", what, name, jobs.service.getJob(id).history())
              .isEqualTo(Relations.counted(rows));
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomTopology_comesToWhatItsTablesComeTo(long seed) throws InterruptedException {
    for (int i = 0; i < CASES; i++) {
      check(seed * 1_000_003 + i);
    }
  }
}
