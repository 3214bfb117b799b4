package io.fluxcore.boot.autoconfigure;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobSummary;
import io.fluxcore.boot.autoconfigure.FluxCoreProperties.Shutdown;
import io.fluxcore.boot.autoconfigure.FluxCoreProperties.ShutdownMode;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The life of jobs within that of the application: declared ones are submitted when it starts, and
 * whatever runs is ended when it ends. Web servers start after that and end before unless the phase
 * says otherwise, so that no request finds the engine gone.
 */
final class JobLifecycle implements SmartLifecycle {
  /** For jobs that did not stop in time; a cancel does not wait for sources or sinks. */
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(JobLifecycle.class);

  private final FluxCoreService service;
  private final DeclaredJobs declared;
  private final Shutdown shutdown;
  private volatile boolean running;

  JobLifecycle(FluxCoreService service, DeclaredJobs declared, Shutdown shutdown) {
    this.service = service;
    this.declared = declared;
    this.shutdown = shutdown;
  }

  @Override
  public void start() {
    declared.submit(service);
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    List<JobSummary> jobs = jobsUnderWay();
    if (jobs.isEmpty()) {
      return;
    }
    if (shutdown.mode() == ShutdownMode.STOP) {
      jobs.forEach(job -> end(job, "stopping", j -> service.stopJob(j.id())));
      jobs = await(jobs, shutdown.timeout());
      jobs.forEach(job -> LOG.warn("job {} did not stop in {}", job.name(), shutdown.timeout()));
    }
    jobs.forEach(job -> end(job, "cancelling", j -> service.cancelJob(j.id())));
    await(jobs, CANCEL_TIMEOUT)
        .forEach(job -> LOG.warn("job {} could not be cancelled in time", job.name()));
  }

  private List<JobSummary> jobsUnderWay() {
    return service.listJobs().stream().filter(job -> !job.status().isTerminal()).toList();
  }

  /** A job that another server runs, or that ended meanwhile, is left alone. */
  private static void end(JobSummary job, String what, Consumer<JobSummary> call) {
    LOG.info("{} job {}", what, job.name());
    try {
      call.accept(job);
    } catch (FluxCoreException e) {
      if (e.category() != ErrorCategory.STATE_CONFLICT) {
        throw e;
      }
      LOG.info("job {} is left alone: {}", job.name(), e.getMessage());
    }
  }

  /** The jobs that are not over when the time is. */
  private List<JobSummary> await(List<JobSummary> jobs, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<JobSummary> left = new ArrayList<>();
    try {
      for (JobSummary job : jobs) {
        Duration patience = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        if (!service.awaitEnd(job.id(), patience).isTerminal()) {
          left.add(job);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return left;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return shutdown.phase();
  }
}
