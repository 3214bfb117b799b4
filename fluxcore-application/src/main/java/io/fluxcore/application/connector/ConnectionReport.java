package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the attempt to reach what a source or sink of a topology reads or writes.
 *
 * @param node of the topology
 * @param kind whether it is a source or a sink
 * @param splits parts of a source that were found; of a sink none
 * @param problem why it cannot be reached or used; null: it can
 */
public record ConnectionReport(
    String node, Kind kind, List<String> splits, @Nullable Diagnostic problem) {
  /** What a node does. */
  public enum Kind {
    SOURCE,
    SINK,
    LOOKUP
  }

  public ConnectionReport {
    splits = List.copyOf(splits);
  }

  public boolean isReachable() {
    return problem == null;
  }
}
