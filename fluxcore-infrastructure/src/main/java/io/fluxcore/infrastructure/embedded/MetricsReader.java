package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.HistogramSummary;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobMetrics.LastCheckpoint;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.JobProgress.LastError;
import io.fluxcore.application.runtime.JobProgress.SplitProgress;
import io.fluxcore.application.runtime.JobProgress.WindowProgress;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.operator.Histogram;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.task.SourceTask;
import io.fluxcore.infrastructure.embedded.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Reads a job's metrics and its progress from its tasks. Thread-safe. */
final class MetricsReader {
  /** Shares of time are those of the last interval of at least this length. */
  private static final long SAMPLE_NANOS = 500_000_000;

  private static final double MICROS_PER_MILLI = 1_000;
  private static final double MILLIS_PER_SECOND = 1_000;
  private static final int PER_MILLE = 1_000;

  /** Names of numbers whose rates are wanted: what, then the operator. */
  private static final String ROWS_IN = "in ";

  private static final String ROWS_OUT = "out ";
  private static final String WATERMARK = "watermark ";

  private final JobSetting setting;
  private final Map<Task, Load> loads = new HashMap<>();
  private final Rates rates = new Rates();
  private final EarlierAttempts earlier = new EarlierAttempts();
  private @Nullable Attempt attempt;
  private JobMetrics last = JobMetrics.EMPTY;
  private JobProgress lastProgress = JobProgress.NONE;
  private List<EmbeddedJob.EdgeReading> lastEdges = List.of();
  private @Nullable Instant runningSince;
  private @Nullable LastCheckpoint lastCheckpoint;
  private int restarts;
  private long checkpoints;
  private long failedCheckpoints;

  /** How a task spent its time. */
  private static final class Load {
    long sampledNanos;
    long idleNanos;
    long backPressuredNanos;
    long heldNanos;
    int idle;
    int held;
    int backPressured;
    int busy;
  }

  /**
   * An operator, or a source, with the accounts of its subtasks.
   *
   * @param node its position in the stage; -1 for a source
   */
  private record Accounts(
      String operatorId,
      boolean isSource,
      PlannedStage stage,
      List<Task> tasks,
      int node,
      List<Ledger> ledgers) {
    Ledger.Counts counts() {
      return ledgers.stream().map(Ledger::counts).reduce(Ledger.Counts.ZERO, Ledger.Counts::plus);
    }
  }

  MetricsReader(JobSetting setting) {
    this.setting = setting;
  }

  synchronized void attempt(Attempt started) {
    attempt = started;
    loads.clear();
    rates.clear();
    long now = System.nanoTime();
    for (Task task : started.tasks()) {
      Load load = new Load();
      load.sampledNanos = now;
      loads.put(task, load);
    }
  }

  /** All tasks are open, with what they restored. */
  synchronized void running() {
    runningSince = setting.clock().instant();
    sample();
  }

  /** Takes note of what rates are reckoned from, if it is time for that. */
  synchronized void sample() {
    Attempt current = attempt;
    long now = setting.clock().millis();
    if (current == null || runningSince == null || !rates.isDue(now)) {
      return;
    }
    Map<String, Long> numbers = new HashMap<>();
    for (Accounts accounts : accounts(current)) {
      Ledger.Counts counts = accounts.counts();
      numbers.put(ROWS_IN + accounts.operatorId(), counts.rowsIn());
      numbers.put(ROWS_OUT + accounts.operatorId(), counts.rowsOut());
    }
    for (WindowProgress window : windows(current, now)) {
      if (isOpen(window.watermark())) {
        numbers.put(WATERMARK + window.operatorId(), window.watermark());
      }
    }
    rates.sample(now, numbers);
  }

  synchronized void restarted() {
    restarts++;
  }

  synchronized void checkpointed(CheckpointSummary checkpoint) {
    checkpoints++;
    lastCheckpoint = new LastCheckpoint(setting.clock().instant(), checkpoint);
  }

  synchronized void checkpointFailed() {
    failedCheckpoints++;
  }

  /** The tasks have ended: keeps the last reading and lets go of them. */
  synchronized void attemptOver() {
    Attempt over = attempt;
    if (over == null) {
      return;
    }
    runningSince = null;
    rates.clear();
    lastProgress = progress();
    lastEdges = edges();
    last = read();
    for (Accounts accounts : accounts(over)) {
      earlier.add(accounts.operatorId(), accounts.counts(), accounts.ledgers());
    }
    over.tasks().forEach(task -> earlier.addLatency(task.latencyMicros()));
    attempt = null;
    loads.clear();
  }

  /**
   * What the attempt at hand has counted.
   *
   * @param rowsRead by sources
   * @param failed in all operators
   */
  record Totals(long rowsRead, long failed) {}

  synchronized Totals totals() {
    Attempt current = attempt;
    long rows = 0;
    long failed = 0;
    for (Accounts accounts : current == null ? List.<Accounts>of() : accounts(current)) {
      rows += accounts.isSource() ? accounts.counts().rowsIn() : 0;
      failed += accounts.counts().failed();
    }
    return new Totals(rows, failed);
  }

  synchronized JobMetrics read() {
    Attempt current = attempt;
    if (current == null) {
      return metrics(last.operators(), last.endToEndLatency(), 0);
    }
    sample();
    loads.forEach(MetricsReader::sample);
    List<OperatorMetrics> operators = new ArrayList<>();
    double rowsInPerSecond = 0;
    for (Accounts accounts : accounts(current)) {
      OperatorMetrics operator = operator(accounts);
      operators.add(operator);
      rowsInPerSecond += accounts.isSource() ? operator.rowsInPerSecond() : 0;
    }
    List<Histogram> latencies = new ArrayList<>();
    latencies.add(earlier.latencyMicros());
    current.tasks().forEach(task -> latencies.add(task.latencyMicros()));
    last = metrics(operators, latency(latencies), rowsInPerSecond);
    return last;
  }

  private JobMetrics metrics(
      List<OperatorMetrics> operators, HistogramSummary latency, double rowsInPerSecond) {
    Instant since = runningSince;
    return new JobMetrics(
        operators,
        latency,
        restarts,
        checkpoints,
        failedCheckpoints,
        since,
        since == null ? Duration.ZERO : Duration.between(since, setting.clock().instant()),
        rowsInPerSecond,
        lastCheckpoint);
  }

  /** In the order of the plan. */
  private List<Accounts> accounts(Attempt current) {
    List<Accounts> all = new ArrayList<>();
    for (PlannedStage stage : setting.plan().stages()) {
      List<Task> tasks = tasks(current, stage);
      PlannedSource source = stage.source();
      if (source != null) {
        List<Ledger> ledgers = tasks.stream().map(task -> ((SourceTask) task).ledger()).toList();
        all.add(new Accounts(source.operatorId(), true, stage, tasks, -1, ledgers));
      }
      for (int i = 0; i < stage.operators().size(); i++) {
        int node = i;
        String id = stage.operators().get(i).operatorId();
        List<Ledger> ledgers = new ArrayList<>();
        tasks.forEach(t -> ledgers.add(t.operators().contexts().get(node).ledger()));
        SinkCommits.Committing committing = current.committing().get(id);
        if (committing != null) {
          ledgers.add(committing.ledger());
        }
        all.add(new Accounts(id, false, stage, tasks, i, ledgers));
      }
    }
    return all;
  }

  private static List<Task> tasks(Attempt current, PlannedStage stage) {
    return current.tasks().stream().filter(t -> t.stageNumber() == stage.number()).toList();
  }

  private OperatorMetrics operator(Accounts accounts) {
    Ledger.Counts counts = accounts.counts();
    List<Task> tasks = accounts.tasks();
    String id = accounts.operatorId();
    long now = setting.clock().millis();
    long watermark = tasks.stream().mapToLong(Task::watermark).min().orElse(Long.MIN_VALUE);
    List<Histogram> batches = new ArrayList<>();
    batches.add(earlier.batchRows(id));
    accounts.ledgers().forEach(ledger -> batches.add(ledger.batchRows()));
    Histogram.Reading sizes = Histogram.read(batches);
    return new OperatorMetrics(
        id,
        accounts.stage().number(),
        accounts.stage().parallelism(),
        earlier.shown(id, counts),
        largest(tasks, load -> load.busy),
        largest(tasks, load -> load.backPressured),
        largest(tasks, load -> load.idle),
        watermark,
        isOpen(watermark) ? Math.max(0, now - watermark) : -1,
        new HistogramSummary(sizes.count(), sizes.mean(), sizes.p50(), sizes.p99(), sizes.max()),
        accounts.isSource() ? largest(tasks, load -> load.held) : 0,
        rates.perSecond(ROWS_IN + id, now, counts.rowsIn()),
        rates.perSecond(ROWS_OUT + id, now, counts.rowsOut()),
        tasks.stream().mapToLong(task -> task.stateBytes(id)).sum(),
        accounts.isSource() ? known(tasks, SplitProgress::lagRecords) : -1,
        accounts.isSource()
            ? known(tasks, SplitProgress::lostRecords)
            : lostBySinks(tasks, accounts.node()),
        state(accounts),
        lookups(accounts));
  }

  /** Records of all splits of which it is known how many; -1 where there is none. */
  private static long known(List<Task> tasks, ToLongFunction<SplitProgress> records) {
    return sumOfKnown(
        tasks.stream().flatMap(task -> ((SourceTask) task).splits().stream()).mapToLong(records));
  }

  private static long lostBySinks(List<Task> tasks, int node) {
    return sumOfKnown(
        tasks.stream()
            .map(task -> task.operators().nodes().get(node).operator())
            .filter(SinkOperator.class::isInstance)
            .mapToLong(operator -> ((SinkOperator) operator).lostRecords()));
  }

  private static long sumOfKnown(LongStream numbers) {
    LongSummaryStatistics known = numbers.filter(number -> number >= 0).summaryStatistics();
    return known.getCount() == 0 ? -1 : known.getSum();
  }

  private static StateReading state(Accounts accounts) {
    return accounts.isSource()
        ? StateReading.EMPTY
        : accounts.tasks().stream()
            .map(task -> task.state(accounts.node()))
            .filter(Objects::nonNull)
            .reduce(StateReading.EMPTY, StateReading::plus);
  }

  private static LookupReading lookups(Accounts accounts) {
    return accounts.isSource()
        ? LookupReading.NONE
        : accounts.tasks().stream()
            .map(task -> task.lookups(accounts.node()))
            .filter(Objects::nonNull)
            .reduce(LookupReading.NONE, LookupReading::plus);
  }

  private static boolean isOpen(long watermark) {
    return watermark != Long.MIN_VALUE && watermark != Long.MAX_VALUE;
  }

  synchronized JobProgress progress() {
    Attempt current = attempt;
    if (current == null) {
      return lastProgress;
    }
    List<SplitProgress> splits = new ArrayList<>();
    List<LastError> errors = new ArrayList<>();
    for (Task task : current.tasks()) {
      if (task instanceof SourceTask source) {
        splits.addAll(source.splits());
        addIfAny(errors, source.lastError());
      }
      for (int node = 0; node < task.operators().nodes().size(); node++) {
        addIfAny(errors, task.lastError(node));
      }
    }
    return new JobProgress(splits, windows(current, setting.clock().millis()), errors);
  }

  private static void addIfAny(List<LastError> errors, @Nullable LastError error) {
    if (error != null) {
      errors.add(error);
    }
  }

  private List<WindowProgress> windows(Attempt current, long now) {
    List<WindowProgress> all = new ArrayList<>();
    for (PlannedStage stage : setting.plan().stages()) {
      List<Task> tasks = tasks(current, stage);
      for (int i = 0; i < stage.operators().size(); i++) {
        PlannedOperator operator = stage.operators().get(i);
        int node = i;
        List<WindowReading> readings =
            tasks.stream().map(task -> task.windows(node)).filter(Objects::nonNull).toList();
        if (!readings.isEmpty()) {
          all.add(window(operator.operatorId(), readings, now));
        }
      }
    }
    return all;
  }

  private WindowProgress window(String id, List<WindowReading> readings, long now) {
    long watermark =
        readings.stream().mapToLong(WindowReading::watermark).min().orElse(Long.MIN_VALUE);
    double perSecond = isOpen(watermark) ? rates.perSecond(WATERMARK + id, now, watermark) : 0;
    return new WindowProgress(
        id,
        readings.get(0).processingTime(),
        watermark,
        readings.stream().mapToLong(WindowReading::pending).sum(),
        readings.stream().mapToLong(WindowReading::nextFiring).min().orElse(Long.MAX_VALUE),
        perSecond / MILLIS_PER_SECOND);
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
    long held = task.times().heldNanos();
    load.idle = perMille(idle - load.idleNanos, elapsed, PER_MILLE);
    load.held = perMille(held - load.heldNanos, elapsed, load.idle);
    load.backPressured =
        perMille(backPressured - load.backPressuredNanos, elapsed, PER_MILLE - load.idle);
    load.busy = PER_MILLE - load.idle - load.backPressured;
    load.sampledNanos = now;
    load.idleNanos = idle;
    load.backPressuredNanos = backPressured;
    load.heldNanos = held;
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
