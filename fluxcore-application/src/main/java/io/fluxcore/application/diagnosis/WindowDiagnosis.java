package io.fluxcore.application.diagnosis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator with windows waits for. Of several subtasks: the smallest watermark, the sum of
 * counts, the earliest firing.
 *
 * @param watermark epoch milliseconds of event time, or null before the first and after the last
 * @param heldBackBy the partition whose watermark is the smallest, or null if none is active
 * @param pendingWindows windows (of any key: distinct intervals; sessions: one a key) that have
 *     rows and have not fired
 * @param nextFiring the event time, epoch milliseconds, at which the earliest of them fires: when
 *     the watermark reaches it; null when none waits for time
 * @param rowsIn rows that arrived
 * @param late of these, rows whose windows were closed
 * @param filtered of these, rows that belong to no window
 * @param failed of these, rows that could not be processed
 * @param dropped of these, rows that load shedding took out
 * @param rowsOut results
 */
public record WindowDiagnosis(
    String operatorId,
    @Nullable Long watermark,
    @Nullable Holder heldBackBy,
    long pendingWindows,
    @Nullable Long nextFiring,
    long rowsIn,
    long late,
    long filtered,
    long failed,
    long dropped,
    long rowsOut) {
  /**
   * What holds a watermark back.
   *
   * @param sourceId the source
   * @param split its partition
   * @param watermark of the partition, epoch milliseconds, or null if it has given no row yet
   * @param since processing time since when its watermark has not moved, or null if never
   */
  public record Holder(
      String sourceId, String split, @Nullable Long watermark, @Nullable Instant since) {}
}
