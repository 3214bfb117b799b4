package io.fluxcore.application;

import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A job that this server was given: writes down what its runtime tells, and passes on what users
 * ask. Users, and the runtime's threads, come at any time, so an event that no longer fits (a
 * restart of a job that is being cancelled) is left out. Calls to the runtime are made without the
 * lock.
 */
final class ManagedJob implements JobListener {
  private final Job job;
  private final StreamTopology topology;
  private final String plan;
  private final JobStore store;
  private final InstantSource time;
  private final CompletableFuture<JobStatus> end = new CompletableFuture<>();
  private @Nullable RunningJob running;
  private Request request = Request.NONE;

  /** What a user wants of the job. */
  private enum Request {
    NONE,
    STOP,
    CANCEL
  }

  ManagedJob(Job job, StreamTopology topology, String plan, JobStore store, InstantSource time) {
    this.job = job;
    this.topology = topology;
    this.plan = plan;
    this.store = store;
    this.time = time;
  }

  JobId id() {
    return job.id();
  }

  JobConfig config() {
    return job.config();
  }

  StreamTopology topology() {
    return topology;
  }

  synchronized JobStatus status() {
    return job.status();
  }

  /** The job can be stopped and cancelled from here on. */
  void prepare() {
    record(new JobEvent.Starting(time.instant()));
  }

  void start(JobRuntime runtime, ExecutionPlan executionPlan) {
    RunningJob started;
    try {
      started = runtime.start(executionPlan, job.id(), job.config(), this);
    } catch (RuntimeException e) {
      failed("", e);
      ended(JobEnd.failed(e));
      throw e;
    }
    Request missed;
    synchronized (this) {
      running = started;
      missed = request;
    }
    pass(missed, started);
  }

  void cancel() {
    ask(Request.CANCEL, new JobEvent.Cancelling(time.instant()));
  }

  void stop() {
    ask(Request.STOP, new JobEvent.Stopping(time.instant()));
  }

  private void ask(Request wanted, JobEvent event) {
    RunningJob target;
    synchronized (this) {
      if (!record(event)) {
        return;
      }
      request = wanted;
      target = running;
    }
    if (target != null) {
      pass(wanted, target);
    }
  }

  private static void pass(Request request, RunningJob target) {
    switch (request) {
      case STOP -> target.stop(true);
      case CANCEL -> target.cancel();
      case NONE -> {}
    }
  }

  /** Whether the event fits and was written down. */
  private synchronized boolean record(JobEvent event) {
    if (!job.accepts(event)) {
      return false;
    }
    job.record(event);
    store.append(job.id(), event);
    return true;
  }

  @Override
  public void running() {
    record(new JobEvent.Started(time.instant()));
  }

  @Override
  public void checkpointed(CheckpointSummary checkpoint) {
    record(
        new JobEvent.Checkpointed(
            time.instant(), checkpoint.id(), checkpoint.bytes(), checkpoint.duration()));
  }

  @Override
  public void checkpointFailed(long checkpointId, String reason) {
    record(new JobEvent.CheckpointFailed(time.instant(), checkpointId, reason));
  }

  @Override
  public void failed(String operatorId, Throwable failure) {
    record(new JobEvent.Failed(time.instant(), failureOf(operatorId, failure)));
  }

  private static JobFailure failureOf(String operatorId, Throwable failure) {
    String code = failure instanceof FluxCoreException known ? known.code() : "FLX-JOB-0007";
    String message = failure.getMessage();
    return new JobFailure(
        operatorId,
        code,
        failure instanceof FluxCoreException && message != null ? message : failure.toString());
  }

  @Override
  public void restarting(Duration delay) {
    record(new JobEvent.Restarting(time.instant(), delay));
  }

  @Override
  public void starting() {
    record(new JobEvent.Starting(time.instant()));
  }

  @Override
  public void ended(JobEnd jobEnd) {
    JobStatus status =
        switch (jobEnd.kind()) {
          case FINISHED -> JobStatus.FINISHED;
          case STOPPED -> JobStatus.STOPPED;
          case CANCELLED -> JobStatus.CANCELLED;
          case FAILED -> JobStatus.FAILED;
        };
    record(new JobEvent.Ended(time.instant(), status));
    end.complete(status());
  }

  JobStatus awaitEnd(Duration timeout) throws InterruptedException {
    try {
      return end.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return status();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a job is never exceptional", e);
    }
  }

  JobDetail detail() {
    RunningJob source;
    synchronized (this) {
      source = running;
    }
    JobMetrics metrics = source == null ? JobMetrics.EMPTY : source.metrics();
    synchronized (this) {
      return detail(job, metrics, plan);
    }
  }

  /** A job of an earlier life of the server. */
  static JobDetail detailOf(Job job) {
    return detail(job, JobMetrics.EMPTY, "");
  }

  private static JobDetail detail(Job job, JobMetrics metrics, String plan) {
    return new JobDetail(
        job.id(), job.config(), job.status(), job.history(), job.failure(), metrics, plan);
  }
}
