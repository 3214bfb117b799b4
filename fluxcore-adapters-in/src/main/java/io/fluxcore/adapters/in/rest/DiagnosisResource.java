package io.fluxcore.adapters.in.rest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a job gives no output, if it does not.
 *
 * @param findings the likeliest cause first; empty when results flow
 */
record DiagnosisResource(
    String jobId,
    String state,
    Instant at,
    List<FindingResource> findings,
    List<SourceFigures> sources,
    List<WindowFigures> windows) {
  /** One thing that explains missing output. */
  record FindingResource(
      String code, String severity, String operatorId, String message, String remedy) {}

  /** Where event time stands in a source. */
  record SourceFigures(String operatorId, @Nullable Instant watermark, List<SplitFigures> splits) {}

  /** Where event time stands in one partition of a source. */
  record SplitFigures(
      String split,
      @Nullable Instant watermark,
      String state,
      long rows,
      @Nullable Instant lastRowAt,
      @Nullable Instant unchangedSince,
      @Nullable Long lagRecords) {}

  /** What an operator with windows waits for. */
  record WindowFigures(
      String operatorId,
      @Nullable Instant watermark,
      @Nullable HolderFigures heldBackBy,
      long pendingWindows,
      @Nullable Instant nextFiring,
      long rowsIn,
      long late,
      long filtered,
      long failed,
      long dropped,
      long rowsOut) {}

  /** The partition that holds a watermark back. */
  record HolderFigures(
      String sourceId, String split, @Nullable Instant watermark, @Nullable Instant since) {}
}
