package io.fluxcore.application.job;

import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
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
    StoredJob old = jobs.get(id);
    if (old == null) {
      throw new IllegalArgumentException("there is no job " + id);
    }
    List<JobEvent> history = new ArrayList<>(old.history());
    history.add(event);
    List<JobEvent> kept = Job.replay(id, old.config(), history).history();
    jobs.put(id, new StoredJob(id, old.config(), old.topology(), kept));
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
