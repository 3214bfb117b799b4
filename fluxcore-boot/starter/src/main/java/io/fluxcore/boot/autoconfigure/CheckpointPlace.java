package io.fluxcore.boot.autoconfigure;

import io.fluxcore.adapters.out.checkpoint.DirectoryCheckpointStore;
import io.fluxcore.adapters.out.store.JdbcStore;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the checkpoints of this server are, as the job store knows it. A directory is known by a
 * file in it, since two machines may have different ones under the same path.
 *
 * @param identity of the place; empty where the application keeps its jobs itself
 */
record CheckpointPlace(String identity) {
  private static final String FILE = "place";

  /**
   * Says to the store where the checkpoints are.
   *
   * @throws FluxCoreException if jobs that are not over have theirs elsewhere
   */
  static CheckpointPlace claim(
      @Nullable JdbcStore store,
      JobStore jobs,
      CheckpointStore checkpoints,
      @Nullable Path directory) {
    if (store == null) {
      return new CheckpointPlace("");
    }
    String identity =
        directory != null && checkpoints instanceof DirectoryCheckpointStore
            ? checkpoints.description() + " (" + mark(directory) + ")"
            : checkpoints.description();
    store.checkpointsAreAt(identity, jobs.entries());
    return new CheckpointPlace(identity);
  }

  private static String mark(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      Files.createDirectories(directory);
      try {
        Files.writeString(file, UUID.randomUUID().toString(), StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        // Of an earlier life, or of another server.
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.RESOURCE,
          List.of(
              Diagnostic.error(
                  "FLX-BOOT-0008",
                  Place.of("fluxcore.checkpoints.directory"),
                  "the directory " + directory + " cannot be used: " + e,
                  "make it writable, or name another one")),
          e);
    }
  }
}
