package io.fluxcore.application.job;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Port: keeps jobs with their histories, and which server has which of them. Thread-safe.
 *
 * <p>A server has a job by a lease, which runs out unless it is renewed in time; time is the
 * store's. Each lease has a fencing token, larger than those of all leases of the job before. What
 * a server writes down of a job carries the token and is refused when a later lease was given: so a
 * server that was away for a while cannot write over what its successor does (Kleppmann, How to do
 * distributed locking, 2016).
 */
public interface JobStore {
  /**
   * Adds a job with the history that it has. The server has it from the start.
   *
   * @return the token of its lease
   * @throws IllegalArgumentException if there is one of this id
   * @throws JobNameTakenException if there is one of this name that is not over
   */
  long add(StoredJob job, String server);

  /**
   * Adds an event to the history of a job.
   *
   * @param status of the job after it
   * @throws IllegalArgumentException if there is no such job
   * @throws LeaseLostException if the token is not that of the job's last lease
   */
  void append(JobId id, long token, JobEvent event, JobStatus status);

  /**
   * Adds the event to the history of a job, which has this configuration and topology from then on:
   * both or neither.
   *
   * @param status of the job after it
   * @throws IllegalArgumentException if there is no such job
   * @throws LeaseLostException if the token is not that of the job's last lease
   */
  void change(
      JobId id,
      long token,
      JobConfig config,
      StoredTopology topology,
      JobEvent event,
      JobStatus status);

  Optional<StoredJob> find(JobId id);

  /** All jobs, oldest first. */
  List<JobEntry> entries();

  // --- Which server has a job -------------------------------------------------------------------

  /**
   * Takes a job that no server has, whose lease has run out, or that the same server has.
   *
   * @param server a name that no other server has, nor the same one in another life
   * @return the token of the new lease; empty while another server has the job
   * @throws IllegalArgumentException if there is no such job
   */
  OptionalLong acquire(JobId id, String server);

  /**
   * Makes leases last from now on. One that has run out is renewed all the same if no later one was
   * given.
   *
   * @param tokens of the leases, by job
   * @return the jobs that the server still has
   */
  Set<JobId> renew(Map<JobId, Long> tokens);

  /**
   * Whether the token is that of the job's last lease, and this has not run out.
   *
   * @throws IllegalArgumentException if there is no such job
   */
  boolean isHeld(JobId id, long token);

  /** Gives a job back, unless a later lease was given. Its token still admits writing. */
  void release(JobId id, long token);
}
