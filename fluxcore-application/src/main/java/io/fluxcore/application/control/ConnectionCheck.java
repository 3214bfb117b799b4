package io.fluxcore.application.control;

import io.fluxcore.application.connector.ConnectionReport;
import io.fluxcore.application.connector.ConnectionReport.Kind;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.join.OutsideTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reaches for what the sources, lookups and sinks of a plan use, without reading or writing. */
final class ConnectionCheck {
  private ConnectionCheck() {}

  static List<ConnectionReport> of(ExecutionPlan plan) {
    List<ConnectionReport> reports = new ArrayList<>();
    for (PlannedStage stage : plan.stages()) {
      PlannedSource source = stage.source();
      if (source != null) {
        reports.add(reach(source.operatorId(), source.source()));
      }
    }
    plan.lookups().forEach((node, lookup) -> reports.add(reach(node, lookup)));
    plan.sinks().forEach((node, sink) -> reports.add(reach(node, sink)));
    return reports;
  }

  private static ConnectionReport reach(String node, Source source) {
    List<String> splits = new ArrayList<>();
    Diagnostic problem =
        problem(
            node,
            () -> {
              source.check();
              source.discoverSplits().forEach(split -> splits.add(split.id()));
            });
    return new ConnectionReport(node, Kind.SOURCE, splits, problem);
  }

  private static ConnectionReport reach(String node, Sink sink) {
    Diagnostic problem =
        problem(
            node,
            () -> {
              sink.check();
              sink.createWriter(node, 0, 1).close();
            });
    return new ConnectionReport(node, Kind.SINK, List.of(), problem);
  }

  private static ConnectionReport reach(String node, OutsideTable table) {
    Diagnostic problem = problem(node, table::check);
    return new ConnectionReport(node, Kind.LOOKUP, List.of(), problem);
  }

  private static @Nullable Diagnostic problem(String node, Runnable attempt) {
    try {
      attempt.run();
      return null;
    } catch (FluxCoreException e) {
      return e.diagnostics().get(0).in("node '" + node + "'");
    } catch (RuntimeException e) {
      return Diagnostic.error(
          "FLX-CONN-0020",
          Place.of("node '" + node + "'"),
          "it cannot be reached: " + e,
          "look at what its connector says of its options, and whether the other side is there");
    }
  }
}
