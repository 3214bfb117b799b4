package io.fluxcore.adapters.out.rocksdb;

import java.nio.file.Path;

/** Settings with which state does not stay on the heap. */
final class TinyCaches {
  private TinyCaches() {}

  static RocksDbSettings in(Path directory) {
    return new RocksDbSettings(directory, 64L << 20, 4096);
  }
}
