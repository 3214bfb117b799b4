package io.fluxcore.application;

import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A job's way from one version to another, which is on trial until all its subtasks run: only then
 * is it the job's version. Guarded by its job.
 */
final class Upgrade {
  /** Counters go along with snapshots, but leaving them behind loses nothing. */
  private static final String COUNTERS = "ledger";

  private final JobVersion from;
  private final JobVersion to;
  private final CompletableFuture<Void> outcome = new CompletableFuture<>();
  private @Nullable JobSnapshot state;
  private @Nullable JobFailure failure;

  Upgrade(JobVersion from, JobVersion to) {
    this.from = from;
    this.to = to;
  }

  JobVersion to() {
    return to;
  }

  /**
   * Completes when the new version runs; exceptionally when it does not, and the old one goes on.
   */
  CompletableFuture<Void> outcome() {
    return outcome;
  }

  /** Takes the next step when a run is over; a step that breaks breaks the upgrade. */
  void after(CompletableFuture<JobEnd> runEnd, Consumer<JobEnd> step) {
    CompletableFuture<Void> unused =
        runEnd
            .thenAccept(step)
            .whenComplete(
                (nothing, broken) -> {
                  if (broken != null) {
                    outcome.completeExceptionally(broken);
                  }
                });
  }

  /** The state that the old version ended with, which either version goes on with. */
  @Nullable JobSnapshot state() {
    return state;
  }

  void state(@Nullable JobSnapshot snapshot) {
    state = snapshot;
  }

  /** Why the new version cannot start; the first reason stays. */
  void failed(JobFailure reason) {
    if (failure == null) {
      failure = reason;
    }
  }

  @Nullable JobFailure failure() {
    return failure;
  }

  /**
   * Refuses what cannot go well, before the job is touched.
   *
   * @throws FluxCoreException of category STATE_CONFLICT
   */
  void check(String job) {
    if (from.config().maxParallelism() != to.config().maxParallelism()) {
      throw conflict(
          "FLX-JOB-0009",
          job
              + " has maxParallelism "
              + from.config().maxParallelism()
              + ", version "
              + to.name()
              + " asks for "
              + to.config().maxParallelism(),
          "maxParallelism is fixed for the life of a job: use "
              + from.config().maxParallelism()
              + ", or give the job another name");
    }
    List<String> gone = from.stateGoneIn(to);
    if (!gone.isEmpty() && !to.config().allowNonRestoredState()) {
      throw stateLeftBehind(job, gone);
    }
  }

  /** Refuses to leave state behind, unless that is allowed. */
  void checkState(String job) {
    JobSnapshot snapshot = state;
    if (snapshot == null || to.config().allowNonRestoredState()) {
      return;
    }
    Set<String> gone = new TreeSet<>();
    snapshot
        .operators()
        .forEach(
            (id, operator) -> {
              String node = JobGraph.nodeOf(id);
              if (hasState(operator) && !to.has(node)) {
                gone.add(node);
              }
            });
    if (!gone.isEmpty()) {
      throw stateLeftBehind(job, List.copyOf(gone));
    }
  }

  private static boolean hasState(OperatorSnapshot operator) {
    return !operator.keyed().isEmpty()
        || operator.entries().keySet().stream().anyMatch(name -> !name.equals(COUNTERS));
  }

  private FluxCoreException stateLeftBehind(String job, List<String> gone) {
    return conflict(
        "FLX-JOB-0010",
        "version " + to.name() + " of " + job + " has no " + gone + ", whose state would be lost",
        "keep the names of these nodes, or set allowNonRestoredState if the state may be lost");
  }

  /** What who submitted the new version is told. */
  FluxCoreException refused(String job, JobFailure reason, boolean oldGoesOn) {
    return conflict(
        "FLX-JOB-0011",
        "version "
            + to.name()
            + " of "
            + job
            + " cannot start"
            + (reason.operatorId().isEmpty() ? "" : " ('" + reason.operatorId() + "')")
            + ": "
            + reason.message(),
        oldGoesOn
            ? "version " + from.name() + " goes on with its state; correct version " + to.name()
            : "the job is over; submit it again");
  }

  static FluxCoreException conflict(String code, String message, String remedy) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT, Diagnostic.error(code, Place.of("job"), message, remedy));
  }
}
