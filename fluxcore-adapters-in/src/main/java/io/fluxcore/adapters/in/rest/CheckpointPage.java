package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.SavepointId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a job may go on from, the oldest first. */
record CheckpointPage(List<CheckpointItem> items) {
  CheckpointPage {
    items = List.copyOf(items);
  }

  /**
   * A checkpoint or savepoint.
   *
   * @param id rises with each attempt of the job to make one
   * @param format what keyed state is written as
   * @param bytes everything that a restore reads
   * @param newBytes what of them this one has written
   * @param savepoint its id if it is a savepoint
   */
  record CheckpointItem(
      long id,
      String format,
      long bytes,
      long newBytes,
      long durationMs,
      Instant completedAt,
      @Nullable String savepoint) {

    static CheckpointItem of(CheckpointEntry entry) {
      SavepointId savepoint = entry.savepoint();
      return new CheckpointItem(
          entry.checkpointId(),
          entry.format().name(),
          entry.bytes(),
          entry.newBytes(),
          entry.duration().toMillis(),
          entry.completed(),
          savepoint == null ? null : savepoint.value());
    }
  }
}
