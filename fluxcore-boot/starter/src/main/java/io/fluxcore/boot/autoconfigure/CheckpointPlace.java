package io.fluxcore.boot.autoconfigure;

import io.fluxcore.adapters.out.store.JdbcStore;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the checkpoints of this server are, as the job store knows it.
 *
 * @param identity of the place; empty where the application keeps its jobs itself
 */
record CheckpointPlace(String identity) {
  /**
   * Says to the store where the checkpoints are.
   *
   * @throws FluxCoreException if jobs that are not over have theirs elsewhere
   */
  static CheckpointPlace claim(
      @Nullable JdbcStore store, JobStore jobs, CheckpointStore checkpoints) {
    if (store == null) {
      return new CheckpointPlace("");
    }
    String identity = identity(checkpoints);
    store.checkpointsAreAt(identity, jobs.entries());
    return new CheckpointPlace(identity);
  }

  private static String identity(CheckpointStore checkpoints) {
    try {
      return checkpoints.identity();
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.RESOURCE,
          List.of(
              Diagnostic.error(
                  "FLX-BOOT-0008",
                  Place.of("fluxcore.checkpoints"),
                  "the " + checkpoints.description() + " cannot be used: " + e.getMessage(),
                  "make it writable, or name another one")),
          e);
    }
  }
}
