package io.fluxcore.domain.harness;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.StateBackend;

class EvictingStateBackendTest extends StateBackendContract {
  @Override
  protected StateBackend create(KeyGroupRange range, int maxParallelism) {
    return new EvictingStateBackend(range, maxParallelism, 5);
  }
}
