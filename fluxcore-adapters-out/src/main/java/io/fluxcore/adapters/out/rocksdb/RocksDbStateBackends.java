package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateBackendFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;

/**
 * Makes keyed state that lives in RocksDB, all of it under one cap on native memory and one on the
 * heap. Nothing is made on disk or loaded before the first job asks for state. Close it when no job
 * runs any more. Thread-safe.
 */
public final class RocksDbStateBackends implements StateBackendFactory, AutoCloseable {
  /** As configuration writes it. */
  public static final String NAME = "rocksdb";

  /** The library, which applications add themselves. */
  public static final String DEPENDENCY = "org.rocksdb:rocksdbjni";

  private final RocksDbSettings settings;
  private @Nullable WorkingDirectory directory;
  private @Nullable NativeMemory memory;

  public RocksDbStateBackends(RocksDbSettings settings) {
    this.settings = settings;
  }

  public RocksDbSettings settings() {
    return settings;
  }

  /** Native memory in use, in bytes. */
  public synchronized long nativeBytes() {
    return memory == null ? 0 : memory.usedBytes();
  }

  @Override
  public StateBackend create(String operatorId, KeyGroupRange keyGroups, int maxParallelism) {
    prepare(operatorId);
    return new RocksDbStateBackend(this, operatorId, keyGroups, maxParallelism);
  }

  private synchronized void prepare(String operatorId) {
    if (directory != null) {
      return;
    }
    try {
      RocksDB.loadLibrary();
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      throw RocksDbErrors.failed(
          ErrorCategory.RESOURCE,
          "FLX-ROCKSDB-0004",
          operatorId,
          "RocksDB cannot be loaded on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ": "
              + e,
          "use another platform, or the state backend 'heap'",
          e);
    }
    try {
      directory = WorkingDirectory.in(settings.directory());
    } catch (IOException e) {
      throw RocksDbErrors.failed(
          ErrorCategory.EXTERNAL,
          "FLX-ROCKSDB-0005",
          operatorId,
          "its state cannot be kept in " + settings.directory() + ": " + e,
          "name a directory that can be written to in fluxcore.state.rocksdb.directory",
          e);
    }
    memory = new NativeMemory(settings.memoryBytes());
  }

  synchronized NativeMemory memory() {
    if (memory == null) {
      throw new IllegalStateException("the state backends are closed");
    }
    return memory;
  }

  private synchronized WorkingDirectory directory() {
    if (directory == null) {
      throw new IllegalStateException("the state backends are closed");
    }
    return directory;
  }

  RocksDbStore open(String operatorId, boolean isLookedUp, Path folder, FileNames names) {
    return new RocksDbStore(operatorId, folder, memory(), isLookedUp, names);
  }

  /** A path for a new folder. */
  Path folder(String purpose) {
    return directory().next(purpose);
  }

  /** The heap that the slots of one subtask may take: an equal share. */
  long cacheBudget() {
    return settings.cacheBytes() / Math.max(1, memory().stores());
  }

  /** Gives memory back and deletes what is left on disk. */
  @Override
  public synchronized void close() throws IOException {
    if (memory != null) {
      memory.close();
      memory = null;
    }
    if (directory != null) {
      directory.close();
      directory = null;
    }
  }
}
