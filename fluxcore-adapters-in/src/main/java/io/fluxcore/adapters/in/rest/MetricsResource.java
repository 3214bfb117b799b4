package io.fluxcore.adapters.in.rest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reading of a job's metrics.
 *
 * @param checkpoints completed
 * @param runningSince since when all subtasks run, or null while they do not
 * @param rowsInPerSecond that sources read, over the last few seconds
 * @param lastCheckpoint of this run, or null
 */
record MetricsResource(
    List<OperatorFigures> operators,
    Distribution endToEndLatencyMs,
    int restarts,
    long checkpoints,
    long failedCheckpoints,
    @Nullable Instant runningSince,
    long uptimeMs,
    double rowsInPerSecond,
    @Nullable LastCheckpoint lastCheckpoint) {
  /** The last complete checkpoint. */
  record LastCheckpoint(long id, Instant completedAt, long bytes, long durationMs) {}

  /**
   * One operator, over all its subtasks. rowsIn = accepted + late + filtered + failed + dropped.
   *
   * @param watermark null before the first, and after the end of the input
   * @param inputEnded whether no event time will come any more
   * @param heldPerMille of a source: waits for others of its alignment group; part of idlePerMille
   * @param watermarkLagMs null where there is no watermark
   * @param stateBytes of keyed state, about
   * @param lagRecords of a source: that lie outside and have not been read, about; null where that
   *     is not known
   * @param lostRecords of a source: that are known to have been lost before they were read; of a
   *     sink: that clients are known to have missed; since it was last started; null where that is
   *     not known
   */
  record OperatorFigures(
      String operatorId,
      int stage,
      int subtasks,
      long rowsIn,
      long accepted,
      long late,
      long filtered,
      long failed,
      long dropped,
      DroppedFigures droppedBy,
      long rowsOut,
      long bytesIn,
      long bytesOut,
      long batchesIn,
      long batchesOut,
      int busyPerMille,
      int backPressuredPerMille,
      int idlePerMille,
      int heldPerMille,
      @Nullable Instant watermark,
      boolean inputEnded,
      @Nullable Long watermarkLagMs,
      Distribution batchRows,
      double rowsInPerSecond,
      double rowsOutPerSecond,
      long stateBytes,
      @Nullable Long lagRecords,
      @Nullable Long lostRecords,
      StateFigures state) {}

  /**
   * The states of a keyed process function.
   *
   * @param states empty for other operators
   * @param largestKeys among those written since the operator was started, largest first
   */
  record StateFigures(
      List<StateSizeFigures> states,
      long pendingTimers,
      long firedTimers,
      long failedTimers,
      List<LargeKeyFigures> largestKeys) {}

  /** One state. Bytes are those of values, about. */
  record StateSizeFigures(
      String name, String kind, long entries, long bytes, long expired, long expiredBytes) {}

  /** A key with much state. */
  record LargeKeyFigures(String state, List<@Nullable String> key, long entries, long bytes) {}

  /** Rows that load shedding took out, by its policy. */
  record DroppedFigures(long oldest, long lowestPriority, long sample) {}

  /** What a histogram says; all but the count null when nothing was recorded. */
  record Distribution(
      long count,
      @Nullable Double mean,
      @Nullable Long p50,
      @Nullable Long p99,
      @Nullable Long max) {}
}
