package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import java.io.IOException;
import java.time.Duration;

/**
 * A process that has state in Redis, with a snapshot under way, and waits to be killed: arguments
 * are address and prefix. It says "ready" when it is so far.
 */
final class KilledProcess {
  private KilledProcess() {}

  public static void main(String[] arguments) throws IOException {
    RedisStateBackends backends =
        new RedisStateBackends(
            RedisStateSettings.at(arguments[0])
                .withKeyPrefix(arguments[1])
                .withCacheBytes(4096)
                .withTimes(Duration.ofSeconds(60), Duration.ofSeconds(2)));
    StateBackend state = backends.create("op", KeyGroups.range(0, 16, 1), 16);
    Numbers.add(state, 1, 0, 20_000, 1);
    Numbers.add(state, 2, 0, 5_000, 1);
    state.freeze(SnapshotFormat.NATIVE);
    Numbers.add(state, 1, 0, 20_000, 1);
    System.out.println("ready");
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
  }
}
