package io.fluxcore.application.diagnosis;

import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.operator.Ledger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of nodes of the topology. Where the planner has put a first phase before the
 * exchange, rows arrive there, and those lost in either phase count.
 */
final class Counts {
  private static final String FIRST_PHASE = "#pre";

  private final Map<String, OperatorMetrics> operators = new HashMap<>();
  private final Map<String, Ledger.Counts> firstPhases = new HashMap<>();

  Counts(JobMetrics metrics) {
    for (OperatorMetrics operator : metrics.operators()) {
      String id = operator.operatorId();
      operators.put(id, operator);
      String node = JobGraph.nodeOf(id);
      if (id.startsWith(FIRST_PHASE, node.length())) {
        firstPhases.merge(node, operator.counts(), Ledger.Counts::plus);
      }
    }
  }

  /** The metrics of a node's last part, or null if it has none. */
  @Nullable OperatorMetrics metrics(String node) {
    return operators.get(node);
  }

  Ledger.Counts of(String node) {
    OperatorMetrics operator = operators.get(node);
    Ledger.Counts last = operator == null ? Ledger.Counts.ZERO : operator.counts();
    Ledger.Counts first = firstPhases.get(node);
    return first == null
        ? last
        : new Ledger.Counts(
            first.rowsIn(),
            first.bytesIn(),
            first.batchesIn(),
            first.late() + last.late(),
            first.filtered() + last.filtered(),
            first.failed() + last.failed(),
            first.droppedBy().plus(last.droppedBy()),
            last.rowsOut(),
            last.bytesOut(),
            last.batchesOut());
  }
}
