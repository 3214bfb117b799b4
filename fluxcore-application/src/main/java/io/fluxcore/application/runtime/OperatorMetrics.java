package io.fluxcore.application.runtime;

import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.StateReading;

/**
 * A reading of one operator's metrics, over all its subtasks.
 *
 * @param operatorId its name in the topology; a part of it has a suffix after {@code #}
 * @param stage number of the stage that it runs in
 * @param subtasks how many there are
 * @param counts its accounts, summed
 * @param busyPerMille share of the time that its stage works, of the busiest subtask
 * @param backPressuredPerMille share of the time that its stage waits to send, of the worst subtask
 * @param idlePerMille share of the time that its stage waits for input, of the most idle subtask
 * @param watermark the smallest of its subtasks, epoch milliseconds; {@link Long#MIN_VALUE} before
 *     the first
 * @param watermarkLagMillis processing time less the watermark; -1 where there is no watermark, or
 *     after the last
 * @param batchRows sizes of the batches that it received
 * @param heldPerMille of a source, share of the time that all its partitions are held back by their
 *     alignment group, of the subtask that waits most; it is part of the idle share
 * @param rowsInPerSecond over the last few seconds; 0 at first and after the end
 * @param rowsOutPerSecond over the last few seconds; 0 at first and after the end
 * @param stateBytes of keyed state that all subtasks hold, about, in whatever its backend keeps it
 * @param lagRecords of a source, records that lie outside and have not been read, about, of all
 *     splits that know; -1 where none does
 * @param lostRecords of a source, records that are known to have been lost before they were read;
 *     of a sink, rows that those who read from it are known to have missed; since it was last
 *     started, of all parts that know; -1 where none does
 * @param state what is known of states of its own, of a keyed process function
 * @param lookups how it gets on with a table outside, of a lookup join
 */
public record OperatorMetrics(
    String operatorId,
    int stage,
    int subtasks,
    Ledger.Counts counts,
    int busyPerMille,
    int backPressuredPerMille,
    int idlePerMille,
    long watermark,
    long watermarkLagMillis,
    HistogramSummary batchRows,
    int heldPerMille,
    double rowsInPerSecond,
    double rowsOutPerSecond,
    long stateBytes,
    long lagRecords,
    long lostRecords,
    StateReading state,
    LookupReading lookups) {
  /** Without rates and state. */
  public OperatorMetrics(
      String operatorId,
      int stage,
      int subtasks,
      Ledger.Counts counts,
      int busyPerMille,
      int backPressuredPerMille,
      int idlePerMille,
      long watermark,
      long watermarkLagMillis,
      HistogramSummary batchRows) {
    this(
        operatorId,
        stage,
        subtasks,
        counts,
        busyPerMille,
        backPressuredPerMille,
        idlePerMille,
        watermark,
        watermarkLagMillis,
        batchRows,
        0,
        0,
        0,
        0,
        -1,
        -1,
        StateReading.EMPTY,
        LookupReading.NONE);
  }
}
