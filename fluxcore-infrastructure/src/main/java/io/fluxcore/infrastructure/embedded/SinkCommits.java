package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Commits what a complete checkpoint holds. Remembers what the last one held, which later ones may
 * hold too, so that nothing is committed twice without need. Used by the job's thread.
 */
final class SinkCommits {
  private final Map<String, Set<Sink.CommitHandle>> committed = new HashMap<>();

  /**
   * Makes the handles of a registered snapshot visible. Touches the outside.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if the job was taken over in the meantime
   */
  void commit(JobSnapshot snapshot, Map<String, Sink> sinks, JobCheckpoints owner) {
    sinks.forEach(
        (operatorId, sink) -> {
          OperatorSnapshot operator = snapshot.operators().get(operatorId);
          if (operator != null) {
            commit(operatorId, sink, SinkOperator.handles(operator), owner);
          }
        });
  }

  private void commit(
      String operatorId, Sink sink, List<Sink.CommitHandle> handles, JobCheckpoints owner) {
    Set<Sink.CommitHandle> before = committed.getOrDefault(operatorId, Set.of());
    List<Sink.CommitHandle> fresh = handles.stream().filter(h -> !before.contains(h)).toList();
    if (!fresh.isEmpty()) {
      owner.requireOwner();
      sink.commit(fresh);
    }
    committed.put(operatorId, new HashSet<>(handles));
  }

  /** After a restart it is not known what reached the outside. */
  void forget() {
    committed.clear();
  }
}
