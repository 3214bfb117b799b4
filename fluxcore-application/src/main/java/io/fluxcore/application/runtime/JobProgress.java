package io.fluxcore.application.runtime;

import java.time.Instant;
import java.util.List;

/**
 * A reading of how far a running job is in event time, of its attempt at hand.
 *
 * @param splits of all sources that were given to a subtask
 * @param windows of all operators with windows, over their subtasks, in the order of the plan
 * @param errors the last row that failed, of each operator or source that has one
 */
public record JobProgress(
    List<SplitProgress> splits, List<WindowProgress> windows, List<LastError> errors) {
  /** Of a job that does not run. */
  public static final JobProgress NONE = new JobProgress(List.of(), List.of(), List.of());

  public JobProgress {
    splits = List.copyOf(splits);
    windows = List.copyOf(windows);
    errors = List.copyOf(errors);
  }

  /** What a split does to the watermark of its source. */
  public enum SplitState {
    ACTIVE,
    IDLE,
    /** Active, but not read, because it is too far ahead of its alignment group. */
    ALIGNING,
    FINISHED
  }

  /**
   * How far a split of a source is.
   *
   * @param sourceId the source
   * @param split its id
   * @param eventTime whether its watermark counts: false under processing time
   * @param watermark epoch milliseconds; {@link Long#MIN_VALUE} before the first row with a time
   * @param rows read from it, bad and filtered ones included
   * @param lastRowMillis processing time of the last of them; {@link Long#MIN_VALUE} before
   * @param unchangedSinceMillis processing time since when its watermark has not moved, or since
   *     when the split is read
   * @param lagRecords that lie outside and have not been read, about; -1 where that is not known
   * @param lostRecords that are known to have been lost before they were read; -1 where that is not
   *     known
   */
  public record SplitProgress(
      String sourceId,
      String split,
      boolean eventTime,
      SplitState state,
      long watermark,
      long rows,
      long lastRowMillis,
      long unchangedSinceMillis,
      long lagRecords,
      long lostRecords) {}

  /**
   * What an operator's windows wait for.
   *
   * @param processingTime whether they close by the host's clock and not by watermarks
   * @param watermark the smallest of the subtasks; {@link Long#MIN_VALUE} before the first
   * @param pending windows that have rows and have not fired, summed over subtasks
   * @param nextFiring the watermark at which the earliest fires; {@link Long#MAX_VALUE} for none
   * @param pace milliseconds that the watermark advanced in one of processing time, over the last
   *     few seconds; 0 while that is not known
   */
  public record WindowProgress(
      String operatorId,
      boolean processingTime,
      long watermark,
      long pending,
      long nextFiring,
      double pace) {}

  /** A row that could not be processed. */
  public record LastError(String operatorId, String code, String message, Instant at) {}
}
