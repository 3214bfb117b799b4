package io.fluxcore.application.diagnosis;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where event time stands in a source.
 *
 * @param watermark epoch milliseconds of event time, or null before the first and after the last
 * @param splits its partitions; the source's watermark is the smallest of those that are active
 */
public record SourceDiagnosis(
    String operatorId, @Nullable Long watermark, List<SplitDiagnosis> splits) {
  public SourceDiagnosis {
    splits = List.copyOf(splits);
  }

  /**
   * Where event time stands in one partition.
   *
   * @param split its name
   * @param watermark epoch milliseconds of event time, or null before the first and after the last
   * @param state whether it holds the source's watermark back
   * @param rows read from it by this attempt of the job
   * @param lastRowAt processing time of the last row, or null if there was none
   * @param unchangedSince processing time since when its watermark has not moved, or since when it
   *     is read
   * @param lagRecords that lie outside and have not been read, about, or null if that is not known
   */
  public record SplitDiagnosis(
      String split,
      @Nullable Long watermark,
      SplitState state,
      long rows,
      @Nullable Instant lastRowAt,
      @Nullable Instant unchangedSince,
      @Nullable Long lagRecords) {}

  /** What a partition does to the watermark. */
  public enum SplitState {
    ACTIVE,
    /** Has given nothing for longer than the idle timeout, and is not waited for. */
    IDLE,
    /** Active, but not read, so that it does not run ahead of its alignment group. */
    ALIGNING,
    /** Has ended. */
    FINISHED
  }
}
