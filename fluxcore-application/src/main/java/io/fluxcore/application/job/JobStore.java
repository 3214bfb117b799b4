package io.fluxcore.application.job;

import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import java.util.List;
import java.util.Optional;

/** Port: keeps jobs and their histories. Thread-safe. */
public interface JobStore {
  /**
   * Adds a job with the history that it has.
   *
   * @throws IllegalArgumentException if there is one of this id
   */
  void add(StoredJob job);

  /**
   * Adds an event to the history of a job.
   *
   * @throws IllegalArgumentException if there is no such job
   */
  void append(JobId id, JobEvent event);

  Optional<StoredJob> find(JobId id);

  /** All jobs, oldest first. */
  List<StoredJob> all();
}
