package io.fluxcore.adapters.out.rocksdb;

import java.nio.file.Path;

/**
 * What all jobs of the process share.
 *
 * @param directory where state is kept while jobs run; each process has a folder of its own in it,
 *     which is deleted when the process ends, or when the next one starts
 * @param memoryBytes cap on native memory of all jobs: cached blocks, indexes, filters and write
 *     buffers
 * @param cacheBytes cap on the heap that the slots of all jobs take which are kept in memory
 */
public record RocksDbSettings(Path directory, long memoryBytes, long cacheBytes) {
  /** Native memory unless said otherwise. */
  public static final long DEFAULT_MEMORY_BYTES = 256L << 20;

  private static final int SHARE_OF_HEAP = 4;
  private static final long LEAST_MEMORY_BYTES = 1L << 20;

  public RocksDbSettings {
    if (memoryBytes < LEAST_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "memory of " + memoryBytes + " bytes, must be at least " + LEAST_MEMORY_BYTES);
    }
    if (cacheBytes < 0) {
      throw new IllegalArgumentException("cache of " + cacheBytes + " bytes, must not be negative");
    }
  }

  /** The default memory, and a quarter of the heap. */
  public static RocksDbSettings in(Path directory) {
    return new RocksDbSettings(
        directory, DEFAULT_MEMORY_BYTES, defaultCacheBytes(Runtime.getRuntime().maxMemory()));
  }

  /** The heap for slots unless said otherwise. */
  public static long defaultCacheBytes(long maxHeapBytes) {
    return maxHeapBytes / SHARE_OF_HEAP;
  }
}
