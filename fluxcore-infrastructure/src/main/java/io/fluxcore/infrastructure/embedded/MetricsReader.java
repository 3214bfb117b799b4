package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.HistogramSummary;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.operator.Histogram;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.task.SourceTask;
import io.fluxcore.infrastructure.embedded.task.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Reads a job's metrics from its tasks. Thread-safe. */
final class MetricsReader {
  /** Shares of time are those of the last interval of at least this length. */
  private static final long SAMPLE_NANOS = 500_000_000;

  private static final double MICROS_PER_MILLI = 1_000;
  private static final int PER_MILLE = 1_000;

  private final JobSetting setting;
  private final Map<Task, Load> loads = new HashMap<>();
  private @Nullable Attempt attempt;
  private JobMetrics last = JobMetrics.EMPTY;
  private List<EmbeddedJob.EdgeReading> lastEdges = List.of();
  private int restarts;
  private long checkpoints;
  private long failedCheckpoints;

  /** How a task spent its time. */
  private static final class Load {
    long sampledNanos;
    long idleNanos;
    long backPressuredNanos;
    int idle;
    int backPressured;
    int busy;
  }

  MetricsReader(JobSetting setting) {
    this.setting = setting;
  }

  synchronized void attempt(Attempt started) {
    attempt = started;
    loads.clear();
    long now = System.nanoTime();
    for (Task task : started.tasks()) {
      Load load = new Load();
      load.sampledNanos = now;
      loads.put(task, load);
    }
  }

  synchronized void restarted() {
    restarts++;
  }

  synchronized void checkpointed() {
    checkpoints++;
  }

  synchronized void checkpointFailed() {
    failedCheckpoints++;
  }

  /** The job is over: keeps the last reading and lets go of the tasks. */
  synchronized void freeze() {
    last = read();
    lastEdges = edges();
    attempt = null;
    loads.clear();
  }

  synchronized JobMetrics read() {
    Attempt current = attempt;
    if (current == null) {
      return new JobMetrics(
          last.operators(), last.endToEndLatency(), restarts, checkpoints, failedCheckpoints);
    }
    loads.forEach(MetricsReader::sample);
    List<OperatorMetrics> operators = new ArrayList<>();
    List<Histogram> latencies = new ArrayList<>();
    for (PlannedStage stage : setting.plan().stages()) {
      List<Task> tasks =
          current.tasks().stream().filter(t -> t.stageNumber() == stage.number()).toList();
      tasks.forEach(task -> latencies.add(task.latencyMicros()));
      PlannedSource source = stage.source();
      if (source != null) {
        operators.add(
            operator(
                source.operatorId(),
                stage,
                tasks,
                tasks.stream().map(task -> ((SourceTask) task).ledger()).toList()));
      }
      for (int i = 0; i < stage.operators().size(); i++) {
        int node = i;
        operators.add(
            operator(
                stage.operators().get(i).operatorId(),
                stage,
                tasks,
                tasks.stream().map(t -> t.operators().contexts().get(node).ledger()).toList()));
      }
    }
    last = new JobMetrics(operators, latency(latencies), restarts, checkpoints, failedCheckpoints);
    return last;
  }

  private OperatorMetrics operator(
      String operatorId, PlannedStage stage, List<Task> tasks, List<Ledger> ledgers) {
    Ledger.Counts counts =
        ledgers.stream().map(Ledger::counts).reduce(Ledger.Counts.ZERO, Ledger.Counts::plus);
    long watermark = tasks.stream().mapToLong(Task::watermark).min().orElse(Long.MIN_VALUE);
    boolean open = watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE;
    Histogram.Reading sizes = Histogram.read(ledgers.stream().map(Ledger::batchRows).toList());
    return new OperatorMetrics(
        operatorId,
        stage.number(),
        stage.parallelism(),
        counts,
        largest(tasks, load -> load.busy),
        largest(tasks, load -> load.backPressured),
        largest(tasks, load -> load.idle),
        watermark,
        open ? Math.max(0, setting.clock().millis() - watermark) : -1,
        new HistogramSummary(sizes.count(), sizes.mean(), sizes.p50(), sizes.p99(), sizes.max()));
  }

  private int largest(List<Task> tasks, ToIntFunction<Load> share) {
    int largest = 0;
    for (Task task : tasks) {
      Load load = loads.get(task);
      largest = load == null ? largest : Math.max(largest, share.applyAsInt(load));
    }
    return largest;
  }

  private static void sample(Task task, Load load) {
    long now = System.nanoTime();
    long elapsed = now - load.sampledNanos;
    if (elapsed < SAMPLE_NANOS && load.idle + load.backPressured + load.busy > 0) {
      return;
    }
    long idle = task.times().idleNanos();
    long backPressured = task.times().backPressuredNanos();
    load.idle = perMille(idle - load.idleNanos, elapsed, PER_MILLE);
    load.backPressured =
        perMille(backPressured - load.backPressuredNanos, elapsed, PER_MILLE - load.idle);
    load.busy = PER_MILLE - load.idle - load.backPressured;
    load.sampledNanos = now;
    load.idleNanos = idle;
    load.backPressuredNanos = backPressured;
  }

  private static int perMille(long part, long whole, int most) {
    return whole <= 0 ? 0 : (int) Math.min(most, part * PER_MILLE / whole);
  }

  private static HistogramSummary latency(List<Histogram> micros) {
    Histogram.Reading reading = Histogram.read(micros);
    return new HistogramSummary(
        reading.count(),
        reading.mean() / MICROS_PER_MILLI,
        millis(reading.p50()),
        millis(reading.p99()),
        millis(reading.max()));
  }

  private static long millis(long micros) {
    return (long) Math.ceil(micros / MICROS_PER_MILLI);
  }

  synchronized List<EmbeddedJob.EdgeReading> edges() {
    Attempt current = attempt;
    if (current == null) {
      return lastEdges;
    }
    List<EmbeddedJob.EdgeReading> readings = new ArrayList<>();
    for (Attempt.EdgeChannels edge : current.edges()) {
      long received = edge.channels().stream().mapToLong(Channel::takenRows).sum();
      long sent = edge.channels().stream().mapToLong(Channel::sentRows).sum();
      readings.add(
          new EmbeddedJob.EdgeReading(edge.edge().from(), edge.edge().to(), sent, received));
    }
    return readings;
  }
}
