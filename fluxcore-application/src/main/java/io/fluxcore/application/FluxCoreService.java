package io.fluxcore.application;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.util.List;

/**
 * The front door: submits topologies as jobs and looks after them. Thread-safe. Methods that take a
 * {@link JobId} throw a {@link io.fluxcore.domain.error.FluxCoreException} of category {@code
 * NOT_FOUND} when there is no such job.
 */
public interface FluxCoreService {
  /**
   * Validates, plans and starts a topology. When a job of the same name and version is under way
   * already, attaches to it and returns its id.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code USER} with everything
   *     that is wrong with the topology, or {@code STATE_CONFLICT} if the name is taken by a job of
   *     another version or another topology
   */
  JobId submitJob(StreamTopology topology, JobConfig config);

  JobStatus getJobStatus(JobId jobId);

  /** Everything about a job. */
  JobDetail getJob(JobId jobId);

  /** All jobs, oldest first. */
  List<JobSummary> listJobs();

  /**
   * Ends a job at once. Without effect when it is over or being cancelled.
   *
   * <p>Returns before the job is over; see {@link #awaitEnd}.
   */
  void cancelJob(JobId jobId);

  /**
   * Ends a job in order: sources stop, what they have read is processed and written, and open
   * windows give their results. Without effect when it is over or being ended.
   *
   * <p>Returns before the job is over; see {@link #awaitEnd}.
   */
  void stopJob(JobId jobId);

  /**
   * What would be run, printed: stages, exchanges, what is pushed into sources.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException as {@link #submitJob} does
   */
  String explain(StreamTopology topology, JobConfig config);

  /**
   * Waits until a job is over.
   *
   * @return the job's status: a terminal one, unless the time ran out before
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  JobStatus awaitEnd(JobId jobId, Duration timeout) throws InterruptedException;
}
