package io.fluxcore.application;

import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.PlanPrinter;
import io.fluxcore.application.planner.Planner;
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
  public JobId submitJob(StreamTopology topology, JobConfig config) {
    ExecutionPlan plan = planner.plan(topology, config);
    ManagedJob job;
    synchronized (managed) {
      Optional<JobId> running = attach(topology, config);
      if (running.isPresent()) {
        return running.get();
      }
      Job submitted = Job.submit(ids.get(), config, time.instant());
      job = new ManagedJob(submitted, topology, PlanPrinter.print(plan), store, time);
      store.add(new StoredJob(submitted.id(), config, topology, submitted.history()));
      job.prepare();
      managed.put(submitted.id(), job);
    }
    job.start(runtime, plan);
    return job.id();
  }

  /** The job of this name that is not over, if it is the same one. */
  private Optional<JobId> attach(StreamTopology topology, JobConfig config) {
    for (ManagedJob job : managed.values()) {
      JobConfig other = job.config();
      if (other.name().equals(config.name()) && !job.status().isTerminal()) {
        checkSame(job, topology, config);
        return Optional.of(job.id());
      }
    }
    return Optional.empty();
  }

  private static void checkSame(ManagedJob job, StreamTopology topology, JobConfig config) {
    String name = "job '" + config.name() + "'";
    if (!job.config().version().equals(config.version())) {
      throw conflict(
          "FLX-JOB-0004",
          name
              + " is "
              + job.status()
              + " in version "
              + job.config().version()
              + "; version "
              + config.version()
              + " was submitted",
          "stop " + job.id() + " first: a running job cannot be upgraded yet");
    }
    if (!job.topology().saysTheSameAs(topology)) {
      throw conflict(
          "FLX-JOB-0005",
          name + " version " + config.version() + " is " + job.status() + " with another topology",
          "give the new topology another version, or the job another name");
    }
  }

  private static FluxCoreException conflict(String code, String message, String remedy) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT, Diagnostic.error(code, Place.of("job"), message, remedy));
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
