package io.fluxcore.domain.state;

import io.fluxcore.domain.key.KeyGroupRange;

/** Makes the keyed state of subtasks. Thread-safe. */
@FunctionalInterface
public interface StateBackendFactory {
  /** State on the heap. */
  StateBackendFactory HEAP =
      (operatorId, keyGroups, maxParallelism) -> new HeapStateBackend(keyGroups, maxParallelism);

  /**
   * Empty state of one subtask of an operator.
   *
   * @param keyGroups the key groups that the subtask owns
   * @param maxParallelism number of key groups of the job
   */
  StateBackend create(String operatorId, KeyGroupRange keyGroups, int maxParallelism);
}
