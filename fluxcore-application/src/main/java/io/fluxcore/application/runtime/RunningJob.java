package io.fluxcore.application.runtime;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.domain.state.JobSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A job that a runtime was given. Thread-safe; its methods return soon. */
public interface RunningJob {
  /** Ends the job at once, also while it is blocked. Without effect when it is over. */
  void cancel();

  /**
   * Ends the job in order: sources stop, and what they have read is processed and written. Without
   * effect when it is over.
   *
   * @param drain whether open windows give their results too, as at the end of the input; otherwise
   *     they stay open in the last checkpoint
   */
  void stop(boolean drain);

  /**
   * Makes a snapshot now: a checkpoint, or a savepoint, after which the job may be over.
   *
   * @return completes when the snapshot is registered and the job's sinks have committed,
   *     exceptionally if it fails or the job ends before
   */
  CompletableFuture<CheckpointEntry> snapshot(SnapshotRequest request);

  /** Makes a checkpoint now; completes exceptionally if it fails or the job ends before. */
  default CompletableFuture<CheckpointSummary> triggerCheckpoint() {
    return snapshot(SnapshotRequest.CHECKPOINT)
        .thenApply(
            entry -> new CheckpointSummary(entry.checkpointId(), entry.bytes(), entry.duration()));
  }

  /**
   * Gives dead letters to the operators that they failed in, on the operators' own threads and
   * counted as all rows are; raw records go through their source's decoder first. The future
   * completes, never exceptionally, with one outcome each, in this order. What was given when the
   * job fails or ends is undone as everything since the last checkpoint is, and is told as {@link
   * ReplayOutcome.Kind#REFUSED}.
   */
  default CompletableFuture<List<ReplayOutcome>> replay(List<DeadLetter> letters) {
    return CompletableFuture.completedFuture(
        letters.stream()
            .map(
                letter ->
                    ReplayOutcome.refused(
                        letter, "FLX-DEADLETTER-0003", "the job's runtime replays nothing"))
            .toList());
  }

  /** A reading of the job's metrics; after its end, the last one. */
  JobMetrics metrics();

  /**
   * Reads the state of a key, on the thread of the subtask that owns it.
   *
   * @param key values of the key's fields, or their text
   * @return completes soon after the operator has done what it is at; exceptionally with a {@link
   *     io.fluxcore.domain.error.FluxCoreException} if there is no such operator, it has no state
   *     that can be asked for, or the key is not of its types
   */
  CompletableFuture<LiveState> queryState(String operatorId, List<?> key);

  /** A reading of how far the job is in event time; after its end, the last one. */
  JobProgress progress();

  /** The last complete checkpoint or, after its end, the state that it ended with. */
  Optional<JobSnapshot> lastSnapshot();

  /** Completes, never exceptionally, when the job is over and all that it held is released. */
  CompletableFuture<JobEnd> end();
}
