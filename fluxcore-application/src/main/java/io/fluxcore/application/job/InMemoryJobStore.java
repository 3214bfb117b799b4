package io.fluxcore.application.job;

import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps jobs as long as the process lives: the reference for what a store does. */
public final class InMemoryJobStore implements JobStore {
  private final Map<JobId, StoredJob> jobs = new LinkedHashMap<>();

  @Override
  public synchronized void add(StoredJob job) {
    if (jobs.putIfAbsent(job.id(), job) != null) {
      throw new IllegalArgumentException("there is a job " + job.id() + " already");
    }
  }

  @Override
  public synchronized void append(JobId id, JobEvent event) {
    StoredJob old = required(id);
    jobs.put(id, with(old.config(), old.topology(), old, event));
  }

  @Override
  public synchronized void upgrade(
      JobId id, JobConfig config, StreamTopology topology, JobEvent.Upgraded event) {
    jobs.put(id, with(config, topology, required(id), event));
  }

  private StoredJob required(JobId id) {
    StoredJob job = jobs.get(id);
    if (job == null) {
      throw new IllegalArgumentException("there is no job " + id);
    }
    return job;
  }

  private static StoredJob with(
      JobConfig config, StreamTopology topology, StoredJob old, JobEvent event) {
    List<JobEvent> history = new ArrayList<>(old.history());
    history.add(event);
    List<JobEvent> kept = Job.replay(old.id(), config, history).history();
    return new StoredJob(old.id(), config, topology, kept);
  }

  @Override
  public synchronized Optional<StoredJob> find(JobId id) {
    return Optional.ofNullable(jobs.get(id));
  }

  @Override
  public synchronized List<StoredJob> all() {
    return List.copyOf(jobs.values());
  }
}
