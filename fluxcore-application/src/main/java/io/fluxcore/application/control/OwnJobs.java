package io.fluxcore.application.control;

import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.lifecycle.JobHistory;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.lifecycle.ManagedJob;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that this server has, from when it takes them to when it parts with them, and those that
 * it saw to their end.
 *
 * <p>Its monitor is the lock under which jobs are added and taken on, one at a time; jobs are asked
 * under it, so what a job calls back with a lock of its own must not want this one.
 */
final class OwnJobs {
  private static final System.Logger LOG = System.getLogger(OwnJobs.class.getName());

  /** A job that was cut off may take so long to end before it is given back. */
  private static final long CUT_OFF_SECONDS = 5;

  private final JobServices services;
  private final KnownJobs known;
  private final Leases leases;
  private final JobVersions versions;
  private final AlertListeners alerts;
  private final Map<JobId, ManagedJob> managed = new ConcurrentHashMap<>();

  OwnJobs(
      JobServices services,
      KnownJobs known,
      Leases leases,
      JobVersions versions,
      AlertListeners alerts) {
    this.services = services;
    this.known = known;
    this.leases = leases;
    this.versions = versions;
    this.alerts = alerts;
  }

  /** From here on this server has the job, until it parts with it. */
  ManagedJob manage(Job job, JobVersion version, long token, JobCheckpoints checkpoints) {
    ManagedJob result =
        new ManagedJob(
            new JobHistory(job, services.store(), token),
            version,
            services.runtime(),
            services.text(),
            checkpoints,
            services.time(),
            services.server());
    result.onAlert(alert -> alerts.tell(job.id(), job.config().name(), alert));
    synchronized (this) {
      managed.put(job.id(), result);
    }
    CompletableFuture<Void> unused = result.parted().thenRun(() -> parted(result));
    return result;
  }

  /** A job is over, or somebody else's: the store learns the rest, and gives it free. */
  private void parted(ManagedJob job) {
    if (!job.status().isTerminal()) {
      versions.keepCode(job.id(), job.version());
    }
    if (job.flush() && job.isWritten()) {
      giveBack(job);
    }
  }

  private void giveBack(ManagedJob job) {
    leases.giveBack(job.id(), job.token());
    forget(job);
  }

  /** A job that is over stays, to be looked at; one that goes on elsewhere does not. */
  private void forget(ManagedJob job) {
    CompletableFuture<Void> unused =
        job.parted()
            .thenRun(
                () -> {
                  if (!job.status().isTerminal()) {
                    managed.remove(job.id(), job);
                  }
                });
  }

  // --- Which there are --------------------------------------------------------------------------

  /** A job that this server has, or saw to its end. */
  synchronized Optional<ManagedJob> find(JobId jobId) {
    ManagedJob job = managed.get(jobId);
    return job == null || (job.parted().isDone() && !job.status().isTerminal())
        ? Optional.empty()
        : Optional.of(job);
  }

  /**
   * The same.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if this server does not have it, NOT_FOUND
   *     if there is none
   */
  ManagedJob get(JobId jobId) {
    return find(jobId).orElseThrow(() -> known.notHere(jobId));
  }

  /**
   * A job that this server has, and that is not over.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if it is over, or elsewhere
   */
  ManagedJob running(JobId jobId) {
    ManagedJob job = get(jobId);
    if (job.status().isTerminal()) {
      throw FluxCoreException.conflict(
          "FLX-JOB-0014",
          Place.of("job"),
          "job '" + job.config().name() + "' is over: it is " + job.status(),
          "submit it again");
    }
    return job;
  }

  /** The job that this server has under this name and that is not over. */
  @Nullable ManagedJob underWay(String name) {
    for (ManagedJob job : managed.values()) {
      if (job.config().name().equals(name)
          && !job.status().isTerminal()
          && !job.parted().isDone()) {
        return job;
      }
    }
    return null;
  }

  /** Whether this server has the job, or something of it still runs here. */
  boolean isHere(JobId id) {
    ManagedJob job = managed.get(id);
    return job != null && !job.parted().isDone();
  }

  /** The run that takes a letter again: of its job, or of the one of the same name. */
  Optional<RunningJob> runOf(DeadLetter letter) {
    ManagedJob job;
    List<ManagedJob> all;
    synchronized (this) {
      job = managed.get(letter.jobId());
      all = List.copyOf(managed.values());
    }
    // Outside the lock: jobs call back under their own, and then want this one.
    if (job == null || job.status().isTerminal()) {
      job =
          all.stream()
              .filter(other -> other.config().name().equals(letter.jobName()))
              .filter(other -> !other.status().isTerminal())
              .findFirst()
              .orElse(null);
    }
    return job == null ? Optional.empty() : job.runningJob();
  }

  // --- Keeping and parting ----------------------------------------------------------------------

  /** Renews what this server has, ends what it has lost, and gives back what is over. */
  void keepUp() {
    List<ManagedJob> ours = ours();
    renew(ours);
    for (ManagedJob job : ours) {
      if (!job.flush()) {
        lose(job);
      } else if (job.parted().isDone() && job.isWritten()) {
        giveBack(job);
      }
    }
  }

  /** Jobs that this server has a lease of: those that run, and those with something to write. */
  private synchronized List<ManagedJob> ours() {
    return managed.values().stream()
        .filter(job -> !job.isCutOff() && (!job.parted().isDone() || !job.isWritten()))
        .toList();
  }

  private void renew(List<ManagedJob> ours) {
    Map<JobId, Long> tokens = new HashMap<>();
    ours.forEach(job -> tokens.put(job.id(), job.token()));
    Set<JobId> held = leases.renew(tokens);
    for (ManagedJob job : ours) {
      if (!held.contains(job.id()) && !job.parted().isDone()) {
        lose(job);
      }
    }
  }

  /** Another server has the job, or may have: nothing of it may run here. */
  private void lose(ManagedJob job) {
    LOG.log(
        System.Logger.Level.WARNING,
        "job " + job.config().name() + " is ended here, since another server may have it");
    CompletableFuture<Void> unused = job.cutOff();
    forget(job);
  }

  /**
   * Ends the runs of all jobs with their state; cuts off those that do not end in time.
   *
   * @return names of the jobs that were cut off
   */
  List<String> release(Duration timeout) throws InterruptedException {
    long deadline = services.nanos().getAsLong() + timeout.toNanos();
    List<ManagedJob> ours = ours();
    ours.forEach(ManagedJob::release);
    List<String> cutOff = new ArrayList<>();
    for (ManagedJob job : ours) {
      long left = Math.max(0, deadline - services.nanos().getAsLong());
      if (!isDone(job.parted(), left)) {
        cutOff.add(job.config().name());
        boolean unused = isDone(job.cutOff(), TimeUnit.SECONDS.toNanos(CUT_OFF_SECONDS));
        leases.giveBack(job.id(), job.token());
      }
    }
    return cutOff;
  }

  private static boolean isDone(CompletableFuture<Void> parted, long nanos)
      throws InterruptedException {
    try {
      parted.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a job parts one way or the other", e);
    }
  }
}
