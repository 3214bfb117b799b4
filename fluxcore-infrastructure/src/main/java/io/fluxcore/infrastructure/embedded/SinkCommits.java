package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commits what a complete checkpoint holds. Remembers what the last one held, which later ones may
 * hold too, so that nothing is committed twice without need. Used by the job's thread.
 */
final class SinkCommits {
  private final Map<String, Set<Sink.CommitHandle>> committed = new HashMap<>();

  /**
   * A sink with commits.
   *
   * @param failures of rows that the outside does not accept at a commit
   * @param ledger counts them
   */
  record Committing(TwoPhaseSink sink, SinkOwner owner, RecordFailures failures, Ledger ledger) {}

  /**
   * Before the writers of an attempt are made, and after the last one: what a snapshot holds is
   * made visible, and what else was prepared is taken back, unless a later snapshot may hold it.
   * Touches the outside.
   *
   * @param from null: there is none
   * @throws io.fluxcore.domain.error.FluxCoreException if the job was taken over in the meantime
   */
  void settle(
      @Nullable JobSnapshot from, Map<String, Committing> sinks, JobCheckpoints checkpoints) {
    committed.clear();
    if (!sinks.isEmpty()) {
      checkpoints.requireOwner();
    }
    long known = from == null ? 0 : from.checkpointId();
    TwoPhaseSink.Unknown unknown =
        known < checkpoints.lastPossiblyRegistered()
            ? TwoPhaseSink.Unknown.KEEP
            : TwoPhaseSink.Unknown.TAKE_BACK;
    sinks.forEach(
        (operatorId, sink) -> {
          List<Sink.CommitHandle> handles = handles(from, operatorId);
          sink.sink().settle(sink.owner(), handles, unknown, sink.failures());
          committed.put(operatorId, new HashSet<>(handles));
        });
  }

  /**
   * Makes the handles of a registered snapshot visible. Touches the outside.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if the job was taken over in the meantime
   */
  void commit(JobSnapshot snapshot, Map<String, Committing> sinks, JobCheckpoints checkpoints) {
    sinks.forEach(
        (operatorId, sink) -> {
          List<Sink.CommitHandle> handles = handles(snapshot, operatorId);
          Set<Sink.CommitHandle> before = committed.getOrDefault(operatorId, Set.of());
          List<Sink.CommitHandle> fresh =
              handles.stream().filter(handle -> !before.contains(handle)).toList();
          if (!fresh.isEmpty()) {
            checkpoints.requireOwner();
            sink.sink().commit(sink.owner(), fresh, sink.failures());
          }
          committed.put(operatorId, new HashSet<>(handles));
        });
  }

  private static List<Sink.CommitHandle> handles(
      @Nullable JobSnapshot snapshot, String operatorId) {
    OperatorSnapshot operator = snapshot == null ? null : snapshot.operators().get(operatorId);
    return operator == null ? List.of() : SinkOperator.handles(operator);
  }
}
