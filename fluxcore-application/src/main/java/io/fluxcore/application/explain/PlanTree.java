package io.fluxcore.application.explain;

import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.planner.PlannedTopology;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prints a topology as a tree: what comes out at the top, below each node what it reads. A node
 * that several read is printed once, and named where it is read again.
 */
public final class PlanTree {
  private final TopologyAnalysis analysis;
  private final StateEstimates estimates;
  private final Map<String, Reading> readings;
  private final Set<String> printed = new HashSet<>();
  private final StringBuilder text = new StringBuilder();

  /** What is known of a node that runs, over all its parts. */
  private static final class Reading {
    private long in;
    private long out;
    private long late;
    private long failed;
    private int busyPerMille;
    private long stateBytes;

    void add(OperatorMetrics operator) {
      boolean isPart = operator.operatorId().indexOf('#') >= 0;
      Ledger.Counts counts = operator.counts();
      late += counts.late();
      failed += counts.failed();
      busyPerMille = Math.max(busyPerMille, operator.busyPerMille());
      stateBytes += operator.stateBytes();
      if (!isPart) {
        in = counts.rowsIn();
        out = counts.rowsOut();
      }
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "in %,d, out %,d", in, out)
          + (late == 0 ? "" : String.format(Locale.ROOT, ", late %,d", late))
          + (failed == 0 ? "" : String.format(Locale.ROOT, ", failed %,d", failed))
          + String.format(Locale.ROOT, ", busy %d %%", Math.round(busyPerMille / 10.0))
          + (stateBytes == 0 ? "" : ", state " + bytes(stateBytes));
    }

    private static String bytes(long count) {
      if (count < 1 << 10) {
        return count + " B";
      }
      return count < 1 << 20
          ? String.format(Locale.ROOT, "%.1f KiB", count / 1024.0)
          : String.format(Locale.ROOT, "%.1f MiB", count / (1024.0 * 1024.0));
    }
  }

  private PlanTree(PlannedTopology planned, @Nullable JobMetrics metrics) {
    this.analysis = planned.analysis();
    this.estimates = StateEstimates.of(planned);
    this.readings = metrics == null ? Map.of() : readings(metrics);
  }

  private static Map<String, Reading> readings(JobMetrics metrics) {
    Map<String, Reading> readings = new LinkedHashMap<>();
    for (OperatorMetrics operator : metrics.operators()) {
      readings
          .computeIfAbsent(JobGraph.nodeOf(operator.operatorId()), name -> new Reading())
          .add(operator);
    }
    return readings;
  }

  /** The tree of a topology, as it is planned. */
  public static String print(PlannedTopology planned) {
    return print(planned, null);
  }

  /**
   * The tree of a topology that runs, or has run.
   *
   * @param metrics null: it does not
   */
  public static String print(PlannedTopology planned, @Nullable JobMetrics metrics) {
    PlanTree tree = new PlanTree(planned, metrics);
    for (TopologyNode node : tree.analysis.order()) {
      if (node.config() instanceof SinkConfig || tree.isUnread(node)) {
        tree.node(node, "", "", "");
      }
    }
    return tree.text.toString();
  }

  private boolean isUnread(TopologyNode node) {
    return analysis.order().stream()
        .noneMatch(
            other ->
                analysis.inputs(other).stream().anyMatch(ref -> ref.node().equals(node.name())));
  }

  /**
   * A node and what it reads.
   *
   * @param port by which it is read, or an empty string
   * @param first before its line
   * @param rest before the lines below it
   */
  private void node(TopologyNode node, String port, String first, String rest) {
    text.append(first).append(node.name());
    if (!port.isEmpty()) {
      text.append('.').append(port);
    }
    if (!printed.add(node.name())) {
      text.append(": as above\n");
      return;
    }
    text.append(": ").append(kind(node.config())).append(oneLine(node.config().describe()));
    text.append('\n');
    List<PortRef> inputs = analysis.inputs(node);
    String details = rest + (inputs.isEmpty() ? "     " : "│    ");
    text.append(details).append("rows: ").append(estimates.changes(node));
    StateEstimate estimate = estimates.of(node);
    if (estimate.kind() != StateEstimate.Kind.NONE) {
      text.append("; state ").append(estimate);
    }
    text.append('\n');
    Reading reading = readings.get(node.name());
    if (reading != null) {
      text.append(details).append(reading).append('\n');
    }
    for (int i = 0; i < inputs.size(); i++) {
      PortRef read = inputs.get(i);
      boolean isLast = i == inputs.size() - 1;
      node(
          analysis.node(read.node()),
          read.port(),
          rest + (isLast ? "└─ " : "├─ "),
          rest + (isLast ? "   " : "│  "));
    }
  }

  private static String kind(NodeConfig config) {
    if (config instanceof SinkConfig) {
      return "write ";
    }
    return config instanceof SourceConfig ? "read " : "";
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }
}
