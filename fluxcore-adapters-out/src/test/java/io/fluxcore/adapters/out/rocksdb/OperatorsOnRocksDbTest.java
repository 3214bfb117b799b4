package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.adapters.out.state.OperatorsContract;
import io.fluxcore.domain.harness.Backend;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Operators give the same on RocksDB as on the heap, with caches that hold next to nothing. */
class OperatorsOnRocksDbTest extends OperatorsContract {
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
  protected Backend backend() {
    return Backend.named(
        "ROCKSDB", (range, maxParallelism, seed) -> backends.create("op", range, maxParallelism));
  }
}
