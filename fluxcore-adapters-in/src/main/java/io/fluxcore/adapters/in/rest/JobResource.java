package io.fluxcore.adapters.in.rest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a job but its measurements.
 *
 * @param state what it is in its life, such as RUNNING
 * @param startedAt when it ran first, or null
 * @param endedAt or null
 * @param checkpointIntervalMs or null when no checkpoints are made
 * @param deliveryGuarantee what was asked of all its parts, or null: whatever they can
 * @param failure the last one, or null
 * @param history what happened to it, oldest first
 * @param plan what runs, for a person
 */
record JobResource(
    String id,
    String name,
    String version,
    String state,
    @Nullable Instant submittedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    int parallelism,
    int maxParallelism,
    String stateBackend,
    @Nullable Long checkpointIntervalMs,
    @Nullable String deliveryGuarantee,
    int restarts,
    @Nullable Failure failure,
    List<HistoryEntry> history,
    String plan) {
  /** Why a job failed. */
  record Failure(String operatorId, String code, String message) {}

  /**
   * Something that happened to a job.
   *
   * @param type such as CHECKPOINTED
   * @param description one line for a person
   */
  record HistoryEntry(Instant at, String type, String description) {}
}
