package io.fluxcore.domain.harness;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.StateBackend;
import java.util.List;

/** Where operators keep their keyed state. An adapter's test adds a kind of its own. */
public interface Backend {
  /** {@link HeapStateBackend}. */
  Backend HEAP =
      named("HEAP", (range, maxParallelism, seed) -> new HeapStateBackend(range, maxParallelism));

  /** {@link EvictingStateBackend}. */
  Backend EVICTING = named("EVICTING", EvictingStateBackend::new);

  /** The kinds of the domain. */
  static List<Backend> standard() {
    return List.of(HEAP, EVICTING);
  }

  /** Empty state of one subtask. */
  StateBackend create(KeyGroupRange range, int maxParallelism, long seed);

  /** A kind that says its name in messages. */
  static Backend named(String name, Backend backend) {
    return new Backend() {
      @Override
      public StateBackend create(KeyGroupRange range, int maxParallelism, long seed) {
        return backend.create(range, maxParallelism, seed);
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }
}
