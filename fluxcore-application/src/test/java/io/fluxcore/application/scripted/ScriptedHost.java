package io.fluxcore.application.scripted;

import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.state.CanonicalSnapshot;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.time.TimestampAssigner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Runs a plan on one thread, a step of a script at a time: what one step causes has happened before
 * the next. A row is a batch of its own where the script does not say otherwise. Batches go to the
 * subtasks of the source in turn; watermarks and the clock to all.
 */
public final class ScriptedHost implements AutoCloseable {
  public static final int MAX_PARALLELISM = 128;

  private static final int MOST_RESTARTS = 400;

  private final IntFunction<ExecutionPlan> plans;
  private final Variant variant;
  private final Transcript transcript;
  private ExecutionPlan plan;
  private List<List<SubtaskRun>> stages = List.of();
  private final Map<String, Step.Watermark> watermarks = new LinkedHashMap<>();
  private final Map<String, Long> largestTimes = new HashMap<>();
  private int restarts;
  private int batches;
  private long now;

  /**
   * A host that has started.
   *
   * @param plans the plan for a number of subtasks
   */
  public ScriptedHost(IntFunction<ExecutionPlan> plans, Variant variant, Transcript transcript) {
    this.plans = plans;
    this.variant = variant;
    this.transcript = transcript;
    start();
    everySubtask(subtask -> subtask.processingTime(now));
  }

  /** Runs a script to its end; state of long ones is restored after every so many steps. */
  public static void run(
      IntFunction<ExecutionPlan> plans, Variant variant, Transcript transcript, List<Step> script) {
    try (ScriptedHost host = new ScriptedHost(plans, variant, transcript)) {
      int interval = 1 + script.size() / MOST_RESTARTS;
      int taken = 0;
      for (Step step : script) {
        host.take(step);
        boolean isDue = ++taken % interval == 0 && !(step instanceof Step.EndOfInput);
        if (variant.restoresAfterEachStep() && isDue) {
          host.snapshotAndRestore();
        }
      }
    }
  }

  private void start() {
    List<Integer> parallelisms = variant.parallelisms();
    plan = plans.apply(parallelisms.get(restarts++ % parallelisms.size()));
    stages = new ArrayList<>();
    for (PlannedStage stage : plan.stages()) {
      List<SubtaskRun> subtasks = new ArrayList<>();
      for (int subtask = 0; subtask < stage.parallelism(); subtask++) {
        subtasks.add(new SubtaskRun(this, stage, subtask));
      }
      stages.add(subtasks);
    }
    everySubtask(SubtaskRun::open);
  }

  private interface Action {
    void on(SubtaskRun subtask);
  }

  /** In the order of the stages, so that what one sends is there before the next is asked. */
  private void everySubtask(Action action) {
    for (List<SubtaskRun> stage : stages) {
      stage.forEach(action::on);
    }
  }

  private void everySource(Action action) {
    for (PlannedStage stage : sources("")) {
      stages.get(stage.number()).forEach(action::on);
    }
  }

  /** The stages of the source of a name, or of all sources if it is empty. */
  private List<PlannedStage> sources(String name) {
    return plan.stages().stream()
        .filter(stage -> stage.source() != null)
        .filter(stage -> name.isEmpty() || stage.source().operatorId().equals(name))
        .toList();
  }

  private void take(Step step) {
    if (step instanceof Step.Row row) {
      arrive(row.source(), List.of(row));
    } else if (step instanceof Step.Batch batch) {
      arrive(batch.source(), batch.rows());
    } else if (step instanceof Step.Watermark watermark) {
      watermarks.put(watermark.source(), watermark);
      send(watermark);
    } else if (step instanceof Step.ProcessingTime time) {
      now = time.nowMillis();
      everySubtask(subtask -> subtask.processingTime(now));
    } else if (step instanceof Step.SnapshotRestore) {
      snapshotAndRestore();
    } else if (step instanceof Step.NewSources) {
      watermarks.clear();
      largestTimes.clear();
    } else {
      transcript.end();
      everySource(subtask -> subtask.arrived(Long.MAX_VALUE));
      everySubtask(SubtaskRun::endOfInput);
    }
  }

  private void send(Step.Watermark watermark) {
    for (PlannedStage stage : sources(watermark.source())) {
      stages.get(stage.number()).forEach(subtask -> subtask.arrived(watermark.watermark()));
    }
  }

  private void arrive(String source, List<Step.Row> arriving) {
    for (PlannedStage stage : sources(source)) {
      EventBatch batch = batch(stage.source().schema(), arriving);
      List<SubtaskRun> subtasks = stages.get(stage.number());
      SubtaskRun subtask = subtasks.get(batches % subtasks.size());
      if (tellsTime(stage.source())) {
        arriveInTime(stage.source(), subtask, batch);
      } else {
        subtask.process(0, 0, batch);
      }
    }
    batches++;
  }

  private static EventBatch batch(Schema schema, List<Step.Row> rows) {
    EventBatchBuilder batch = new EventBatchBuilder(schema, rows.size());
    for (Step.Row row : rows) {
      Object[] values = schema.fieldNames().stream().map(name -> row.values().get(name)).toArray();
      batch.row(row.kind(), row.timestamp(), values);
    }
    return batch.build();
  }

  private static boolean tellsTime(PlannedSource source) {
    return source.timestampField() != null || source.timestamp() != null;
  }

  /** Gives a row the time that its source says, and sends the watermark that the row makes. */
  private void arriveInTime(PlannedSource source, SubtaskRun subtask, EventBatch batch) {
    TimestampAssigner times =
        new TimestampAssigner(
            source.time(),
            source.schema(),
            source.timestampField(),
            source.timestamp() == null ? null : source.timestamp().get()::evaluate,
            source.watermarks().withMaxFuture(null));
    EventBatch timed =
        times.assign(batch, now, (row, error) -> transcript.failed(error.getMessage()));
    if (!timed.isEmpty()) {
      subtask.process(0, 0, timed);
      long largest =
          Math.max(times.largest(), largestTimes.getOrDefault(source.operatorId(), Long.MIN_VALUE));
      largestTimes.put(source.operatorId(), largest);
      take(
          new Step.Watermark(
              source.operatorId(),
              largest - source.watermarks().maxOutOfOrderness().toMillis() - 1));
    }
  }

  private void snapshotAndRestore() {
    everySubtask(SubtaskRun::flush);
    List<OperatorSnapshot> parts = new ArrayList<>();
    everySubtask(subtask -> parts.addAll(subtask.snapshot()));
    JobSnapshot snapshot = copy(JobSnapshot.of(restarts, MAX_PARALLELISM, parts));
    close();
    start();
    Map<String, OperatorSnapshot> operators = snapshot.operators();
    everySubtask(subtask -> subtask.restore(operators));
    everySubtask(subtask -> subtask.processingTime(now));
    watermarks.values().forEach(this::send); // sources know how far they are
  }

  /** Through the bytes of the canonical format. */
  private static JobSnapshot copy(JobSnapshot snapshot) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CanonicalSnapshot.write(snapshot, bytes);
      return CanonicalSnapshot.read(new ByteArrayInputStream(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Variant variant() {
    return variant;
  }

  /** Rows that cannot be processed are noted, and the case goes on. */
  RecordFailures failures() {
    return (batch, row, error) -> transcript.failed(error.getMessage());
  }

  ExecutionPlan plan() {
    return plan;
  }

  List<SubtaskRun> subtasks(int stage) {
    return stages.get(stage);
  }

  /** Those whose watermarks a subtask of a stage waits for. */
  List<SubtaskRun> sendersTo(PlannedStage stage) {
    List<SubtaskRun> senders = new ArrayList<>();
    plan.edges().stream()
        .filter(edge -> edge.to() == stage.number())
        .map(PlannedEdge::from)
        .distinct()
        .forEach(from -> senders.addAll(stages.get(from)));
    return senders;
  }

  /** A subtask has handed on a watermark; those that write results tell the transcript. */
  void forwarded(PlannedStage stage) {
    boolean writesResults =
        stage.operators().stream()
            .anyMatch(operator -> operator.operatorId().equals(ScriptedTopology.RESULTS));
    if (writesResults) {
      long least = Long.MAX_VALUE;
      for (SubtaskRun subtask : stages.get(stage.number())) {
        least = Math.min(least, subtask.sentWatermark());
      }
      transcript.forwarded(least);
    }
  }

  @Override
  public void close() {
    everySubtask(SubtaskRun::close);
  }
}
