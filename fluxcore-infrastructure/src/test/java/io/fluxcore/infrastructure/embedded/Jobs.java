package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.planner.ExecutionPlan.RowInput;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.StageNode;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Plans and configurations for tests of the runtime. */
final class Jobs {
  static final long LONG_SECONDS = 60;
  private static final AtomicLong IDS = new AtomicLong();

  private final List<PlannedStage> stages = new ArrayList<>();
  private final List<PlannedEdge> edges = new ArrayList<>();
  ErrorPolicy errors = ErrorPolicy.FAIL;
  WatermarkStrategy watermarks = WatermarkStrategy.monotonous().withMaxFuture(null);
  TimeCharacteristic time = TimeCharacteristic.EVENT;

  static JobId id() {
    return JobId.of(1, IDS.incrementAndGet());
  }

  static JobConfig.Builder config(int parallelism) {
    return JobConfig.builder().name("test").parallelism(parallelism);
  }

  /** Passes batches on. */
  static final class Pass implements Operator {
    @Override
    public void process(int input, EventBatch batch, Output out) {
      out.emit(batch);
    }

    @Override
    public void open(OperatorContext context) {}
  }

  /** Throws at the first row with this id, as often as the counter says. */
  static final class FailAt implements Operator {
    private final long id;
    private final AtomicLong times;

    FailAt(long id, AtomicLong times) {
      this.id = id;
      this.times = times;
    }

    @Override
    public void open(OperatorContext context) {}

    @Override
    public void process(int input, EventBatch batch, Output out) {
      for (int i = 0; i < batch.size(); i++) {
        if (Long.valueOf(id).equals(batch.column(0).get(batch.row(i)))
            && times.getAndDecrement() > 0) {
          throw new IllegalStateException("failure on purpose at " + id);
        }
      }
      out.emit(batch);
    }
  }

  /** A stage headed by a source; what leaves it goes to edge 0. */
  Jobs source(String name, Source source, int parallelism, List<Supplier<Operator>> operators) {
    PlannedSource planned =
        new PlannedSource(
            name,
            name,
            source,
            ScriptedSource.SCHEMA,
            false,
            null,
            time,
            null,
            watermarks,
            errors,
            true);
    stages.add(new PlannedStage(stages.size(), parallelism, planned, chain(name, operators, true)));
    return this;
  }

  /** A stage fed by edges. */
  Jobs stage(String name, int parallelism, boolean last, List<Supplier<Operator>> operators) {
    stages.add(new PlannedStage(stages.size(), parallelism, null, chain(name, operators, !last)));
    return this;
  }

  Jobs edge(int from, int to, Partitioning partitioning) {
    edges.add(new PlannedEdge(from, to, 0, 0, partitioning, ScriptedSource.SCHEMA));
    return this;
  }

  ExecutionPlan plan() {
    return new ExecutionPlan(stages, edges);
  }

  private List<PlannedOperator> chain(
      String name, List<Supplier<Operator>> operators, boolean leads) {
    List<PlannedOperator> chain = new ArrayList<>();
    for (int i = 0; i < operators.size(); i++) {
      boolean last = i == operators.size() - 1;
      List<StageNode.Target> main = new ArrayList<>();
      if (!last) {
        main.add(new StageNode.Inside(i + 1, 0));
      } else if (leads) {
        main.add(new StageNode.Outside(0));
      }
      chain.add(
          new PlannedOperator(
              name + "-" + i,
              name,
              operators.get(i),
              List.of(main),
              errors,
              true,
              new RowInput(0, ScriptedSource.SCHEMA, null)));
    }
    return chain;
  }

  static Supplier<Operator> sink(Sink sink) {
    return () -> new SinkOperator(sink);
  }

  /** source → by key → count → sink. */
  static Jobs counting(ScriptedSource source, TransactionalSink sink, int parallelism) {
    return counting(source, sink, parallelism, Pass::new);
  }

  static Jobs counting(
      ScriptedSource source, TransactionalSink sink, int parallelism, Supplier<Operator> middle) {
    return new Jobs()
        .source("source", source, parallelism, List.of(middle))
        .stage("count", parallelism, true, List.of(() -> new CountByKey(1), sink(sink)))
        .edge(0, 1, new Partitioning.ByKey(new int[] {1}));
  }

  /** What {@link CountByKey} must give. */
  static List<String> expectedCounts(ScriptedSource source) {
    long[] counts = new long[(int) source.keys];
    long[] sums = new long[(int) source.keys];
    for (long id = 0; id < source.splits * source.rowsPerSplit; id++) {
      counts[(int) (id % source.keys)]++;
      sums[(int) (id % source.keys)] += id;
    }
    List<String> rows = new ArrayList<>();
    for (int key = 0; key < source.keys; key++) {
      if (counts[key] > 0) {
        rows.add(key + " " + counts[key] + " " + sums[key] + " ");
      }
    }
    return rows.stream().sorted().toList();
  }

  /** Writes down what it is told. */
  static final class Log implements JobListener {
    final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void running() {
      events.add("running");
    }

    @Override
    public void checkpointed(CheckpointSummary checkpoint) {
      events.add("checkpointed");
    }

    @Override
    public void checkpointFailed(long checkpointId, String reason) {
      events.add("checkpointFailed");
    }

    @Override
    public void failed(String operatorId, Throwable failure) {
      events.add("failed " + operatorId);
    }

    @Override
    public void restarting(Duration delay) {
      events.add("restarting");
    }

    @Override
    public void starting() {
      events.add("starting");
    }

    @Override
    public void ended(JobEnd end) {
      events.add("ended " + end.kind());
    }
  }
}
