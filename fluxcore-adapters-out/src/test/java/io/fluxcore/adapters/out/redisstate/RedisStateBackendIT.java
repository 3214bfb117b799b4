package io.fluxcore.adapters.out.redisstate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.runtime.kit.RedisServer;
import io.fluxcore.domain.harness.StateBackendContract;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.StateBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a real Redis. */
class RedisStateBackendIT extends StateBackendContract {
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
  protected StateBackend create(KeyGroupRange range, int maxParallelism) {
    return backends.create("test", range, maxParallelism);
  }
}
