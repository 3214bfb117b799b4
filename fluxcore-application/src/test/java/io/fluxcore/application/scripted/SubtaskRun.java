package io.fluxcore.application.scripted;

import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Stage;
import io.fluxcore.domain.operator.StageNode;
import io.fluxcore.domain.operator.StageOutput;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A stage of one subtask in a {@link ScriptedHost}, with the edges that leave it. */
final class SubtaskRun implements StageOutput {
  private final ScriptedHost host;
  private final PlannedStage planned;
  private final int subtask;
  private final Stage stage;
  private final List<OperatorContext> contexts = new ArrayList<>();
  private final List<PlannedEdge> edges;
  private final Map<SubtaskRun, Long> received = new HashMap<>();
  private long sent = Long.MIN_VALUE;
  private int emitted;
  private int asked;

  SubtaskRun(ScriptedHost host, PlannedStage planned, int subtask) {
    this.host = host;
    this.planned = planned;
    this.subtask = subtask;
    this.edges = host.plan().edgesFrom(planned.number());
    List<StageNode> nodes = new ArrayList<>();
    List<Ledger> ledgers = new ArrayList<>();
    for (PlannedOperator operator : planned.operators()) {
      Ledger ledger = new Ledger();
      ledgers.add(ledger);
      nodes.add(new StageNode(operator.operatorId(), operator.factory().get(), operator.ports()));
      contexts.add(context(operator, ledger));
    }
    this.stage = new Stage(nodes, ledgers, this);
  }

  private OperatorContext context(PlannedOperator operator, Ledger ledger) {
    int groups = ScriptedHost.MAX_PARALLELISM;
    return new OperatorContext(
        operator.operatorId(),
        subtask,
        planned.parallelism(),
        groups,
        host.variant()
            .backend()
            .create(KeyGroups.range(subtask, groups, planned.parallelism()), groups),
        ledger,
        host.failures());
  }

  void open() {
    stage.open(contexts);
  }

  void process(int node, int input, EventBatch batch) {
    stage.process(node, input, batch);
    finish();
  }

  /** The combined watermark of the input. */
  void arrived(long watermark) {
    stage.watermark(watermark);
    finish();
  }

  void processingTime(long nowMillis) {
    stage.processingTime(nowMillis);
    finish();
  }

  void flush() {
    stage.flush();
    finish();
  }

  void endOfInput() {
    stage.endOfInput();
    finish();
  }

  private void finish() {
    while (stage.hasMore()) {
      stage.resume();
    }
  }

  List<OperatorSnapshot> snapshot() {
    return stage.freeze(contexts, SnapshotFormat.CANONICAL).stream()
        .map(FrozenOperator::inMemory)
        .toList();
  }

  void restore(Map<String, OperatorSnapshot> snapshots) {
    stage.restore(contexts, snapshots);
  }

  void close() {
    stage.close();
    contexts.forEach(context -> context.state().close());
  }

  long sentWatermark() {
    return sent;
  }

  @Override
  public void emit(int edge, EventBatch batch) {
    PlannedEdge target = edges.get(edge);
    List<SubtaskRun> receivers = host.subtasks(target.to());
    if (target.partitioning() instanceof Partitioning.ByKey byKey) {
      emitByKey(batch, byKey.keyOrdinals(), target, receivers);
    } else {
      boolean forward = target.partitioning() instanceof Partitioning.Forward;
      int receiver = forward ? subtask : emitted++ % receivers.size();
      receivers.get(receiver).process(target.node(), target.input(), batch);
    }
  }

  private static void emitByKey(
      EventBatch batch, int[] ordinals, PlannedEdge target, List<SubtaskRun> receivers) {
    Column[] keys = new Column[ordinals.length];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = batch.column(ordinals[k]);
    }
    Map<Integer, List<Integer>> rows = new TreeMap<>();
    Map<Integer, int[]> groups = new HashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      int[] row = {batch.row(i)};
      long[] hash = new long[1];
      KeyHash.ofRows(keys, row, 1, hash);
      int group = KeyGroups.ofHash(hash[0], ScriptedHost.MAX_PARALLELISM);
      int receiver = KeyGroups.subtask(group, ScriptedHost.MAX_PARALLELISM, receivers.size());
      rows.computeIfAbsent(receiver, r -> new ArrayList<>()).add(row[0]);
      groups.merge(
          receiver,
          new int[] {group, group},
          (a, b) -> new int[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
    }
    rows.forEach(
        (receiver, own) -> {
          int[] selected = own.stream().mapToInt(Integer::intValue).toArray();
          int[] range = groups.get(receiver);
          EventBatch part =
              batch.gather(selected, selected.length).withKeyGroups(range[0], range[1]);
          receivers.get(receiver).process(target.node(), target.input(), part);
        });
  }

  @Override
  public void watermark(long watermark) {
    sent = watermark;
    edges.stream()
        .map(PlannedEdge::to)
        .distinct()
        .forEach(to -> host.subtasks(to).forEach(receiver -> receiver.received(this, watermark)));
    host.forwarded(planned);
  }

  /** The least watermark of all senders counts. */
  private void received(SubtaskRun sender, long watermark) {
    received.put(sender, watermark);
    long least = Long.MAX_VALUE;
    for (SubtaskRun each : host.sendersTo(planned)) {
      least = Math.min(least, received.getOrDefault(each, Long.MIN_VALUE));
    }
    arrived(least);
  }

  @Override
  public boolean hasCapacity() {
    return !host.variant().isSlow() || asked++ % 2 == 0;
  }
}
