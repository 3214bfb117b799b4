package io.fluxcore.domain.operator;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Operators fused over the same batches: everything between two exchanges, for one subtask. Has the
 * same face whoever runs it: a host delivers batches, watermarks, processing time, flush and
 * snapshot or restore, all on one thread. The nodes are in topological order; control elements
 * visit them in that order, so that each operator sees a watermark after the rows that its
 * predecessors emitted for it, and no watermark that a predecessor still holds back.
 *
 * <p>The stage never blocks of itself. When an operator stops for lack of capacity, {@link
 * #hasMore()} is true, and the host calls {@link #resume()} until it is false before it delivers
 * anything else; in between it may serve a cancel. Batches for an operator that has stopped wait
 * before it: as many as its predecessors emit in one call without looking at {@link
 * Output#hasCapacity()}.
 *
 * <p>Completions of {@link AsyncCalls} are one more kind of delivery, which an operator may get
 * while others have more to do. While {@link #isSaturated()} the host delivers no rows but those
 * before a barrier, and {@link #resume()} gets nowhere before a completion.
 */
public final class Stage implements AutoCloseable {
  private static final int NO_CONTROL = -1;

  private final List<StageNode> nodes;
  private final Operator[] operators;
  private final Ledger[] ledgers;
  private final BatchTap[] received;
  private final NodeOutput[] outputs;
  private final StageOutput out;

  /** Batches that wait for a node which has stopped. */
  private final Deque<Waiting>[] waiting;

  /** The last watermark that each node was given, and what its predecessors let through. */
  private final long[] given;

  private final int[][] predecessors;

  private int controlAt = NO_CONTROL;
  private boolean controlIsHalfDone;
  private Control control = Control.FLUSH;
  private long controlValue;

  /** How many nodes, from the first, have been told of the end of input. */
  private int ended;

  private long watermark = Long.MIN_VALUE;
  private long sentWatermark = Long.MIN_VALUE;

  /** A batch and where it goes. */
  private record Waiting(int input, EventBatch batch) {}

  private enum Control {
    WATERMARK,
    PROCESSING_TIME,
    FLUSH,
    END_OF_INPUT
  }

  /**
   * A stage of these operators.
   *
   * @param nodes in topological order; node 0 takes the stage's input unless told otherwise
   * @param ledgers one per node
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public Stage(List<StageNode> nodes, List<Ledger> ledgers, StageOutput out) {
    if (nodes.isEmpty() || nodes.size() != ledgers.size()) {
      throw new IllegalArgumentException(nodes.size() + " nodes, " + ledgers.size() + " ledgers");
    }
    this.nodes = List.copyOf(nodes);
    this.operators = nodes.stream().map(StageNode::operator).toArray(Operator[]::new);
    this.ledgers = ledgers.toArray(Ledger[]::new);
    this.received = nodes.stream().map(StageNode::received).toArray(BatchTap[]::new);
    this.out = out;
    this.outputs = new NodeOutput[operators.length];
    this.waiting = new Deque[operators.length];
    this.given = new long[operators.length];
    Arrays.fill(given, Long.MIN_VALUE);
    for (int i = 0; i < operators.length; i++) {
      outputs[i] = new NodeOutput(i, nodes.get(i));
      waiting[i] = new ArrayDeque<>();
    }
    this.predecessors = predecessors();
  }

  /** For each node those that lead to it, directly or not. */
  private int[][] predecessors() {
    BitSet[] all = new BitSet[operators.length];
    Arrays.setAll(all, i -> new BitSet());
    for (int i = 0; i < operators.length; i++) {
      for (List<StageNode.Target> targets : nodes.get(i).ports()) {
        for (StageNode.Target target : targets) {
          if (target instanceof StageNode.Inside inside) {
            if (inside.node() <= i) {
              throw new IllegalArgumentException("node " + i + " leads back to " + inside.node());
            }
            all[inside.node()].or(all[i]);
            all[inside.node()].set(i);
          }
        }
      }
    }
    return Arrays.stream(all).map(set -> set.stream().toArray()).toArray(int[][]::new);
  }

  /** Opens every operator with the context of its node. */
  public void open(List<OperatorContext> contexts) {
    for (int i = 0; i < operators.length; i++) {
      operators[i].open(contexts.get(i));
    }
  }

  /** Delivers a batch to an input of a node. Only when {@link #hasMore()} is false. */
  public void process(int node, int input, EventBatch batch) {
    requireFinished();
    if (!batch.isEmpty()) {
      deliver(node, input, batch);
    }
  }

  private void deliver(int node, int input, EventBatch batch) {
    if (isBusy(node)) {
      waiting[node].add(new Waiting(input, batch.isBorrowed() ? copy(batch) : batch));
      return;
    }
    give(node, input, batch);
  }

  private void give(int node, int input, EventBatch batch) {
    ledgers[node].in(batch.size(), batch.estimatedBytes());
    received[node].see(batch);
    operators[node].process(input, batch, outputs[node]);
  }

  private static EventBatch copy(EventBatch batch) {
    int[] rows = new int[batch.size()];
    Arrays.setAll(rows, batch::row);
    return batch.gather(rows, rows.length);
  }

  /** Whether a node has stopped, or has batches waiting. */
  private boolean isBusy(int node) {
    return operators[node].hasMore() || !waiting[node].isEmpty();
  }

  private void requireFinished() {
    if (hasMore()) {
      throw new IllegalStateException("resume() first: a delivery is unfinished");
    }
  }

  /** Delivers the stage's combined input watermark; one that does not rise is ignored. */
  public void watermark(long newWatermark) {
    if (newWatermark > watermark) {
      requireFinished();
      watermark = newWatermark;
      start(Control.WATERMARK, newWatermark);
    }
  }

  /** How far one input of a node is, which the combined watermark does not tell. */
  public void inputWatermark(int node, int input, long newWatermark) {
    operators[node].inputWatermark(input, newWatermark);
  }

  /** The last input watermark; {@link Long#MIN_VALUE} before the first. */
  public long currentWatermark() {
    return watermark;
  }

  public void processingTime(long nowMillis) {
    start(Control.PROCESSING_TIME, nowMillis);
  }

  /**
   * Has operators emit what they hold for batching alone; done when {@link #hasMore()} is false.
   */
  public void flush() {
    start(Control.FLUSH, 0);
  }

  /**
   * The end of input goes as far as the first node whose rows wait for completions; it is said
   * again after each completion, until {@link #isEnded()}.
   */
  public void endOfInput() {
    start(Control.END_OF_INPUT, 0);
  }

  /** Whether all nodes have been told of the end of input, and no rows wait any more. */
  public boolean isEnded() {
    return ended == operators.length && !hasMore() && !awaitsCalls();
  }

  /** Whether rows wait for completions. */
  public boolean awaitsCalls() {
    return awaitsCallsBefore(operators.length);
  }

  private boolean awaitsCallsBefore(int node) {
    for (int i = 0; i < node; i++) {
      if (operators[i].awaitsCalls()) {
        return true;
      }
    }
    return false;
  }

  /** Whether no more rows should be delivered before a call has completed. */
  public boolean isSaturated() {
    return isAnySaturatedFrom(0);
  }

  private boolean isAnySaturatedFrom(int node) {
    for (int i = node; i < operators.length; i++) {
      if (operators[i].isSaturated()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a completion may be delivered to a node now, also while others have more to do. */
  public boolean takesCompletions(int node) {
    return !operators[node].hasMore();
  }

  /**
   * Delivers the completion of a call to the node that asked for it; then watermarks that were held
   * back for it go on.
   */
  public void complete(int node, Consumer<Output> completion) {
    if (!takesCompletions(node)) {
      throw new IllegalStateException("resume() first: node " + node + " has stopped");
    }
    completion.accept(outputs[node]);
    if (controlAt == NO_CONTROL) {
      control = Control.WATERMARK;
      controlAt = 0;
      controlIsHalfDone = false;
      if (!anyIsBusy()) {
        advance();
      }
    }
  }

  private void start(Control newControl, long value) {
    requireFinished();
    control = newControl;
    controlValue = value;
    controlAt = 0;
    controlIsHalfDone = false;
    advance();
  }

  /**
   * Takes the control element on from node to node until one has more to do. A node gets the
   * watermark first, as far as its predecessors let it through by now, then the element itself.
   */
  private void advance() {
    while (controlAt < operators.length) {
      int node = controlAt;
      if (controlIsHalfDone) {
        controlAt++;
        controlIsHalfDone = false;
        deliverControl(node);
      } else if (control == Control.END_OF_INPUT && awaitsCallsBefore(node)) {
        break;
      } else {
        controlIsHalfDone = true;
        raiseWatermark(node);
      }
      if (anyIsBusy()) {
        return;
      }
    }
    controlAt = NO_CONTROL;
    sendWatermark();
  }

  private void raiseWatermark(int node) {
    long allowed = watermark;
    for (int predecessor : predecessors[node]) {
      allowed = Math.min(allowed, operators[predecessor].heldWatermark());
    }
    if (allowed > given[node]) {
      given[node] = allowed;
      operators[node].watermark(allowed, outputs[node]);
    }
  }

  private void deliverControl(int node) {
    switch (control) {
      case WATERMARK -> {}
      case PROCESSING_TIME -> operators[node].processingTime(controlValue, outputs[node]);
      case FLUSH -> operators[node].flush(outputs[node]);
      case END_OF_INPUT -> {
        if (ended == node) {
          ended++;
          operators[node].endOfInput(outputs[node]);
        }
      }
    }
  }

  private void sendWatermark() {
    long allowed = watermark;
    for (Operator operator : operators) {
      allowed = Math.min(allowed, operator.heldWatermark());
    }
    if (allowed > sentWatermark) {
      sentWatermark = allowed;
      out.watermark(allowed);
    }
  }

  private boolean anyIsBusy() {
    for (int i = 0; i < operators.length; i++) {
      if (isBusy(i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the last delivery is unfinished: an operator stopped for lack of capacity. */
  public boolean hasMore() {
    return controlAt != NO_CONTROL || anyIsBusy();
  }

  /** Goes on with the unfinished delivery, from the last operator to the first. */
  public void resume() {
    for (int i = operators.length - 1; i >= 0; i--) {
      if (isBusy(i)) {
        resume(i);
        if (isBusy(i)) {
          return;
        }
        i = operators.length; // what it emitted may have given later ones more to do
      }
    }
    if (controlAt != NO_CONTROL) {
      advance();
    }
  }

  /** Has a node go on, then gives it what waits before it, until it stops again. */
  private void resume(int node) {
    if (operators[node].hasMore()) {
      operators[node].resume(outputs[node]);
    }
    while (!operators[node].hasMore() && !waiting[node].isEmpty()) {
      if (isAnyAfterBusy(node)) {
        return;
      }
      Waiting next = waiting[node].remove();
      give(node, next.input(), next.batch());
    }
  }

  private boolean isAnyAfterBusy(int node) {
    for (int i = node + 1; i < operators.length; i++) {
      if (isBusy(i)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes hold of the operator-wide and keyed state of every node. Only when {@link #hasMore()} is
   * false. Whoever is given the parts writes and closes them.
   */
  public List<FrozenOperator> freeze(List<OperatorContext> contexts, SnapshotFormat format) {
    requireFinished();
    List<FrozenOperator> result = new ArrayList<>();
    try {
      for (int i = 0; i < operators.length; i++) {
        OperatorSnapshot.Builder builder = OperatorSnapshot.builder(nodes.get(i).operatorId());
        operators[i].snapshot(builder);
        builder.meaning(operators[i].stateMeaning());
        FrozenState state = contexts.get(i).state().freeze(format);
        result.add(new FrozenOperator(builder.build(), state));
      }
      return result;
    } catch (RuntimeException e) {
      result.forEach(FrozenOperator::close);
      throw e;
    }
  }

  /** Restores each node from the snapshot of its operator, where there is one. */
  public void restore(List<OperatorContext> contexts, Map<String, OperatorSnapshot> snapshots) {
    for (int i = 0; i < operators.length; i++) {
      OperatorSnapshot snapshot = snapshots.get(nodes.get(i).operatorId());
      if (snapshot != null) {
        contexts.get(i).state().restore(snapshot);
        operators[i].restore(snapshot);
      }
    }
  }

  /** Whether no operator keeps a batch: see {@link Operator#keepsBatches()}. */
  public boolean keepsNoBatches() {
    for (Operator operator : operators) {
      if (operator.keepsBatches()) {
        return false;
      }
    }
    return true;
  }

  public List<StageNode> nodes() {
    return nodes;
  }

  /** What the windows of a node wait for, or null if it has none. */
  public @Nullable WindowReading windows(int node) {
    return operators[node].windows();
  }

  /** What is known of the states of a node, or null if it has none of its own. */
  public @Nullable StateReading state(int node) {
    return operators[node].state();
  }

  /** How a node gets on with a table outside, or null if it asks none. */
  public @Nullable LookupReading lookups(int node) {
    return operators[node].lookups();
  }

  /**
   * The state of one key of a node, which is not told in the middle of a delivery.
   *
   * @param key columns of one row
   */
  public List<KeyState> queryState(int node, Column[] key) {
    requireFinished();
    return operators[node].queryState(key);
  }

  /** Closes every operator, also when one of them throws. */
  @Override
  public void close() {
    RuntimeException first = null;
    for (Operator operator : operators) {
      try {
        operator.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Routes the ports of one node. */
  private final class NodeOutput implements Output {
    private final int node;
    private final BatchTap emitted;
    private final StageNode.Target[][] ports;

    NodeOutput(int node, StageNode stageNode) {
      this.node = node;
      this.emitted = stageNode.emitted();
      this.ports =
          stageNode.ports().stream()
              .map(targets -> targets.toArray(StageNode.Target[]::new))
              .toArray(StageNode.Target[][]::new);
    }

    @Override
    public void emit(int port, EventBatch batch) {
      if (batch.isEmpty()) {
        return;
      }
      ledgers[node].out(batch.size(), batch.estimatedBytes());
      if (port == 0) {
        emitted.see(batch);
      }
      if (port >= ports.length) {
        return;
      }
      for (StageNode.Target target : ports[port]) {
        if (target instanceof StageNode.Inside inside) {
          deliver(inside.node(), inside.input(), batch);
        } else if (target instanceof StageNode.Outside outside) {
          out.emit(outside.edge(), batch);
        }
      }
    }

    @Override
    public boolean hasCapacity() {
      return !isAnyAfterBusy(node) && !isAnySaturatedFrom(node + 1) && out.hasCapacity();
    }
  }
}
