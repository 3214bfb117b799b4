package io.fluxcore.boot.autoconfigure.actuate;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobDetail;
import io.fluxcore.application.JobSummary;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.Ledger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** Jobs, to look at. */
@Endpoint(id = "fluxcore")
public final class FluxCoreEndpoint {
  private static final String ID_PREFIX = "job_";

  private final FluxCoreService service;

  FluxCoreEndpoint(FluxCoreService service) {
    this.service = service;
  }

  /** All jobs, oldest first. */
  @ReadOperation
  public Jobs jobs() {
    return new Jobs(service.listJobs().stream().map(FluxCoreEndpoint::summary).toList());
  }

  private static Job summary(JobSummary job) {
    return new Job(
        job.id().value(), job.name(), job.version(), job.status().name(), job.submitted());
  }

  /** One job by its name or id, or null if there is none. */
  @ReadOperation
  public @Nullable Detail job(@Selector String job) {
    Optional<JobSummary> found =
        job.startsWith(ID_PREFIX)
            ? service.listJobs().stream().filter(j -> j.id().value().equals(job)).findFirst()
            : byName(job);
    return found.map(summary -> detail(summary, service.getJob(summary.id()))).orElse(null);
  }

  private Optional<JobSummary> byName(String name) {
    Optional<JobId> id = service.findJob(name);
    return service.listJobs().stream()
        .filter(job -> id.isPresent() && job.id().equals(id.get()))
        .findFirst();
  }

  private static Detail detail(JobSummary summary, JobDetail job) {
    JobMetrics metrics = job.metrics();
    return new Detail(
        summary(summary),
        job.history().stream().map(FluxCoreEndpoint::event).toList(),
        job.failure(),
        metrics.restarts(),
        metrics.checkpoints(),
        metrics.failedCheckpoints(),
        metrics.operators().stream()
            .map(o -> new Operator(o.operatorId(), o.stage(), o.subtasks(), o.counts()))
            .toList());
  }

  private static Event event(JobEvent event) {
    return new Event(event.at(), event.describe());
  }

  /** Jobs in a list. */
  public record Jobs(List<Job> jobs) {}

  /**
   * A job in a list.
   *
   * @param submitted when it was first submitted
   */
  public record Job(String id, String name, String version, String status, Instant submitted) {}

  /**
   * What happened to a job.
   *
   * @param event one line for a person
   */
  public record Event(Instant at, String event) {}

  /**
   * An operator's accounts.
   *
   * @param stage number of the stage that it runs in
   */
  public record Operator(String operator, int stage, int subtasks, Ledger.Counts counts) {}

  /**
   * A job.
   *
   * @param history what happened to it, oldest first
   * @param failure the last one, or null
   */
  public record Detail(
      Job job,
      List<Event> history,
      @Nullable JobFailure failure,
      int restarts,
      long checkpoints,
      long failedCheckpoints,
      List<Operator> operators) {}
}
