package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.error.ErrorCategory;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.WriteBufferManager;

/**
 * The one cap on native memory of all state in the process: a cache of blocks, indexes and filters
 * that write buffers are charged to. Each store is counted with the least that it can live on, so
 * that a job which cannot fit is refused when it starts. Thread-safe.
 *
 * <p>The cache does not refuse blocks that are being read when it is full of such blocks: a strict
 * one would fail the job then, for the few that iterators and look-ups hold at a time.
 */
final class NativeMemory implements AutoCloseable {
  /** What a store takes when it does next to nothing: write buffer, iterators, open tables. */
  static final long LEAST_BYTES_OF_STORE = 2L << 20;

  private static final int SHARE_OF_WRITE_BUFFERS = 4;
  private static final int SHARD_BITS = 4;
  private static final double HIGH_PRIORITY_SHARE = 0.3;

  private final long capBytes;
  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private int stores;

  NativeMemory(long capBytes) {
    this.capBytes = capBytes;
    this.cache = new LRUCache(capBytes, SHARD_BITS, false, HIGH_PRIORITY_SHARE);
    this.writeBuffers = new WriteBufferManager(capBytes / SHARE_OF_WRITE_BUFFERS, cache, false);
  }

  /**
   * Makes room for the state of one subtask.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if it does not fit
   */
  synchronized void admit(String operatorId) {
    long needed = (stores + 1) * LEAST_BYTES_OF_STORE;
    if (needed > capBytes) {
      throw RocksDbErrors.failed(
          ErrorCategory.RESOURCE,
          "FLX-ROCKSDB-0003",
          operatorId,
          "its state does not fit into native memory: "
              + stores
              + " operators' subtasks have state in RocksDB, with this one they need at least "
              + (needed >> 20)
              + " MiB, and the cap of all jobs is "
              + (capBytes >> 20)
              + " MiB",
          "raise fluxcore.state.rocksdb.memory, lower the parallelism, or end another job",
          null);
    }
    stores++;
  }

  synchronized void release() {
    stores--;
  }

  synchronized int stores() {
    return stores;
  }

  Cache cache() {
    return cache;
  }

  WriteBufferManager writeBuffers() {
    return writeBuffers;
  }

  long writeBufferBytes() {
    return capBytes / SHARE_OF_WRITE_BUFFERS;
  }

  /** Bytes of blocks and write buffers held now. */
  long usedBytes() {
    return cache.getUsage();
  }

  @Override
  public void close() {
    writeBuffers.close();
    cache.close();
  }
}
