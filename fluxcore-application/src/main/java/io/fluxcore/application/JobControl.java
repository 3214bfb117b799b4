package io.fluxcore.application;

import io.fluxcore.application.diagnosis.Diagnosis;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.planner.PlanPrinter;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Submits topologies to one runtime, and keeps account of what becomes of them. Jobs that the store
 * knows from an earlier life are listed, but not resumed.
 */
public final class JobControl implements FluxCoreService {
  private final Planner planner;
  private final JobRuntime runtime;
  private final JobStore store;
  private final InstantSource time;
  private final Supplier<JobId> ids;
  private final Map<JobId, ManagedJob> managed = new LinkedHashMap<>();

  /**
   * A service without running jobs.
   *
   * @param ids a new, different id each time
   */
  public JobControl(
      Planner planner,
      JobRuntime runtime,
      JobStore store,
      InstantSource time,
      Supplier<JobId> ids) {
    this.planner = planner;
    this.runtime = runtime;
    this.store = store;
    this.time = time;
    this.ids = ids;
  }

  @Override
  public JobId submitJob(StreamTopology topology, JobConfig submitted) {
    JobConfig config = runtime.complete(submitted);
    JobVersion version = new JobVersion(config, topology, planner.plan(topology, config));
    Optional<ManagedJob> running;
    ManagedJob job;
    synchronized (managed) {
      running = underWay(config.name());
      job = running.isPresent() ? running.get() : add(version);
    }
    if (running.isPresent()) {
      goOn(job, version);
    } else {
      job.start();
    }
    return job.id();
  }

  private ManagedJob add(JobVersion version) {
    Job submitted = Job.submit(ids.get(), version.config(), time.instant());
    ManagedJob job = new ManagedJob(submitted, version, runtime, store, time);
    store.add(
        new StoredJob(submitted.id(), version.config(), version.topology(), submitted.history()));
    job.prepare();
    managed.put(submitted.id(), job);
    return job;
  }

  /** The job of this name that is not over. */
  private Optional<ManagedJob> underWay(String name) {
    return managed.values().stream()
        .filter(job -> job.config().name().equals(name) && !job.status().isTerminal())
        .findFirst();
  }

  /** Attaches to a job that is under way in this version, or upgrades it to it. */
  private static void goOn(ManagedJob job, JobVersion version) {
    JobStatus status = job.status();
    String name = "job '" + version.config().name() + "'";
    if (status == JobStatus.STOPPING || status == JobStatus.CANCELLING) {
      throw Upgrade.conflict(
          "FLX-JOB-0008",
          name + " is being ended: it is " + status,
          "submit it again when it is over");
    }
    Upgrade underWay = job.upgrade();
    if (underWay != null && underWay.to().name().equals(version.name())) {
      checkSame(name, underWay.to(), version, status);
      await(underWay.outcome());
    } else if (job.version().name().equals(version.name()) && underWay == null) {
      checkSame(name, job.version(), version, status);
    } else {
      await(job.upgrade(version));
    }
  }

  private static void checkSame(
      String name, JobVersion known, JobVersion submitted, JobStatus status) {
    if (!known.topology().saysTheSameAs(submitted.topology())) {
      throw conflict(
          "FLX-JOB-0005",
          name + " version " + known.name() + " is " + status + " with another topology",
          "give the new topology another version, or the job another name");
    }
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
    return Upgrade.conflict(code, message, remedy);
  }

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

  private Optional<ManagedJob> find(JobId jobId) {
    synchronized (managed) {
      return Optional.ofNullable(managed.get(jobId));
    }
  }

  private Job stored(JobId jobId) {
    return store.find(jobId).map(JobControl::replay).orElseThrow(() -> notFound(jobId));
  }

  private static Job replay(StoredJob job) {
    return Job.replay(job.id(), job.config(), job.history());
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
    for (StoredJob storedJob : store.all()) {
      Job job = replay(storedJob);
      if (job.config().name().equals(name)) {
        found = job.id();
        if (!job.status().isTerminal()) {
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

  /** A job of an earlier life, planned again. */
  private JobVersion storedVersion(JobId jobId) {
    StoredJob job = store.find(jobId).orElseThrow(() -> notFound(jobId));
    return new JobVersion(job.config(), job.topology(), planner.plan(job.topology(), job.config()));
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
    for (StoredJob storedJob : store.all()) {
      Job job = replay(storedJob);
      JobConfig config = job.config();
      result.add(
          new JobSummary(job.id(), config.name(), config.version(), job.status(), job.submitted()));
    }
    return List.copyOf(result);
  }

  @Override
  public void cancelJob(JobId jobId) {
    find(jobId).orElseThrow(() -> notRunning(jobId)).cancel();
  }

  @Override
  public void stopJob(JobId jobId) {
    find(jobId).orElseThrow(() -> notRunning(jobId)).stop();
  }

  private FluxCoreException notRunning(JobId jobId) {
    Job job = stored(jobId);
    return conflict("FLX-JOB-0006", "job " + jobId + " is not run by this server", job.toString());
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
