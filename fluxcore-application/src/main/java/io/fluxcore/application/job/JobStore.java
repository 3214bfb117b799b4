package io.fluxcore.application.job;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.topology.StreamTopology;
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

  /**
   * Adds the event to the history of a job, which has this configuration and topology from then on:
   * both or neither.
   *
   * @throws IllegalArgumentException if there is no such job
   */
  void upgrade(JobId id, JobConfig config, StreamTopology topology, JobEvent.Upgraded event);

  Optional<StoredJob> find(JobId id);

  /** All jobs, oldest first. */
  List<StoredJob> all();
}
