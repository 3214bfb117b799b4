package io.fluxcore.application.diagnosis;

import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a job at a moment.
 *
 * @param at the moment, in the same time as the runtime's processing time
 * @param history what happened to it, oldest first
 * @param failure the last one, or null
 */
public record JobReading(
    JobId jobId,
    JobStatus status,
    Instant at,
    List<JobEvent> history,
    @Nullable JobFailure failure,
    ExecutionPlan plan,
    JobGraph graph,
    JobMetrics metrics,
    JobProgress progress) {
  public JobReading {
    history = List.copyOf(history);
  }
}
