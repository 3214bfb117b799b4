package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Errors of RocksDB as FluxCore's. */
final class RocksDbErrors {
  private RocksDbErrors() {}

  /** What is thrown in place of an error of the library. */
  static FluxCoreException of(String operatorId, Path directory, RocksDBException e) {
    Status status = e.getStatus();
    boolean full =
        (status != null && status.getSubCode() == Status.SubCode.NoSpace)
            || String.valueOf(e.getMessage()).contains("No space left");
    if (full) {
      return failed(
          ErrorCategory.RESOURCE,
          "FLX-ROCKSDB-0002",
          operatorId,
          "the disk of the state is full: " + directory + " has " + free(directory) + " left",
          "make room there, or move fluxcore.state.rocksdb.directory to a larger disk; the job"
              + " goes on from its last checkpoint",
          e);
    }
    return failed(
        ErrorCategory.EXTERNAL,
        "FLX-ROCKSDB-0001",
        operatorId,
        "the state in " + directory + " cannot be used: " + e.getMessage(),
        "the job goes on from its last checkpoint; look at the disk if it happens again",
        e);
  }

  static FluxCoreException of(String operatorId, Path directory, IOException e) {
    return failed(
        ErrorCategory.EXTERNAL,
        "FLX-ROCKSDB-0001",
        operatorId,
        "the state in " + directory + " cannot be used: " + e,
        "look at the disk and the rights of fluxcore.state.rocksdb.directory",
        e);
  }

  /** A snapshot that was made for other state. */
  static FluxCoreException incompatible(String operatorId, String what) {
    return failed(
        ErrorCategory.STATE_CONFLICT,
        "FLX-ROCKSDB-0006",
        operatorId,
        what,
        "restore from a savepoint, which any version reads, or give the changed operator a new name",
        null);
  }

  static FluxCoreException failed(
      ErrorCategory category,
      String code,
      String operatorId,
      String message,
      String remedy,
      @org.jspecify.annotations.Nullable Throwable cause) {
    return new FluxCoreException(
        category,
        List.of(Diagnostic.error(code, Place.of("operator '" + operatorId + "'"), message, remedy)),
        cause);
  }

  private static String free(Path directory) {
    try {
      FileStore store = Files.getFileStore(directory);
      return (store.getUsableSpace() >> 20) + " MiB";
    } catch (IOException e) {
      return "an unknown number of bytes";
    }
  }
}
