package io.fluxcore.application.job;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.List;

/**
 * A job as it is kept.
 *
 * @param topology what it does; a store that keeps text alone gives a bound topology back without
 *     its code
 * @param history its events, oldest first
 */
public record StoredJob(
    JobId id, JobConfig config, StreamTopology topology, List<JobEvent> history) {
  public StoredJob {
    history = List.copyOf(history);
  }
}
