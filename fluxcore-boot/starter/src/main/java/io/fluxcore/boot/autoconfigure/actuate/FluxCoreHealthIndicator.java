package io.fluxcore.boot.autoconfigure.actuate;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobSummary;
import io.fluxcore.domain.job.JobStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up as long as the engine answers. A failed job is a detail: what else the application does goes
 * on, and restarting all of it would mend nothing.
 */
final class FluxCoreHealthIndicator extends AbstractHealthIndicator {
  private static final int NAMED_JOBS = 20;

  private final FluxCoreService service;

  FluxCoreHealthIndicator(FluxCoreService service) {
    super("FluxCore does not answer");
    this.service = service;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    List<JobSummary> jobs = service.listJobs();
    Map<JobStatus, Integer> count = new TreeMap<>();
    jobs.forEach(job -> count.merge(job.status(), 1, Integer::sum));
    builder.up().withDetail("jobs", count);
    List<String> failed =
        jobs.stream()
            .filter(job -> job.status() == JobStatus.FAILED)
            .map(JobSummary::name)
            .distinct()
            .limit(NAMED_JOBS)
            .toList();
    if (!failed.isEmpty()) {
      builder.withDetail("failed", failed);
    }
  }
}
