package io.fluxcore.application.timetravel;

import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.InMemoryCheckpointRegistry;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.results.ResultTaps;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.state.JobSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A run that nobody else notices, and that brings a job to a time: from a {@link
 * RestartPoints.Point} to where nothing earlier can come, into no sink. It ends with the state that
 * it has there, which lies in memory. Thread-safe.
 */
public final class PastRun {
  private final Instant time;
  private final CappedStore store;
  private final long maxBytes;
  private final CompletableFuture<JobSnapshot> outcome = new CompletableFuture<>();
  private final RunningJob run;
  private boolean arrived;
  private @Nullable RunningJob started;
  private @Nullable Throwable failure;
  private @Nullable FluxCoreException givenUp;

  private PastRun(
      JobRuntime runtime,
      JobVersion version,
      JobId id,
      RestartPoints.Point from,
      Instant time,
      long maxBytes,
      InstantSource clock) {
    this.time = time;
    this.maxBytes = maxBytes;
    this.store = new CappedStore(maxBytes);
    JobConfig config =
        version.config().toBuilder()
            .name(version.config().name() + " as of " + time)
            .checkpoints(JobConfig.Checkpoints.NONE)
            .restartStrategy(RestartStrategy.none())
            .deliveryGuarantee(null)
            .errorBreaker(null)
            .build();
    this.run =
        runtime.start(
            new JobStart(
                PrivatePlan.of(version.plan()),
                id,
                config,
                new Listener(),
                from.until(time.toEpochMilli(), version),
                new CheckpointStorage(store, new InMemoryCheckpointRegistry(), clock).own(id),
                new ResultTaps()));
  }

  /**
   * Starts a run.
   *
   * @param id that no job has
   * @param time in event time
   * @param maxBytes of the state that it ends with
   * @throws FluxCoreException if the runtime cannot run it
   */
  public static PastRun start(
      JobRuntime runtime,
      JobVersion version,
      JobId id,
      RestartPoints.Point from,
      Instant time,
      long maxBytes,
      InstantSource clock) {
    PastRun past = new PastRun(runtime, version, id, from, time, maxBytes, clock);
    past.begin();
    return past;
  }

  private void begin() {
    boolean stopNow;
    synchronized (this) {
      started = run;
      stopNow = arrived;
    }
    if (stopNow) {
      run.stop(false);
    }
    CompletableFuture<Void> unused = run.end().thenAccept(this::ended);
  }

  /**
   * Completes with the state; exceptionally with a {@link FluxCoreException} when it cannot be had,
   * or a {@link CancellationException} when the run was cancelled. Nothing runs any more then.
   */
  public CompletableFuture<JobSnapshot> outcome() {
    return outcome;
  }

  /** Ends it at once. */
  public void cancel() {
    run.cancel();
  }

  /** Ends it at once, since it takes too long. */
  public void giveUp(Duration limit) {
    FluxCoreException reason =
        new FluxCoreException(
            ErrorCategory.RESOURCE,
            Diagnostic.error(
                "FLX-TRAVEL-0003",
                Place.of("time"),
                "the job was not brought to "
                    + time
                    + " within "
                    + limit.toSeconds()
                    + " s; it has come to "
                    + reached(),
                "make a savepoint nearer to that time, raise the limit, or ask for a time that the"
                    + " sources have reached"));
    synchronized (this) {
      givenUp = reason;
    }
    run.cancel();
  }

  private String reached() {
    JobProgress progress = run.progress();
    long slowest = Long.MAX_VALUE;
    String split = "";
    for (JobProgress.SplitProgress one : progress.splits()) {
      if (one.state() == JobProgress.SplitState.ACTIVE && one.watermark() < slowest) {
        slowest = one.watermark();
        split = one.split();
      }
    }
    return slowest == Long.MAX_VALUE
        ? "no time yet"
        : (slowest == Long.MIN_VALUE ? "no time yet" : Instant.ofEpochMilli(slowest).toString())
            + " in split '"
            + split
            + "'";
  }

  private void ended(JobEnd how) {
    Throwable cause;
    FluxCoreException limit;
    boolean isThere;
    synchronized (this) {
      cause = failure == null ? how.failure() : failure;
      limit = givenUp;
      isThere = arrived;
    }
    JobSnapshot state = run.lastSnapshot().orElse(null);
    if (how.kind() == JobEnd.Kind.STOPPED && isThere && state != null) {
      outcome.complete(state);
    } else if (how.kind() == JobEnd.Kind.CANCELLED) {
      outcome.completeExceptionally(limit == null ? new CancellationException() : limit);
    } else {
      outcome.completeExceptionally(store.isExceeded() ? tooLarge() : failed(cause));
    }
  }

  private FluxCoreException tooLarge() {
    return new FluxCoreException(
        ErrorCategory.RESOURCE,
        Diagnostic.error(
            "FLX-TRAVEL-0004",
            Place.of("job"),
            "the state that the job had at " + time + " has more than " + maxBytes + " bytes",
            "raise the limit, or replay the job from a savepoint and look at it there"));
  }

  private FluxCoreException failed(@Nullable Throwable cause) {
    String why =
        cause instanceof FluxCoreException known
            ? known.diagnostics().get(0).message()
            : String.valueOf(cause);
    return new FluxCoreException(
        cause instanceof FluxCoreException known ? known.category() : ErrorCategory.BUG,
        List.of(
            Diagnostic.error(
                "FLX-TRAVEL-0010",
                Place.of("job"),
                "the job cannot be brought to " + time + ": " + why,
                "look at the cause; the job that runs was not touched")),
        cause);
  }

  private void arrivedAll() {
    RunningJob target;
    synchronized (this) {
      arrived = true;
      target = started;
    }
    if (target != null) {
      target.stop(false);
    }
  }

  /** What the runtime tells of the run. */
  private final class Listener implements JobListener {
    @Override
    public void running() {}

    @Override
    public void checkpointed(CheckpointSummary checkpoint) {}

    @Override
    public void checkpointFailed(long checkpointId, String reason) {}

    @Override
    public void arrived() {
      arrivedAll();
    }

    @Override
    public void failed(String operatorId, Throwable reason) {
      synchronized (PastRun.this) {
        failure = reason;
      }
    }

    @Override
    public void restarting(Duration delay) {}

    @Override
    public void starting() {}

    @Override
    public void ended(JobEnd end) {}
  }
}
