package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateBackendFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes keyed state that lives in Redis, with one cap on the heap for the slots that are worked on.
 * Nothing is connected before the first job asks for state, and nothing stays connected or stored
 * when the last one has given its state back. Thread-safe.
 */
public final class RedisStateBackends implements StateBackendFactory {
  /** As configuration writes it. */
  public static final String NAME = "redis";

  /** The library, which applications add themselves. */
  public static final String DEPENDENCY = "io.lettuce:lettuce-core";

  private final RedisStateSettings settings;
  private final AtomicInteger states = new AtomicInteger();
  private @Nullable RedisSession session;

  public RedisStateBackends(RedisStateSettings settings) {
    this.settings = settings;
  }

  public RedisStateSettings settings() {
    return settings;
  }

  @Override
  public StateBackend create(String operatorId, KeyGroupRange keyGroups, int maxParallelism) {
    return new RedisStateBackend(this, operatorId, keyGroups, maxParallelism);
  }

  /**
   * An empty store, which is to be closed.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if Redis cannot be reached or used
   */
  RedisStore open(String operatorId, KeyGroupRange keyGroups, int maxParallelism) {
    RedisSession held = hold(operatorId);
    try {
      return new RedisStore(held, operatorId, keyGroups, maxParallelism);
    } catch (RuntimeException e) {
      held.release();
      throw e;
    }
  }

  /** The session, held; another one where the last has ended or broken. */
  private synchronized RedisSession hold(String operatorId) {
    RedisSession known = session;
    if (known != null && known.hold()) {
      return known;
    }
    RedisSession opened = RedisSession.open(settings, operatorId);
    if (!opened.hold()) {
      opened.release();
      throw new RedisErrors(operatorId, settings.place())
          .unreachable("the connection broke as soon as it was made", null);
    }
    session = opened;
    return opened;
  }

  void opened() {
    states.incrementAndGet();
  }

  void closed() {
    states.decrementAndGet();
  }

  /** The heap that the slots of one subtask may take: an equal share. */
  long cacheBudget() {
    return settings.cacheBytes() / Math.max(1, states.get());
  }
}
