package io.fluxcore.domain.job;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job: what happened to it so far, and the status that follows from it. The history is the only
 * state; a job is the same after {@link #replay} of it. Not thread-safe: its owner guards it.
 */
public final class Job {
  /** Of checkpoints the history keeps this many, the latest, so that it does not grow for ever. */
  public static final int KEPT_CHECKPOINTS = 100;

  private final JobId id;
  private JobConfig config;
  private final List<JobEvent> history = new ArrayList<>();
  private final List<Instant> failures = new ArrayList<>();
  private JobStatus status = JobStatus.SUBMITTED;
  private @Nullable JobFailure failure;
  private int checkpointEvents;

  private Job(JobId id, JobConfig config) {
    this.id = id;
    this.config = config;
  }

  /** A new job. */
  public static Job submit(JobId id, JobConfig config, Instant at) {
    Job job = new Job(id, config);
    job.add(new JobEvent.Submitted(at, config.name(), config.version(), config.parallelism()));
    return job;
  }

  /**
   * The job that has this history.
   *
   * @param events oldest first; the first is {@link JobEvent.Submitted}
   * @throws FluxCoreException if that cannot be a job's history
   */
  public static Job replay(JobId id, JobConfig config, List<JobEvent> events) {
    if (events.isEmpty() || !(events.get(0) instanceof JobEvent.Submitted)) {
      throw new IllegalArgumentException("the history of " + id + " does not start with its start");
    }
    Job job = new Job(id, config);
    job.add(events.get(0));
    events.subList(1, events.size()).forEach(job::record);
    return job;
  }

  /** Whether the event may happen in the job's status. */
  public boolean accepts(JobEvent event) {
    if (event instanceof JobEvent.Submitted) {
      return false;
    }
    JobStatus next = statusAfter(event);
    return next == null ? !status.isTerminal() : status.canBecome(next);
  }

  /**
   * Adds an event to the history.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if it may not happen in the job's status
   */
  public void record(JobEvent event) {
    if (!accepts(event)) {
      throw new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          Diagnostic.error(
              "FLX-JOB-0002",
              Place.of("job " + id),
              "the job is " + status + ", so it cannot be: " + event.describe(),
              status.isTerminal()
                  ? "submit the topology again"
                  : "possible next statuses are " + status.next()));
    }
    add(event);
  }

  /**
   * The job goes on with another configuration.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if it may not happen in the job's status
   */
  public void change(JobConfig newConfig, JobEvent event) {
    record(event);
    config = newConfig;
  }

  private void add(JobEvent event) {
    JobStatus next = statusAfter(event);
    if (next != null) {
      status = next;
    }
    if (event instanceof JobEvent.Failed failed) {
      failure = failed.failure();
      failures.add(failed.at());
    }
    if (event instanceof JobEvent.Checkpointed && ++checkpointEvents > KEPT_CHECKPOINTS) {
      removeOldestCheckpoint();
    }
    history.add(event);
  }

  private void removeOldestCheckpoint() {
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i) instanceof JobEvent.Checkpointed) {
        history.remove(i);
        checkpointEvents--;
        return;
      }
    }
  }

  /** The status that an event leads to; null where it changes none. */
  private static @Nullable JobStatus statusAfter(JobEvent event) {
    if (event instanceof JobEvent.Submitted || event instanceof JobEvent.Resubmitted) {
      return JobStatus.SUBMITTED;
    } else if (event instanceof JobEvent.WaitingForCode) {
      return JobStatus.WAITING_FOR_CODE;
    } else if (event instanceof JobEvent.Starting || event instanceof JobEvent.Resuming) {
      return JobStatus.STARTING;
    } else if (event instanceof JobEvent.Started) {
      return JobStatus.RUNNING;
    } else if (isBetweenRuns(event)) {
      return JobStatus.RESTARTING;
    } else if (event instanceof JobEvent.Suspending) {
      return JobStatus.SUSPENDING;
    } else if (event instanceof JobEvent.Suspended) {
      return JobStatus.SUSPENDED;
    } else if (event instanceof JobEvent.Stopping) {
      return JobStatus.STOPPING;
    } else if (event instanceof JobEvent.Cancelling) {
      return JobStatus.CANCELLING;
    } else if (event instanceof JobEvent.Ended ended) {
      return ended.status();
    }
    return null;
  }

  private static boolean isBetweenRuns(JobEvent event) {
    return event instanceof JobEvent.Restarting
        || event instanceof JobEvent.Upgrading
        || event instanceof JobEvent.Rescaling
        || event instanceof JobEvent.RestartRequested
        || event instanceof JobEvent.Released;
  }

  public JobId id() {
    return id;
  }

  public JobConfig config() {
    return config;
  }

  public JobStatus status() {
    return status;
  }

  /** What happened, oldest first; of checkpoints the latest. */
  public List<JobEvent> history() {
    return List.copyOf(history);
  }

  /** When the job failed, oldest first: what restart strategies ask for. */
  public List<Instant> failures() {
    return List.copyOf(failures);
  }

  /** The last failure, or null. */
  public @Nullable JobFailure failure() {
    return failure;
  }

  /** When the job was first submitted. */
  public Instant submitted() {
    return history.get(0).at();
  }

  @Override
  public String toString() {
    return config.name() + " (" + id + "): " + status;
  }
}
