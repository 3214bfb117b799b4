package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Stage;
import io.fluxcore.domain.operator.StageNode;
import io.fluxcore.domain.operator.StageOutput;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The operators of one subtask of a stage with what they are bound to. Used by the task's thread;
 * ledgers are read by any.
 *
 * @param nodes in topological order
 * @param contexts one a node
 */
public record TaskOperators(List<StageNode> nodes, List<OperatorContext> contexts) {
  public TaskOperators {
    nodes = List.copyOf(nodes);
    contexts = List.copyOf(contexts);
  }

  Stage stage(StageOutput out) {
    return new Stage(nodes, contexts.stream().map(OperatorContext::ledger).toList(), out);
  }

  List<SinkOperator> sinks() {
    List<SinkOperator> sinks = new ArrayList<>();
    for (StageNode node : nodes) {
      if (node.operator() instanceof SinkOperator sink) {
        sinks.add(sink);
      }
    }
    return sinks;
  }

  /** The ledgers of the sinks, in the order of {@link #sinks}. */
  List<Ledger> sinkLedgers() {
    List<Ledger> ledgers = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).operator() instanceof SinkOperator) {
        ledgers.add(contexts.get(i).ledger());
      }
    }
    return ledgers;
  }

  void restore(Stage stage, Map<String, OperatorSnapshot> snapshots) {
    stage.restore(contexts, snapshots);
    for (OperatorContext context : contexts) {
      OperatorSnapshot snapshot = snapshots.get(context.operatorId());
      if (snapshot != null) {
        LedgerState.restore(context.ledger(), context.subtask(), snapshot);
      }
    }
  }

  List<FrozenOperator> freeze(Stage stage, SnapshotFormat format) {
    List<FrozenOperator> parts = new ArrayList<>(stage.freeze(contexts, format));
    for (OperatorContext context : contexts) {
      OperatorSnapshot counters =
          LedgerState.snapshot(context.operatorId(), context.ledger().counts());
      parts.add(FrozenOperator.of(counters));
    }
    return parts;
  }

  void closeState() {
    for (OperatorContext context : contexts) {
      context.state().close();
    }
  }
}
