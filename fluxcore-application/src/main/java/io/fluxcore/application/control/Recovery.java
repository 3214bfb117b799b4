package io.fluxcore.application.control;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.JobCheckpoints.Restorable;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.JobText;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.application.lifecycle.JobHistory;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.lifecycle.ManagedJob;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Goes on with jobs of the store that no server has: at the start of this one, when another has
 * gone, and when a user wants a job back that is suspended or waits for its code. Jobs are taken on
 * under the lock of {@link OwnJobs}.
 */
final class Recovery {
  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

  private final KnownJobs known;
  private final OwnJobs own;
  private final Leases leases;
  private final JobVersions versions;
  private final JobStore store;
  private final JobText text;
  private final Operations operations;
  private final InstantSource time;
  private final String server;

  /** Jobs that could not be gone on with: not tried again before the next start. */
  private final Set<JobId> given = new HashSet<>();

  /** Those that something outside keeps from it now: tried again each time. */
  private final Map<JobId, Delayed> delayed = new HashMap<>();

  /**
   * Why a job is not gone on with yet.
   *
   * @param code of the error
   * @param over when it is, or somebody else has the job
   */
  private record Delayed(String code, CompletableFuture<Void> over) {}

  private final List<CompletableFuture<Void>> recovering = new ArrayList<>();
  private final CompletableFuture<Void> recovered = new CompletableFuture<>();
  private volatile boolean begun;
  private volatile boolean ended;

  Recovery(
      JobServices services, KnownJobs known, OwnJobs own, Leases leases, JobVersions versions) {
    this.known = known;
    this.own = own;
    this.leases = leases;
    this.versions = versions;
    this.store = services.store();
    this.text = services.text();
    this.operations = services.operations();
    this.time = services.time();
    this.server = services.server();
  }

  /** Goes on with all jobs that may be had, as a server does at its start. */
  void begin() {
    known.entries().forEach(this::takeOnIfFree);
    begun = true;
    List<CompletableFuture<Void>> all;
    synchronized (own) {
      all = List.copyOf(recovering);
      recovering.clear();
    }
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenRun(() -> recovered.complete(null));
  }

  /** Nothing is taken on any more by itself, since the server ends. */
  void end() {
    ended = true;
  }

  /** Whether each job of the start has run, or has failed to. */
  boolean isDone() {
    return recovered.isDone();
  }

  boolean await(Duration timeout) throws InterruptedException {
    try {
      recovered.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("recovery never fails as a whole", e);
    }
  }

  /** Takes on the jobs of servers that do not answer any more, once the start is over. */
  void takeOver() {
    if (!begun) {
      return;
    }
    try {
      List<JobEntry> entries = known.entries();
      entries.forEach(this::takeOnIfFree);
      forgetOthers(entries);
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.WARNING, "jobs cannot be looked for: " + e.getMessage());
    }
  }

  /** Goes on with a job that no server has and that is not over, unless it is to be left alone. */
  private void takeOnIfFree(JobEntry entry) {
    synchronized (own) {
      if (ended
          || entry.status().isTerminal()
          || !leases.isFree(entry)
          || entry.status() == JobStatus.SUSPENDED
          || given.contains(entry.id())
          || own.isHere(entry.id())
          || (entry.status() == JobStatus.WAITING_FOR_CODE && !versions.hasCode(entry.id()))) {
        return;
      }
      takeOn(entry);
    }
  }

  /** A user wants a job that is free and not suspended: it is tried again if it was given up. */
  void retry(JobEntry entry) {
    synchronized (own) {
      given.remove(entry.id());
      takeOn(entry);
    }
  }

  /** Goes on with a job that no server has. A failure of that is written down, and not thrown. */
  private void takeOn(JobEntry entry) {
    OptionalLong token = leases.takeIfPossible(entry.id());
    if (token.isEmpty()) {
      return;
    }
    Job job = null;
    try {
      StoredJob stored = known.stored(entry.id());
      job = stored.replay();
      operations.interrupted(entry.id());
      goOn(stored, job, token.getAsLong());
      noLongerDelayed(entry.id());
    } catch (RuntimeException e) {
      if (isPassing(e)) {
        delay(entry, token.getAsLong(), (FluxCoreException) e);
        return;
      }
      noLongerDelayed(entry.id());
      given.add(entry.id());
      LOG.log(System.Logger.Level.ERROR, "job " + entry.name() + " cannot be gone on with", e);
      if (job != null) {
        JobHistory history = new JobHistory(job, store, token.getAsLong());
        history.record(new JobEvent.Failed(time.instant(), failureOf(e)));
      }
      leases.giveBack(entry.id(), token.getAsLong());
    }
  }

  /** Whether another system does not answer, which says nothing of the job. */
  private static boolean isPassing(RuntimeException e) {
    return e instanceof FluxCoreException known && known.category() == ErrorCategory.EXTERNAL;
  }

  /** Leaves a job for the next time; a reason is told once. */
  private void delay(JobEntry entry, long token, FluxCoreException reason) {
    Delayed before = delayed.get(entry.id());
    CompletableFuture<Void> over = before == null ? new CompletableFuture<>() : before.over();
    delayed.put(entry.id(), new Delayed(reason.code(), over));
    if (before == null && !begun) {
      recovering.add(over);
    }
    if (before == null || !before.code().equals(reason.code())) {
      LOG.log(
          System.Logger.Level.WARNING,
          "job "
              + entry.name()
              + " cannot be gone on with now, and is tried again: "
              + reason.getMessage());
    }
    leases.giveBack(entry.id(), token);
  }

  private void noLongerDelayed(JobId job) {
    Delayed over = delayed.remove(job);
    if (over != null) {
      over.over().complete(null);
    }
  }

  /** Jobs that another server has taken, or that are over, are not waited for. */
  private void forgetOthers(List<JobEntry> entries) {
    Set<JobId> free =
        entries.stream()
            .filter(entry -> !entry.status().isTerminal() && leases.isFree(entry))
            .map(JobEntry::id)
            .collect(Collectors.toSet());
    synchronized (own) {
      List.copyOf(delayed.keySet()).stream()
          .filter(job -> !free.contains(job))
          .forEach(this::noLongerDelayed);
    }
  }

  private static JobFailure failureOf(RuntimeException e) {
    return e instanceof FluxCoreException known
        ? new JobFailure("", known.code(), known.diagnostics().get(0).message())
        : new JobFailure("", "FLX-JOB-0007", e.toString());
  }

  /** Goes on with a job that this server has a lease of, as its status wants it. */
  private void goOn(StoredJob stored, Job job, long token) {
    JobStatus status = job.status();
    switch (status) {
      case CANCELLING ->
          finish(job, token, new JobEvent.Ended(time.instant(), JobStatus.CANCELLED));
      case SUSPENDING -> finish(job, token, new JobEvent.Suspended(time.instant()));
      default -> {
        JobVersion version = versions.of(stored);
        if (version != null) {
          run(job, version, token, from -> events(status, from));
        } else if (status == JobStatus.STOPPING) {
          finish(job, token, new JobEvent.Ended(time.instant(), JobStatus.STOPPED));
        } else {
          finish(job, token, new JobEvent.WaitingForCode(time.instant()));
        }
      }
    }
  }

  /** Nothing of the job is to run: what it comes to is written down. */
  private void finish(Job job, long token, JobEvent event) {
    new JobHistory(job, store, token).record(event);
    leases.giveBack(job.id(), token);
  }

  private List<JobEvent> events(JobStatus status, String from) {
    List<JobEvent> events = new ArrayList<>();
    if (status == JobStatus.WAITING_FOR_CODE) {
      events.add(new JobEvent.Resubmitted(time.instant()));
    }
    events.add(new JobEvent.Recovering(time.instant(), server, from));
    if (status != JobStatus.WAITING_FOR_CODE && status != JobStatus.SUBMITTED) {
      events.add(new JobEvent.Restarting(time.instant(), Duration.ZERO));
    }
    events.add(new JobEvent.Starting(time.instant()));
    return events;
  }

  /** Goes on with a job from the newest of its checkpoints that is whole. */
  private ManagedJob run(
      Job job, JobVersion version, long token, Function<String, List<JobEvent>> events) {
    JobCheckpoints checkpoints = leases.checkpoints(job.id(), token);
    List<JobEvent> all = new ArrayList<>();
    Optional<Restorable> from =
        checkpoints.latest((entry, reason) -> all.add(skipped(entry, reason)));
    ManagedJob managed = own.manage(job, version, token, checkpoints);
    if (!begun) {
      recovering.add(managed.settled());
    }
    all.addAll(
        events.apply(
            from.map(f -> "checkpoint " + f.entry().checkpointId())
                .orElse("its beginning, since it has no checkpoint")));
    managed.goOn(all, from.map(Restorable::snapshot).orElse(null));
    return managed;
  }

  private JobEvent skipped(CheckpointEntry entry, String reason) {
    return new JobEvent.CheckpointFailed(
        time.instant(), entry.checkpointId(), "it cannot be restored: " + reason);
  }

  /** Goes on with a job that waits for its code, in another version. */
  void takeOnAnew(JobEntry entry, JobVersion version) {
    synchronized (own) {
      long token = leases.takeOrRefuse(entry.id());
      try {
        Job job = known.job(entry.id());
        JobHistory history = new JobHistory(job, store, token);
        history.record(new JobEvent.Resubmitted(time.instant()));
        JobConfig config = version.config();
        history.change(
            config,
            StoredTopology.of(version.topology(), text),
            new JobEvent.Upgraded(time.instant(), config.version(), config.parallelism()));
        JobStatus status = job.status();
        run(job, version, token, from -> events(status, from));
      } catch (RuntimeException e) {
        leases.giveBack(entry.id(), token);
        throw e;
      }
    }
  }

  /**
   * Goes on with a suspended job.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if its code is not here, or another server
   *     has it
   */
  ManagedJob resume(JobId jobId) {
    synchronized (own) {
      StoredJob stored = known.stored(jobId);
      JobVersion version = versions.of(stored);
      if (version == null) {
        throw JobVersions.codeMissing(stored);
      }
      long token = leases.takeOrRefuse(jobId);
      try {
        JobEvent resuming = new JobEvent.Resuming(time.instant());
        return run(known.job(jobId), version, token, from -> List.of(resuming));
      } catch (RuntimeException e) {
        leases.giveBack(jobId, token);
        throw e;
      }
    }
  }
}
