package io.fluxcore.application.runtime;

import java.time.Duration;

/**
 * A complete checkpoint.
 *
 * @param id rises with each attempt of a job
 * @param bytes size of the snapshots
 * @param duration from the trigger to the end
 */
public record CheckpointSummary(long id, long bytes, Duration duration) {}
