package io.fluxcore.application;

import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a job.
 *
 * @param history what happened to it, oldest first
 * @param failure the last one, or null
 * @param metrics a reading; after its end, the last one
 * @param plan what runs, as {@link FluxCoreService#explain} prints it
 */
public record JobDetail(
    JobId id,
    JobConfig config,
    JobStatus status,
    List<JobEvent> history,
    @Nullable JobFailure failure,
    JobMetrics metrics,
    String plan) {
  public JobDetail {
    history = List.copyOf(history);
  }

  /** Of a job as it is now. */
  public static JobDetail of(Job job, JobMetrics metrics, String plan) {
    return new JobDetail(
        job.id(), job.config(), job.status(), job.history(), job.failure(), metrics, plan);
  }

  /** Of a job that this server does not run. */
  public static JobDetail of(Job job) {
    return of(job, JobMetrics.EMPTY, "");
  }
}
