package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.harness.StateBackendContract;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.StateBackend;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RocksDbStateBackendTest extends StateBackendContract {
  @TempDir static Path directory;

  private static RocksDbStateBackends backends;

  @BeforeAll
  static void open() {
    backends = new RocksDbStateBackends(TinyCaches.in(directory));
  }

  @AfterAll
  static void close() throws IOException {
    backends.close();
  }

  @Override
  protected StateBackend create(KeyGroupRange range, int maxParallelism) {
    return backends.create("test", range, maxParallelism);
  }
}
