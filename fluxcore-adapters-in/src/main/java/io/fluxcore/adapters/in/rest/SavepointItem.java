package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import java.time.Instant;

/**
 * A savepoint in a list.
 *
 * @param label what it was called; empty for nothing
 * @param jobId of the job that it was made of
 * @param jobName of the job when it was made
 * @param jobVersion of the job when it was made
 * @param format what keyed state is written as
 * @param bytes everything that a restore reads
 * @param durationMs that making it, or taking it in, took
 */
record SavepointItem(
    String id,
    String label,
    String jobId,
    String jobName,
    String jobVersion,
    String format,
    long bytes,
    long durationMs,
    Instant completedAt) {

  static SavepointItem of(CheckpointEntry entry) {
    return new SavepointItem(
        entry.location().name(),
        entry.label(),
        entry.job().value(),
        entry.jobName(),
        entry.jobVersion(),
        entry.format().name(),
        entry.bytes(),
        entry.duration().toMillis(),
        entry.completed());
  }
}
