package io.fluxcore.adapters.out.redisstate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.out.state.OperatorsContract;
import io.fluxcore.application.runtime.kit.RedisServer;
import io.fluxcore.domain.harness.Backend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Operators give the same on a real Redis as on the heap, with caches that hold next to nothing.
 */
class OperatorsOnRedisIT extends OperatorsContract {
  private static RedisServer server;
  private static RedisStateBackends backends;

  @BeforeAll
  static void open() {
    server = RedisServer.start();
    backends = new RedisStateBackends(TestKeys.settings(server));
  }

  @AfterAll
  static void close() {
    try (TestKeys keys = TestKeys.in(server, backends.settings())) {
      assertThat(keys.names()).isEmpty();
    }
    server.close();
  }

  @Override
  protected Backend backend() {
    return Backend.named(
        "REDIS", (range, maxParallelism, seed) -> backends.create("op", range, maxParallelism));
  }
}
