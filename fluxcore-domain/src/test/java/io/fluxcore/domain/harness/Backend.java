package io.fluxcore.domain.harness;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.StateBackend;

/** Where operators keep their keyed state. */
public enum Backend {
  /** {@link HeapStateBackend}. */
  HEAP {
    @Override
    StateBackend create(KeyGroupRange range, int maxParallelism, long seed) {
      return new HeapStateBackend(range, maxParallelism);
    }
  },
  /** {@link EvictingStateBackend}. */
  EVICTING {
    @Override
    StateBackend create(KeyGroupRange range, int maxParallelism, long seed) {
      return new EvictingStateBackend(range, maxParallelism, seed);
    }
  };

  abstract StateBackend create(KeyGroupRange range, int maxParallelism, long seed);
}
