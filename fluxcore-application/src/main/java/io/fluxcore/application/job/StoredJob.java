package io.fluxcore.application.job;

import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import java.util.List;

/**
 * A job as it is kept.
 *
 * @param history its events, oldest first; of checkpoints the latest
 */
public record StoredJob(
    JobId id, JobConfig config, StoredTopology topology, List<JobEvent> history) {
  public StoredJob {
    history = List.copyOf(history);
  }

  /** The job itself. */
  public Job replay() {
    return Job.replay(id, config, history);
  }
}
