package io.fluxcore.adapters.in.catalogue;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.application.connector.ConnectionReport;
import io.fluxcore.domain.error.Diagnostic;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a job file reads and writes can be reached from here.
 *
 * @param reachable whether all of it can
 */
public record ConnectionsView(boolean reachable, List<Connection> connections) {

  /**
   * A source or sink.
   *
   * @param node of the topology
   * @param kind {@code source} or {@code sink}
   * @param splits parts of a source that were found
   * @param problem why not; null: it can be reached
   */
  public record Connection(
      String node,
      String kind,
      boolean reachable,
      List<String> splits,
      @Nullable Problem problem) {}

  /**
   * Why something cannot be reached.
   *
   * @param hint what to do
   */
  public record Problem(String code, String message, String hint) {}

  public static ConnectionsView of(JobFile file, List<ConnectionReport> reports) {
    return new ConnectionsView(
        reports.stream().allMatch(ConnectionReport::isReachable),
        reports.stream().map(report -> connection(file, report)).toList());
  }

  private static Connection connection(JobFile file, ConnectionReport report) {
    Diagnostic found = report.problem();
    Problem problem = null;
    if (found != null) {
      Diagnostic located = file.locate(found);
      problem = new Problem(located.code(), located.message(), located.remedy());
    }
    return new Connection(
        report.node(),
        report.kind().name().toLowerCase(Locale.ROOT),
        report.isReachable(),
        report.splits(),
        problem);
  }
}
