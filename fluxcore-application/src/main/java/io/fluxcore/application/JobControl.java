package io.fluxcore.application;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.checkpoint.JobCheckpoints.Restorable;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.checkpoint.StoredSnapshot;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.diagnosis.Diagnosis;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobNameTakenException;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.LeaseLostException;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.operation.OperationType;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.application.planner.PlanPrinter;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Submits topologies to one runtime, and keeps account of what becomes of them. A job belongs to
 * one server at a time, by a lease in the store; this one goes on with those of the store that
 * nobody has, after {@link #recover} was called.
 */
public final class JobControl implements FluxCoreService, JobRecovery {
  private static final System.Logger LOG = System.getLogger(JobControl.class.getName());

  private final JobServices services;
  private final Planner planner;
  private final JobRuntime runtime;
  private final JobStore store;
  private final Operations operations;
  private final InstantSource time;

  /**
   * The jobs that this server has, and those that it saw to their end. Also the lock under which
   * jobs are added and taken on, one at a time; jobs are asked under it, so what a job calls back
   * with a lock of its own must not want this one.
   */
  private final Map<JobId, ManagedJob> managed = new ConcurrentHashMap<>();

  /** The code of bound jobs that this process was given, for when it may have them. */
  private final Map<JobId, JobVersion> code = new ConcurrentHashMap<>();

  /** Jobs that could not be gone on with: not tried again before the next start. */
  private final Set<JobId> given = new HashSet<>();

  private final List<CompletableFuture<Void>> recovering = new ArrayList<>();
  private final CompletableFuture<Void> recovery = new CompletableFuture<>();
  private final List<AlertListener> alertListeners = new CopyOnWriteArrayList<>();
  private volatile boolean recovers;
  private volatile boolean releasing;
  private long renewedNanos;

  /** A service without running jobs. */
  public JobControl(JobServices services) {
    this.services = services;
    this.planner = services.planner();
    this.runtime = services.runtime();
    this.store = services.store();
    this.operations = services.operations();
    this.time = services.time();
    this.renewedNanos = services.nanos().getAsLong();
  }

  /**
   * A service that is alone.
   *
   * @param ids a new, different id each time
   */
  public JobControl(
      Planner planner,
      JobRuntime runtime,
      JobStore store,
      CheckpointStorage checkpoints,
      InstantSource time,
      Supplier<JobId> ids) {
    this(JobServices.inMemory(planner, runtime, store, checkpoints, time, ids));
  }

  /** Has somebody told of all alerts from now on. */
  public void addAlertListener(AlertListener listener) {
    alertListeners.add(listener);
  }

  private void tell(JobId job, String name, JobEvent.AlertRaised alert) {
    for (AlertListener listener : alertListeners) {
      try {
        listener.raised(job, name, alert);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener of alerts failed", e);
      }
    }
  }

  // --- Submission -------------------------------------------------------------------------------

  @Override
  public JobId submitJob(StreamTopology topology, JobConfig submitted) {
    JobConfig config = runtime.complete(submitted);
    JobVersion version = new JobVersion(config, topology, planner.plan(topology, config));
    try {
      return submit(version);
    } catch (JobNameTakenException e) {
      // Somebody was faster: now there is a job to attach to.
      return submit(version);
    }
  }

  private JobId submit(JobVersion version) {
    ManagedJob running;
    synchronized (managed) {
      running = underWay(version.config().name());
      if (running == null) {
        Optional<JobEntry> known = known(version.config().name());
        if (known.isPresent()) {
          return attach(known.get(), version);
        }
      }
    }
    if (running != null) {
      goOn(running, version);
      return running.id();
    }
    ManagedJob added = add(version);
    added.start();
    return added.id();
  }

  private ManagedJob add(JobVersion version) {
    Job submitted = Job.submit(services.ids().get(), version.config(), time.instant());
    StoredTopology topology = StoredTopology.of(version.topology(), services.text());
    synchronized (managed) {
      long token =
          store.add(
              new StoredJob(submitted.id(), version.config(), topology, submitted.history()),
              services.server());
      ManagedJob job = manage(submitted, version, token, own(submitted.id(), token));
      job.prepare();
      return job;
    }
  }

  /** From here on this server has the job, until it parts with it. */
  private ManagedJob manage(Job job, JobVersion version, long token, JobCheckpoints checkpoints) {
    ManagedJob result =
        new ManagedJob(
            new JobHistory(job, store, token),
            version,
            runtime,
            services.text(),
            checkpoints,
            time,
            services.server());
    result.onAlert(alert -> tell(job.id(), job.config().name(), alert));
    synchronized (managed) {
      managed.put(job.id(), result);
    }
    CompletableFuture<Void> unused = result.parted().thenRun(() -> parted(result));
    return result;
  }

  /** The job that this server has under this name and that is not over. */
  private @Nullable ManagedJob underWay(String name) {
    for (ManagedJob job : managed.values()) {
      if (job.config().name().equals(name)
          && !job.status().isTerminal()
          && !job.parted().isDone()) {
        return job;
      }
    }
    return null;
  }

  /** The job of this name in the store that is not over. */
  private Optional<JobEntry> known(String name) {
    return store.entries().stream()
        .filter(entry -> entry.name().equals(name) && !entry.status().isTerminal())
        .findFirst();
  }

  /** Attaches to a job that this server does not have. */
  private JobId attach(JobEntry entry, JobVersion version) {
    StoredJob stored = store.find(entry.id()).orElseThrow(() -> notFound(entry.id()));
    String name = "job '" + entry.name() + "'";
    boolean sameVersion = entry.version().equals(version.name());
    boolean free = isFree(entry);
    if (sameVersion && !stored.topology().saysTheSameAs(version.topology())) {
      throw otherTopology(name, version.name(), entry.status());
    }
    if (sameVersion) {
      if (!version.topology().isPortable()) {
        code.put(entry.id(), version);
      }
      if (free && entry.status() != JobStatus.SUSPENDED) {
        given.remove(entry.id());
        takeOn(entry);
      }
      return entry.id();
    }
    if (entry.status() == JobStatus.WAITING_FOR_CODE && free) {
      Changeover.checkVersions(name, stored.config(), version.config());
      takeOnAnew(entry, version);
      return entry.id();
    }
    throw conflict(
        "FLX-JOB-0015",
        name
            + " is "
            + entry.status()
            + " in version "
            + entry.version()
            + (entry.server() == null ? "" : " at server " + entry.server()),
        entry.status() == JobStatus.SUSPENDED
            ? "resume it, then submit version " + version.name() + " again; or cancel it"
            : "submit version " + version.name() + " where it runs");
  }

  /** Attaches to a job that is under way in this version, or upgrades it to it. */
  private static void goOn(ManagedJob job, JobVersion version) {
    JobStatus status = job.status();
    String name = "job '" + version.config().name() + "'";
    if (status == JobStatus.STOPPING
        || status == JobStatus.CANCELLING
        || status == JobStatus.SUSPENDING) {
      throw conflict(
          "FLX-JOB-0008",
          name + " is being ended: it is " + status,
          "submit it again when it is over");
    }
    Changeover underWay = job.upgrade();
    if (underWay != null && underWay.to().name().equals(version.name())) {
      checkSame(name, underWay.to(), version, status);
      await(underWay.outcome());
    } else if (job.version().name().equals(version.name()) && underWay == null) {
      checkSame(name, job.version(), version, status);
    } else {
      await(job.changeOver(Changeover.upgrade(job.version(), version)));
    }
  }

  private static void checkSame(
      String name, JobVersion known, JobVersion submitted, JobStatus status) {
    if (!known.topology().saysTheSameAs(submitted.topology())) {
      throw otherTopology(name, known.name(), status);
    }
  }

  private static FluxCoreException otherTopology(String name, String version, JobStatus status) {
    return conflict(
        "FLX-JOB-0005",
        name + " version " + version + " is " + status + " with another topology",
        "give the new topology another version, or the job another name");
  }

  /** Waits for an upgrade; when the thread is interrupted, the upgrade goes on without it. */
  private static void await(CompletableFuture<Void> upgrade) {
    try {
      upgrade.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FluxCoreException known) {
        throw new FluxCoreException(known.category(), known.diagnostics(), known);
      }
      throw new IllegalStateException("an upgrade fails with a message", e);
    }
  }

  private static FluxCoreException conflict(String code, String message, String remedy) {
    return Changeover.conflict(code, message, remedy);
  }

  // --- Recovery ---------------------------------------------------------------------------------

  @Override
  public void recover() {
    for (JobEntry entry : store.entries()) {
      takeOnIfFree(entry);
    }
    recovers = true;
    List<CompletableFuture<Void>> all;
    synchronized (managed) {
      all = List.copyOf(recovering);
      recovering.clear();
    }
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenRun(() -> recovery.complete(null));
  }

  @Override
  public boolean isRecovered() {
    return recovery.isDone();
  }

  @Override
  public boolean awaitRecovery(Duration timeout) throws InterruptedException {
    return isDone(recovery, TimeUnit.NANOSECONDS.convert(timeout));
  }

  /** Goes on with a job that no server has and that is not over, unless it is to be left alone. */
  private void takeOnIfFree(JobEntry entry) {
    synchronized (managed) {
      if (releasing
          || entry.status().isTerminal()
          || !isFree(entry)
          || entry.status() == JobStatus.SUSPENDED
          || given.contains(entry.id())
          || isHere(entry.id())
          || (entry.status() == JobStatus.WAITING_FOR_CODE && !code.containsKey(entry.id()))) {
        return;
      }
      takeOn(entry);
    }
  }

  /** Whether no other server has the job. */
  private boolean isFree(JobEntry entry) {
    return entry.server() == null || entry.server().equals(services.server());
  }

  /** Whether this server has the job, or something of it still runs here. */
  private boolean isHere(JobId id) {
    ManagedJob job = managed.get(id);
    return job != null && !job.parted().isDone();
  }

  /** Goes on with a job that no server has. A failure of that is written down, and not thrown. */
  private void takeOn(JobEntry entry) {
    OptionalLong token = acquire(entry.id());
    if (token.isEmpty()) {
      return;
    }
    Job job = null;
    try {
      StoredJob stored = store.find(entry.id()).orElseThrow(() -> notFound(entry.id()));
      job = stored.replay();
      operations.interrupted(entry.id());
      goOn(stored, job, token.getAsLong());
    } catch (RuntimeException e) {
      given.add(entry.id());
      LOG.log(System.Logger.Level.ERROR, "job " + entry.name() + " cannot be gone on with", e);
      if (job != null) {
        JobHistory history = new JobHistory(job, store, token.getAsLong());
        history.record(new JobEvent.Failed(time.instant(), failureOf(e)));
      }
      release(entry.id(), token.getAsLong());
    }
  }

  private OptionalLong acquire(JobId id) {
    try {
      return store.acquire(id, services.server());
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.WARNING, "job " + id + " cannot be had now: " + e.getMessage());
      return OptionalLong.empty();
    }
  }

  private void release(JobId id, long token) {
    try {
      store.release(id, token);
    } catch (FluxCoreException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "job " + id + " is not given back; its lease runs out: " + e.getMessage());
    }
  }

  private static JobFailure failureOf(RuntimeException e) {
    return e instanceof FluxCoreException known
        ? new JobFailure("", known.code(), known.diagnostics().get(0).message())
        : new JobFailure("", "FLX-JOB-0007", e.toString());
  }

  /** Goes on with a job that this server has a lease of, as its status wants it. */
  private void goOn(StoredJob stored, Job job, long token) {
    JobHistory history = new JobHistory(job, store, token);
    switch (job.status()) {
      case CANCELLING -> {
        history.record(new JobEvent.Ended(time.instant(), JobStatus.CANCELLED));
        release(job.id(), token);
      }
      case SUSPENDING -> {
        history.record(new JobEvent.Suspended(time.instant()));
        release(job.id(), token);
      }
      default -> {
        JobVersion version = version(stored);
        if (version == null) {
          JobStatus status = job.status();
          history.record(
              status == JobStatus.STOPPING
                  ? new JobEvent.Ended(time.instant(), JobStatus.STOPPED)
                  : new JobEvent.WaitingForCode(time.instant()));
          release(job.id(), token);
        } else {
          JobStatus status = job.status();
          run(job, version, token, from -> events(status, from));
        }
      }
    }
  }

  private List<JobEvent> events(JobStatus status, String from) {
    List<JobEvent> events = new ArrayList<>();
    if (status == JobStatus.WAITING_FOR_CODE) {
      events.add(new JobEvent.Resubmitted(time.instant()));
    }
    events.add(new JobEvent.Recovering(time.instant(), services.server(), from));
    if (status != JobStatus.WAITING_FOR_CODE && status != JobStatus.SUBMITTED) {
      events.add(new JobEvent.Restarting(time.instant(), Duration.ZERO));
    }
    events.add(new JobEvent.Starting(time.instant()));
    return events;
  }

  /** Goes on with a job from the newest of its checkpoints that is whole. */
  private ManagedJob run(
      Job job, JobVersion version, long token, Function<String, List<JobEvent>> events) {
    JobCheckpoints checkpoints = own(job.id(), token);
    List<JobEvent> skipped = new ArrayList<>();
    Optional<Restorable> from =
        checkpoints.latest((entry, reason) -> skipped.add(skipped(entry, reason)));
    ManagedJob managedJob = manage(job, version, token, checkpoints);
    if (!recovers) {
      recovering.add(managedJob.settled());
    }
    skipped.addAll(
        events.apply(
            from.map(f -> "checkpoint " + f.entry().checkpointId())
                .orElse("its beginning, since it has no checkpoint")));
    managedJob.goOn(skipped, from.map(Restorable::snapshot).orElse(null));
    return managedJob;
  }

  private JobEvent skipped(CheckpointEntry entry, String reason) {
    return new JobEvent.CheckpointFailed(
        time.instant(), entry.checkpointId(), "it cannot be restored: " + reason);
  }

  /**
   * Keeps whoever had the job before from adding to its checkpoints. The lease is looked at after
   * that: a server that was away between the two must not take the checkpoints from its successor.
   */
  private JobCheckpoints own(JobId id, long token) {
    JobCheckpoints checkpoints = services.checkpoints().own(id);
    if (!store.isHeld(id, token)) {
      throw new LeaseLostException(id, token);
    }
    return checkpoints;
  }

  /** Goes on with a job that waits for its code, in another version. */
  private void takeOnAnew(JobEntry entry, JobVersion version) {
    long token = acquireOrRefuse(entry.id());
    try {
      StoredJob stored = store.find(entry.id()).orElseThrow(() -> notFound(entry.id()));
      Job job = stored.replay();
      JobHistory history = new JobHistory(job, store, token);
      history.record(new JobEvent.Resubmitted(time.instant()));
      JobConfig config = version.config();
      history.change(
          config,
          StoredTopology.of(version.topology(), services.text()),
          new JobEvent.Upgraded(time.instant(), config.version(), config.parallelism()));
      JobStatus status = job.status();
      run(job, version, token, from -> events(status, from));
    } catch (RuntimeException e) {
      release(entry.id(), token);
      throw e;
    }
  }

  private long acquireOrRefuse(JobId id) {
    return store
        .acquire(id, services.server())
        .orElseThrow(
            () ->
                conflict(
                    "FLX-JOB-0006",
                    "job " + id + " has just been taken on by another server",
                    "ask that one"));
  }

  /** What a job is to do: from its text, or from the code that this process was given; or null. */
  private @Nullable JobVersion version(StoredJob stored) {
    String text = stored.topology().text();
    if (text == null) {
      return code.get(stored.id());
    }
    StreamTopology topology = services.text().readTopology(text);
    return new JobVersion(stored.config(), topology, planner.plan(topology, stored.config()));
  }

  // --- The jobs that this server has ------------------------------------------------------------

  /** A job is over, or somebody else's: the store learns the rest, and gives it free. */
  private void parted(ManagedJob job) {
    if (!job.version().topology().isPortable() && !job.status().isTerminal()) {
      code.put(job.id(), job.version());
    }
    if (job.flush() && job.isWritten()) {
      release(job.id(), job.token());
      forget(job);
    }
  }

  @Override
  public void keepUp() {
    List<ManagedJob> ours = ours();
    renew(ours);
    for (ManagedJob job : ours) {
      if (!job.flush()) {
        lose(job);
      } else if (job.parted().isDone() && job.isWritten()) {
        release(job.id(), job.token());
        forget(job);
      }
    }
    if (recovers) {
      takeOverFrom();
    }
  }

  /** Jobs that this server has a lease of: those that run, and those with something to write. */
  private List<ManagedJob> ours() {
    synchronized (managed) {
      return managed.values().stream()
          .filter(job -> !job.isCutOff() && (!job.parted().isDone() || !job.isWritten()))
          .toList();
    }
  }

  private void renew(List<ManagedJob> ours) {
    Map<JobId, Long> tokens = new HashMap<>();
    ours.forEach(job -> tokens.put(job.id(), job.token()));
    // Before the call: the lease counts from when the store got it, which is later.
    long asked = services.nanos().getAsLong();
    Set<JobId> held;
    try {
      held = store.renew(tokens);
      renewedNanos = asked;
    } catch (FluxCoreException e) {
      boolean over = asked - renewedNanos >= services.lease().toNanos();
      LOG.log(
          System.Logger.Level.WARNING,
          "the leases of jobs cannot be renewed"
              + (over ? " and have run out, so the jobs are ended here: " : ": ")
              + e.getMessage());
      held = over ? Set.of() : tokens.keySet();
    }
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

  private void takeOverFrom() {
    try {
      for (JobEntry entry : store.entries()) {
        takeOnIfFree(entry);
      }
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.WARNING, "jobs cannot be looked for: " + e.getMessage());
    }
  }

  @Override
  public List<String> release(Duration timeout) throws InterruptedException {
    releasing = true;
    long deadline = services.nanos().getAsLong() + timeout.toNanos();
    List<ManagedJob> ours = ours();
    ours.forEach(ManagedJob::release);
    List<String> cutOff = new ArrayList<>();
    for (ManagedJob job : ours) {
      long left = Math.max(0, deadline - services.nanos().getAsLong());
      if (!isDone(job.parted(), left)) {
        cutOff.add(job.config().name());
        CompletableFuture<Void> over = job.cutOff();
        isDone(over, TimeUnit.SECONDS.toNanos(5));
        release(job.id(), job.token());
      }
    }
    return cutOff;
  }

  private static boolean isDone(CompletableFuture<Void> future, long nanos)
      throws InterruptedException {
    try {
      future.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a job parts one way or the other", e);
    }
  }

  // --- Operations -------------------------------------------------------------------------------

  @Override
  public Operation suspendJob(JobId jobId) {
    ManagedJob job = running(jobId);
    return operations.start(
        OperationType.SUSPEND,
        jobId,
        steps -> {
          CompletableFuture<Void> suspended = job.suspend();
          steps.at(10, "stopping with its state");
          return suspended.thenApply(nothing -> Map.of());
        });
  }

  @Override
  public Operation resumeJob(JobId jobId) {
    JobStatus status = getJobStatus(jobId);
    if (status != JobStatus.SUSPENDED) {
      throw conflict(
          "FLX-JOB-0017",
          "job " + jobId + " is " + status + ", so it cannot be resumed",
          "only a suspended job can be");
    }
    return operations.start(
        OperationType.RESUME,
        jobId,
        steps -> {
          ManagedJob job = resume(jobId);
          steps.at(30, "starting");
          return job.settled().thenApply(nothing -> resumed(job));
        });
  }

  private ManagedJob resume(JobId jobId) {
    synchronized (managed) {
      StoredJob stored = store.find(jobId).orElseThrow(() -> notFound(jobId));
      JobVersion version = version(stored);
      if (version == null) {
        throw codeMissing(stored);
      }
      long token = acquireOrRefuse(jobId);
      try {
        Job job = store.find(jobId).orElseThrow(() -> notFound(jobId)).replay();
        JobEvent resuming = new JobEvent.Resuming(time.instant());
        return run(job, version, token, from -> List.of(resuming));
      } catch (RuntimeException e) {
        release(jobId, token);
        throw e;
      }
    }
  }

  private static Map<String, String> resumed(ManagedJob job) {
    JobFailure failure = job.detail().failure();
    if (job.status() != JobStatus.RUNNING && job.status() != JobStatus.FINISHED) {
      throw conflict(
          "FLX-JOB-0018",
          "job '"
              + job.config().name()
              + "' was resumed and is "
              + job.status()
              + (failure == null ? "" : ": " + failure.message()),
          job.status().isTerminal()
              ? "remove the cause and submit it again"
              : "its restart strategy tries again; look at its history");
    }
    return Map.of();
  }

  @Override
  public Operation restartJob(JobId jobId, boolean withState) {
    ManagedJob job = running(jobId);
    return operations.start(
        OperationType.RESTART,
        jobId,
        steps ->
            job.changeOver(Changeover.restart(job.version(), withState, steps))
                .thenApply(nothing -> Map.of()));
  }

  @Override
  public Operation rescaleJob(JobId jobId, int parallelism) {
    ManagedJob job = running(jobId);
    JobVersion old = job.version();
    JobConfig config = rescaled(old.config(), parallelism);
    JobVersion next = new JobVersion(config, old.topology(), planner.plan(old.topology(), config));
    return operations.start(
        OperationType.RESCALE,
        jobId,
        steps ->
            job.changeOver(Changeover.rescale(old, next, steps))
                .thenApply(nothing -> Map.of("parallelism", Integer.toString(parallelism))));
  }

  static JobConfig rescaled(JobConfig config, int parallelism) {
    if (parallelism < 1 || parallelism > config.maxParallelism()) {
      throw FluxCoreException.user(
          "FLX-JOB-0019",
          Place.of("parallelism"),
          "job '" + config.name() + "' cannot run at parallelism " + parallelism,
          "it is 1 to " + config.maxParallelism() + ", the job's maxParallelism");
    }
    return config.toBuilder().parallelism(parallelism).build();
  }

  /** Begins to make a savepoint. */
  Operation savepoint(JobId jobId, SnapshotRequest wanted) {
    ManagedJob job = running(jobId);
    return operations.start(
        OperationType.SAVEPOINT,
        jobId,
        steps -> {
          CompletableFuture<CheckpointEntry> made = job.snapshot(wanted);
          steps.at(10, "writing its state");
          return made.thenApply(entry -> Map.of("savepointId", entry.location().name()));
        });
  }

  /** What would be run. */
  JobVersion version(StreamTopology topology, JobConfig submitted) {
    JobConfig config = runtime.complete(submitted);
    return new JobVersion(config, topology, planner.plan(topology, config));
  }

  /** What a job that is known here was to do last. */
  JobVersion versionOf(JobId jobId) {
    Optional<ManagedJob> job = find(jobId);
    return job.isPresent() ? job.get().version() : storedVersion(jobId);
  }

  /** Whether a job is known and not over. */
  boolean isUnderWay(JobId jobId) {
    return store.find(jobId).map(job -> !job.replay().status().isTerminal()).orElse(false);
  }

  /** Submits a new job that begins with a copy of a snapshot. */
  JobId submitFrom(JobVersion version, StoredSnapshot original) {
    String name = version.config().name();
    ManagedJob added;
    synchronized (managed) {
      if (underWay(name) != null || known(name).isPresent()) {
        throw conflict(
            "FLX-JOB-0022",
            "there is a job '" + name + "' that is not over",
            "end it, or give the new job another name");
      }
      added = add(version);
    }
    added.startFrom(original);
    return added.id();
  }

  @Override
  public Operation getOperation(OperationId operationId) {
    return operations.get(operationId);
  }

  @Override
  public Operation awaitOperation(OperationId operationId, Duration timeout)
      throws InterruptedException {
    return operations.await(operationId, timeout);
  }

  @Override
  public List<Operation> listOperations() {
    return operations.all();
  }

  // --- Readings ---------------------------------------------------------------------------------

  @Override
  public JobStatus getJobStatus(JobId jobId) {
    Optional<ManagedJob> job = find(jobId);
    return job.isPresent() ? job.get().status() : stored(jobId).status();
  }

  @Override
  public JobDetail getJob(JobId jobId) {
    Optional<ManagedJob> job = find(jobId);
    return job.isPresent() ? job.get().detail() : ManagedJob.detailOf(stored(jobId));
  }

  /** A job that this server has, or saw to its end. */
  private Optional<ManagedJob> find(JobId jobId) {
    synchronized (managed) {
      ManagedJob job = managed.get(jobId);
      return job == null || (job.parted().isDone() && !job.status().isTerminal())
          ? Optional.empty()
          : Optional.of(job);
    }
  }

  /** A job that this server has. */
  private ManagedJob running(JobId jobId) {
    ManagedJob job = find(jobId).orElseThrow(() -> notRunning(jobId));
    if (job.status().isTerminal()) {
      throw conflict(
          "FLX-JOB-0014",
          "job '" + job.config().name() + "' is over: it is " + job.status(),
          "submit it again");
    }
    return job;
  }

  /** The run that takes a letter again: of its job, or of the one of the same name. */
  Optional<RunningJob> runningJobOf(DeadLetter letter) {
    ManagedJob job;
    List<ManagedJob> all;
    synchronized (managed) {
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

  private Job stored(JobId jobId) {
    return store.find(jobId).map(StoredJob::replay).orElseThrow(() -> notFound(jobId));
  }

  private static FluxCoreException notFound(JobId jobId) {
    return new FluxCoreException(
        ErrorCategory.NOT_FOUND,
        Diagnostic.error(
            "FLX-JOB-0003", Place.of("jobId"), "there is no job " + jobId, "list the jobs"));
  }

  @Override
  public Optional<JobId> findJob(String name) {
    JobId found = null;
    for (JobEntry entry : store.entries()) {
      if (entry.name().equals(name)) {
        found = entry.id();
        if (!entry.status().isTerminal()) {
          break;
        }
      }
    }
    return Optional.ofNullable(found);
  }

  @Override
  public JobMetrics getMetrics(JobId jobId) {
    Optional<ManagedJob> job = find(jobId);
    return job.isPresent() ? job.get().metrics() : ManagedJob.detailOf(stored(jobId)).metrics();
  }

  @Override
  public JobGraph getGraph(JobId jobId) {
    Optional<ManagedJob> job = find(jobId);
    return job.isPresent() ? job.get().graph() : storedVersion(jobId).graph();
  }

  @Override
  public JobDiagnosis diagnose(JobId jobId) {
    Optional<ManagedJob> job = find(jobId);
    return Diagnosis.of(
        job.isPresent()
            ? job.get().reading()
            : ManagedJob.reading(
                stored(jobId), storedVersion(jobId), JobMetrics.EMPTY, JobProgress.NONE, time));
  }

  /** A job that this server does not have, planned again. */
  private JobVersion storedVersion(JobId jobId) {
    StoredJob job = store.find(jobId).orElseThrow(() -> notFound(jobId));
    JobVersion version;
    synchronized (managed) {
      version = version(job);
    }
    if (version == null) {
      throw codeMissing(job);
    }
    return version;
  }

  private static FluxCoreException codeMissing(StoredJob job) {
    return conflict(
        "FLX-JOB-0020",
        "the code of job '"
            + job.config().name()
            + "' is not here: "
            + String.join(", ", job.topology().bound()),
        "submit the job again from its application");
  }

  @Override
  public LiveState queryState(JobId jobId, String operator, @Nullable Object... key) {
    ManagedJob job = find(jobId).orElseThrow(() -> notRunning(jobId));
    JobStatus status = job.status();
    if (status.isTerminal()) {
      throw conflict(
          "FLX-QUERY-0005",
          "job " + jobId + " is " + status + ", so it has no live state",
          "read what its sinks have written, or submit the job again");
    }
    return job.queryState(operator, Arrays.asList(key));
  }

  @Override
  public ResultSubscription subscribe(JobId jobId, SubscribeOptions options) {
    ManagedJob job = find(jobId).orElseThrow(() -> notRunning(jobId));
    JobStatus status = job.status();
    if (status.isTerminal()) {
      throw conflict(
          "FLX-JOB-0013",
          "job " + jobId + " is " + status + ", so its rows cannot be read any more",
          "read what its sinks have written, or submit the job again");
    }
    return job.subscribe(options);
  }

  @Override
  public List<Diagnostic> validate(StreamTopology topology, JobConfig config) {
    return planner.validate(topology, config);
  }

  @Override
  public List<JobSummary> listJobs() {
    List<JobSummary> result = new ArrayList<>();
    for (JobEntry entry : store.entries()) {
      JobStatus status = find(entry.id()).map(ManagedJob::status).orElse(entry.status());
      result.add(
          new JobSummary(entry.id(), entry.name(), entry.version(), status, entry.submitted()));
    }
    return List.copyOf(result);
  }

  @Override
  public void cancelJob(JobId jobId) {
    Optional<ManagedJob> job = find(jobId);
    if (job.isPresent()) {
      job.get().cancel();
    } else if (!stored(jobId).status().isTerminal()) {
      cancelThatNobodyRuns(jobId);
    }
  }

  /** Ends a job that is suspended or waits for its code, or which nobody has gone on with. */
  private void cancelThatNobodyRuns(JobId jobId) {
    synchronized (managed) {
      long token = store.acquire(jobId, services.server()).orElseThrow(() -> notRunning(jobId));
      JobHistory history = new JobHistory(stored(jobId), store, token);
      history.record(new JobEvent.Cancelling(time.instant()));
      history.record(new JobEvent.Ended(time.instant(), JobStatus.CANCELLED));
      if (!history.isWritten()) {
        throw conflict(
            "FLX-JOB-0021",
            "that job " + jobId + " is cancelled cannot be written down",
            "try it again when the job store answers");
      }
      release(jobId, token);
    }
  }

  @Override
  public void stopJob(JobId jobId) {
    Optional<ManagedJob> job = find(jobId);
    if (job.isPresent()) {
      job.get().stop();
    } else if (!stored(jobId).status().isTerminal()) {
      throw notRunning(jobId);
    }
  }

  private FluxCoreException notRunning(JobId jobId) {
    Job job = stored(jobId);
    String server =
        store.entries().stream()
            .filter(entry -> entry.id().equals(jobId) && entry.server() != null)
            .map(entry -> ", but by server " + entry.server())
            .findFirst()
            .orElse("");
    return conflict(
        "FLX-JOB-0006",
        "job " + job + " is not run by this server" + server,
        server.isEmpty()
            ? "resume it if it is suspended, submit it if it waits for its code, or cancel it"
            : "ask that server");
  }

  @Override
  public String explain(StreamTopology topology, JobConfig config) {
    return PlanPrinter.print(planner.plan(topology, config));
  }

  @Override
  public JobStatus awaitEnd(JobId jobId, Duration timeout) throws InterruptedException {
    Optional<ManagedJob> job = find(jobId);
    return job.isPresent() ? job.get().awaitEnd(timeout) : stored(jobId).status();
  }
}
