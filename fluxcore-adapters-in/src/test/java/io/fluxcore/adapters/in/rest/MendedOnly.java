package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.state.JobSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A job that processes letters that were mended, and no others. */
final class MendedOnly implements RunningJob {
  @Override
  public CompletableFuture<List<ReplayOutcome>> replay(List<DeadLetter> letters) {
    return CompletableFuture.completedFuture(
        letters.stream()
            .map(
                letter ->
                    letter.repair() == null
                        ? ReplayOutcome.failed(letter, "TEST-2", "still bad")
                        : ReplayOutcome.processed(letter, 1))
            .toList());
  }

  @Override
  public void cancel() {}

  @Override
  public void stop(boolean drain) {}

  @Override
  public CompletableFuture<CheckpointEntry> snapshot(SnapshotRequest request) {
    return new CompletableFuture<>();
  }

  @Override
  public CompletableFuture<LiveState> queryState(String operatorId, List<?> key) {
    return new CompletableFuture<>();
  }

  @Override
  public JobMetrics metrics() {
    return JobMetrics.EMPTY;
  }

  @Override
  public JobProgress progress() {
    return JobProgress.NONE;
  }

  @Override
  public Optional<JobSnapshot> lastSnapshot() {
    return Optional.empty();
  }

  @Override
  public CompletableFuture<JobEnd> end() {
    return new CompletableFuture<>();
  }
}
