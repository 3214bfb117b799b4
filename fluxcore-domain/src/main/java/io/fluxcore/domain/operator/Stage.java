package io.fluxcore.domain.operator;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Operators fused over the same batches: everything between two exchanges, for one subtask. Has the
 * same face whoever runs it: a host delivers batches, watermarks, processing time, flush and
 * snapshot or restore, all on one thread. The nodes are in topological order; control elements
 * visit them in that order, so that each operator sees a watermark after the rows that its
 * predecessors emitted for it.
 *
 * <p>The stage never blocks of itself. When an operator stops for lack of capacity, {@link
 * #hasMore()} is true, and the host calls {@link #resume()} until it is false before it delivers
 * anything else; in between it may serve a cancel.
 */
public final class Stage implements AutoCloseable {
  private static final int NO_CONTROL = -1;

  private final List<StageNode> nodes;
  private final Operator[] operators;
  private final Ledger[] ledgers;
  private final NodeOutput[] outputs;
  private final StageOutput out;

  private int controlAt = NO_CONTROL;
  private Control control = Control.FLUSH;
  private long controlValue;
  private long watermark = Long.MIN_VALUE;
  private long sentWatermark = Long.MIN_VALUE;

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
  public Stage(List<StageNode> nodes, List<Ledger> ledgers, StageOutput out) {
    if (nodes.isEmpty() || nodes.size() != ledgers.size()) {
      throw new IllegalArgumentException(nodes.size() + " nodes, " + ledgers.size() + " ledgers");
    }
    this.nodes = List.copyOf(nodes);
    this.operators = nodes.stream().map(StageNode::operator).toArray(Operator[]::new);
    this.ledgers = ledgers.toArray(Ledger[]::new);
    this.out = out;
    this.outputs = new NodeOutput[operators.length];
    for (int i = 0; i < operators.length; i++) {
      outputs[i] = new NodeOutput(i, nodes.get(i).ports());
    }
  }

  /** Opens every operator with the context of its node. */
  public void open(List<OperatorContext> contexts) {
    for (int i = 0; i < operators.length; i++) {
      operators[i].open(contexts.get(i));
    }
  }

  /** Delivers a batch to an input of a node. */
  public void process(int node, int input, EventBatch batch) {
    if (!batch.isEmpty()) {
      deliver(node, input, batch);
    }
  }

  private void deliver(int node, int input, EventBatch batch) {
    ledgers[node].in(batch.size(), batch.estimatedBytes());
    operators[node].process(input, batch, outputs[node]);
  }

  /** Delivers the stage's combined input watermark; one that does not rise is ignored. */
  public void watermark(long newWatermark) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      start(Control.WATERMARK, newWatermark);
    }
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

  public void endOfInput() {
    start(Control.END_OF_INPUT, 0);
  }

  private void start(Control newControl, long value) {
    if (controlAt != NO_CONTROL) {
      throw new IllegalStateException("resume() first: " + control + " is under way");
    }
    control = newControl;
    controlValue = value;
    controlAt = 0;
    advance();
  }

  /** Takes the control element on from node to node until one has more to do. */
  private void advance() {
    while (controlAt < operators.length) {
      int node = controlAt++;
      Operator operator = operators[node];
      NodeOutput output = outputs[node];
      switch (control) {
        case WATERMARK -> operator.watermark(controlValue, output);
        case PROCESSING_TIME -> operator.processingTime(controlValue, output);
        case FLUSH -> operator.flush(output);
        case END_OF_INPUT -> operator.endOfInput(output);
      }
      if (anyHasMore()) {
        return;
      }
    }
    controlAt = NO_CONTROL;
    sendWatermark();
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

  private boolean anyHasMore() {
    for (Operator operator : operators) {
      if (operator.hasMore()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the last delivery is unfinished: an operator stopped for lack of capacity. */
  public boolean hasMore() {
    return controlAt != NO_CONTROL || anyHasMore();
  }

  /** Goes on with the unfinished delivery, from the last operator to the first. */
  public void resume() {
    for (int i = operators.length - 1; i >= 0; i--) {
      if (operators[i].hasMore()) {
        operators[i].resume(outputs[i]);
        if (operators[i].hasMore()) {
          return;
        }
        i = operators.length; // what it emitted may have given later ones more to do
      }
    }
    if (controlAt != NO_CONTROL) {
      advance();
    }
  }

  /** The operator-wide and keyed state of every node. Only when {@link #hasMore()} is false. */
  public List<OperatorSnapshot> snapshot(List<OperatorContext> contexts) {
    if (hasMore()) {
      throw new IllegalStateException("resume() first: a delivery is unfinished");
    }
    List<OperatorSnapshot> result = new ArrayList<>();
    for (int i = 0; i < operators.length; i++) {
      OperatorSnapshot.Builder builder = OperatorSnapshot.builder(nodes.get(i).operatorId());
      contexts.get(i).state().snapshot(builder);
      operators[i].snapshot(builder);
      result.add(builder.build());
    }
    return result;
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

  public List<StageNode> nodes() {
    return nodes;
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
    private final StageNode.Target[][] ports;

    NodeOutput(int node, List<List<StageNode.Target>> ports) {
      this.node = node;
      this.ports =
          ports.stream()
              .map(targets -> targets.toArray(StageNode.Target[]::new))
              .toArray(StageNode.Target[][]::new);
    }

    @Override
    public void emit(int port, EventBatch batch) {
      if (batch.isEmpty()) {
        return;
      }
      ledgers[node].out(batch.size(), batch.estimatedBytes());
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
      for (int i = node + 1; i < operators.length; i++) {
        if (operators[i].hasMore()) {
          return false;
        }
      }
      return out.hasCapacity();
    }
  }
}
