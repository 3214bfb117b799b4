package io.fluxcore.boot.autoconfigure;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobRecovery;
import io.fluxcore.application.JobSummary;
import io.fluxcore.boot.autoconfigure.FluxCoreProperties.Shutdown;
import io.fluxcore.boot.autoconfigure.FluxCoreProperties.ShutdownMode;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The life of jobs within that of the application: those of an earlier life go on and declared ones
 * are submitted when it starts, and whatever runs is ended, or let go, when it ends. Web servers
 * start after that and end before unless the phase says otherwise, so that no request finds the
 * engine gone.
 */
final class JobLifecycle implements SmartLifecycle {
  /** For jobs that did not stop in time; a cancel does not wait for sources or sinks. */
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(JobLifecycle.class);

  private final FluxCoreService service;
  private final JobRecovery recovery;
  private final DeclaredJobs declared;
  private final Shutdown shutdown;
  private final ShutdownMode mode;
  private final Duration renewal;
  private @Nullable ScheduledExecutorService keeper;
  private volatile boolean running;

  /**
   * The life of jobs.
   *
   * @param mode what becomes of them at the end
   * @param renewal how often leases are renewed
   */
  JobLifecycle(
      FluxCoreService service,
      JobRecovery recovery,
      DeclaredJobs declared,
      Shutdown shutdown,
      ShutdownMode mode,
      Duration renewal) {
    this.service = service;
    this.recovery = recovery;
    this.declared = declared;
    this.shutdown = shutdown;
    this.mode = mode;
    this.renewal = renewal;
  }

  @Override
  public void start() {
    keeper =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "fluxcore: leases");
              thread.setDaemon(true);
              return thread;
            });
    Future<?> unused =
        keeper.scheduleWithFixedDelay(
            this::keepUp, renewal.toMillis(), renewal.toMillis(), TimeUnit.MILLISECONDS);
    try {
      recovery.recover();
      declared.submit(service, this::takeBack);
    } catch (RuntimeException e) {
      keeper.shutdownNow();
      throw e;
    }
    running = true;
  }

  private void keepUp() {
    try {
      recovery.keepUp();
    } catch (RuntimeException e) {
      LOG.error("jobs cannot be looked after; it is tried again", e);
    }
  }

  /** The application does not start: jobs that outlive it go on at its next start. */
  private void takeBack(List<JobId> submitted) {
    if (mode == ShutdownMode.KEEP) {
      release();
    } else {
      submitted.forEach(service::cancelJob);
    }
  }

  private void release() {
    try {
      recovery
          .release(shutdown.timeout())
          .forEach(
              job ->
                  LOG.warn(
                      "job {} did not stop with its state in {}; it will go on from its last"
                          + " checkpoint",
                      job,
                      shutdown.timeout()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    running = false;
    try {
      if (mode == ShutdownMode.KEEP) {
        jobsUnderWay().forEach(job -> LOG.info("letting go of job {}", job.name()));
        release();
      } else {
        end();
      }
    } finally {
      if (keeper != null) {
        keeper.shutdownNow();
      }
    }
  }

  private void end() {
    List<JobSummary> jobs = jobsUnderWay();
    if (jobs.isEmpty()) {
      return;
    }
    if (mode == ShutdownMode.STOP) {
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
