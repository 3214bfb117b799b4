package io.fluxcore.application.control;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.lifecycle.Changeover;
import io.fluxcore.application.lifecycle.JobHistory;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.lifecycle.ManagedJob;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationType;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What users ask of jobs that there are: to end, to pause, to go on otherwise. */
final class JobCommands {
  private final JobServices services;
  private final KnownJobs known;
  private final OwnJobs own;
  private final Leases leases;
  private final JobVersions versions;
  private final Recovery recovery;
  private final Operations operations;

  JobCommands(
      JobServices services,
      KnownJobs known,
      OwnJobs own,
      Leases leases,
      JobVersions versions,
      Recovery recovery) {
    this.services = services;
    this.known = known;
    this.own = own;
    this.leases = leases;
    this.versions = versions;
    this.recovery = recovery;
    this.operations = services.operations();
  }

  // --- Ends -------------------------------------------------------------------------------------

  void cancel(JobId jobId) {
    Optional<ManagedJob> job = own.find(jobId);
    if (job.isPresent()) {
      job.get().cancel();
    } else if (!known.job(jobId).status().isTerminal()) {
      cancelThatNobodyRuns(jobId);
    }
  }

  /** Ends a job that is suspended or waits for its code, or which nobody has gone on with. */
  private void cancelThatNobodyRuns(JobId jobId) {
    synchronized (own) {
      long token = leases.take(jobId).orElseThrow(() -> known.notHere(jobId));
      JobHistory history = new JobHistory(known.job(jobId), services.store(), token);
      history.record(new JobEvent.Cancelling(services.time().instant()));
      history.record(new JobEvent.Ended(services.time().instant(), JobStatus.CANCELLED));
      if (!history.isWritten()) {
        throw conflict(
            "FLX-JOB-0021",
            "that job " + jobId + " is cancelled cannot be written down",
            "try it again when the job store answers");
      }
      leases.giveBack(jobId, token);
    }
  }

  void stop(JobId jobId) {
    Optional<ManagedJob> job = own.find(jobId);
    if (job.isPresent()) {
      job.get().stop();
    } else if (!known.job(jobId).status().isTerminal()) {
      throw known.notHere(jobId);
    }
  }

  // --- Pauses -----------------------------------------------------------------------------------

  Operation suspend(JobId jobId) {
    ManagedJob job = own.running(jobId);
    return operations.start(
        OperationType.SUSPEND,
        jobId,
        steps -> {
          CompletableFuture<Void> suspended = job.suspend();
          steps.at(10, "stopping with its state");
          return suspended.thenApply(nothing -> Map.of());
        });
  }

  /**
   * Begins to go on with a suspended job.
   *
   * @param status that it has
   */
  Operation resume(JobId jobId, JobStatus status) {
    if (status != JobStatus.SUSPENDED) {
      throw conflict(
          "FLX-JOB-0017",
          "job " + jobId + " is " + status + ", so it cannot be resumed",
          "only a suspended job can be");
    }
    return operations.start(
        OperationType.RESUME,
        jobId,
        steps -> {
          ManagedJob job = recovery.resume(jobId);
          steps.at(30, "starting");
          return job.settled().thenApply(nothing -> resumed(job));
        });
  }

  private static Map<String, String> resumed(ManagedJob job) {
    JobFailure failure = job.detail().failure();
    if (job.status() != JobStatus.RUNNING && job.status() != JobStatus.FINISHED) {
      throw conflict(
          "FLX-JOB-0018",
          "job '"
              + job.config().name()
              + "' was resumed and is "
              + job.status()
              + (failure == null ? "" : ": " + failure.message()),
          job.status().isTerminal()
              ? "remove the cause and submit it again"
              : "its restart strategy tries again; look at its history");
    }
    return Map.of();
  }

  // --- Goes on otherwise ------------------------------------------------------------------------

  Operation restart(JobId jobId, boolean withState) {
    ManagedJob job = own.running(jobId);
    return operations.start(
        OperationType.RESTART,
        jobId,
        steps ->
            job.changeOver(Changeover.restart(job.version(), withState, steps))
                .thenApply(nothing -> Map.of()));
  }

  Operation rescale(JobId jobId, int parallelism) {
    ManagedJob job = own.running(jobId);
    JobVersion old = job.version();
    JobVersion next = versions.with(old, rescaled(old.config(), parallelism));
    return operations.start(
        OperationType.RESCALE,
        jobId,
        steps ->
            job.changeOver(Changeover.rescale(old, next, steps))
                .thenApply(nothing -> Map.of("parallelism", Integer.toString(parallelism))));
  }

  /**
   * The configuration at another parallelism.
   *
   * @throws FluxCoreException of category USER if the job cannot run so
   */
  static JobConfig rescaled(JobConfig config, int parallelism) {
    if (parallelism < 1 || parallelism > config.maxParallelism()) {
      throw FluxCoreException.user(
          "FLX-JOB-0019",
          Place.of("parallelism"),
          "job '" + config.name() + "' cannot run at parallelism " + parallelism,
          "it is 1 to " + config.maxParallelism() + ", the job's maxParallelism");
    }
    return config.toBuilder().parallelism(parallelism).build();
  }

  /** Begins to make a savepoint. */
  Operation savepoint(JobId jobId, SnapshotRequest wanted) {
    ManagedJob job = own.running(jobId);
    return operations.start(
        OperationType.SAVEPOINT,
        jobId,
        steps -> {
          CompletableFuture<CheckpointEntry> made = job.snapshot(wanted);
          steps.at(10, "writing its state");
          return made.thenApply(entry -> Map.of("savepointId", entry.location().name()));
        });
  }

  private static FluxCoreException conflict(String code, String message, String remedy) {
    return FluxCoreException.conflict(code, Place.of("job"), message, remedy);
  }
}
