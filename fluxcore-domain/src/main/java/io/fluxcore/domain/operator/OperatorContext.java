package io.fluxcore.domain.operator;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.StateBackend;

/**
 * What an operator is bound to.
 *
 * @param operatorId stable id: the operator's name in the topology
 * @param subtask from 0
 * @param parallelism number of subtasks
 * @param maxParallelism number of key groups of the job
 * @param state keyed state of this subtask
 * @param ledger counters of this operator and subtask
 * @param failures what happens to rows that cannot be processed
 * @param async runs what would block
 */
public record OperatorContext(
    String operatorId,
    int subtask,
    int parallelism,
    int maxParallelism,
    StateBackend state,
    Ledger ledger,
    RecordFailures failures,
    AsyncCalls async) {
  /** In a host that runs no calls. */
  public OperatorContext(
      String operatorId,
      int subtask,
      int parallelism,
      int maxParallelism,
      StateBackend state,
      Ledger ledger,
      RecordFailures failures) {
    this(
        operatorId, subtask, parallelism, maxParallelism, state, ledger, failures, AsyncCalls.NONE);
  }

  public KeyGroupRange keyGroups() {
    return state.keyGroups();
  }
}
