package io.fluxcore.application.control;

import io.fluxcore.application.AlertListener;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobDetail;
import io.fluxcore.application.JobRecovery;
import io.fluxcore.application.JobSummary;
import io.fluxcore.application.ReplayRequest;
import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.connector.ConnectionReport;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.lifecycle.Beginning;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.lifecycle.ManagedJob;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.application.planner.PlanPrinter;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.application.view.MaterializedView;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The front door to the jobs of one server, which runs them on one runtime. A job belongs to one
 * server at a time, by a lease in the store; this one goes on with those of the store that nobody
 * has, after {@link #recover} was called.
 *
 * <p>What is asked here is done by who is there for it: {@link Submission}, {@link JobCommands},
 * {@link JobViews}, {@link TimeTravel} and {@link Recovery}.
 */
public final class JobControl implements FluxCoreService, JobRecovery {
  private final Planner planner;
  private final Operations operations;
  private final AlertListeners alerts = new AlertListeners();
  private final KnownJobs known;
  private final JobVersions versions;
  private final OwnJobs own;
  private final Recovery recovery;
  private final Submission submission;
  private final JobCommands commands;
  private final JobViews views;
  private final TimeTravel timeTravel;
  private final JobServices services;
  private final ViewJobs materialised;

  /** A service without running jobs. */
  public JobControl(JobServices services) {
    this.services = services;
    this.materialised = new ViewJobs(services.views(), this);
    this.planner = services.planner();
    this.operations = services.operations();
    this.known = new KnownJobs(services.store());
    this.versions = new JobVersions(services);
    Leases leases = new Leases(services);
    this.own = new OwnJobs(services, known, leases, versions, alerts);
    this.recovery = new Recovery(services, known, own, leases, versions);
    this.submission = new Submission(services, known, own, leases, versions, recovery);
    this.commands = new JobCommands(services, known, own, leases, versions, recovery);
    this.views = new JobViews(known, own, versions, services.time());
    this.timeTravel = new TimeTravel(services, known, own, versions, submission, views);
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
    alerts.add(listener);
  }

  // --- Submission -------------------------------------------------------------------------------

  @Override
  public JobId submitJob(StreamTopology topology, JobConfig config) {
    return submission.submit(version(topology, config));
  }

  @Override
  public List<Diagnostic> validate(StreamTopology topology, JobConfig config) {
    return planner.validate(topology, config);
  }

  @Override
  public List<ConnectionReport> checkConnections(StreamTopology topology, JobConfig config) {
    return ConnectionCheck.of(planner.plan(topology, config));
  }

  @Override
  public String explain(StreamTopology topology, JobConfig config) {
    return PlanPrinter.print(planner.plan(topology, config));
  }

  @Override
  public SqlWorkspace sql() {
    return new SqlDesk(services, this, materialised);
  }

  @Override
  public MaterializedView view(String name) {
    return materialised.get(name);
  }

  @Override
  public List<MaterializedView> listViews() {
    return materialised.all();
  }

  /** What would be run. */
  JobVersion version(StreamTopology topology, JobConfig config) {
    return versions.of(topology, config);
  }

  /** What a job that is known here was to do last. */
  JobVersion versionOf(JobId jobId) {
    return views.version(jobId);
  }

  /** Submits a new job that begins with something else than nothing. */
  JobId submitFrom(JobVersion version, Beginning beginning) {
    return submission.submitFrom(version, beginning).id();
  }

  // --- The life of jobs beyond that of the server -----------------------------------------------

  @Override
  public void recover() {
    recovery.begin();
  }

  @Override
  public boolean isRecovered() {
    return recovery.isDone();
  }

  @Override
  public boolean awaitRecovery(Duration timeout) throws InterruptedException {
    return recovery.await(timeout);
  }

  @Override
  public void keepUp() {
    own.keepUp();
    recovery.takeOver();
  }

  @Override
  public List<String> release(Duration timeout) throws InterruptedException {
    recovery.end();
    return own.release(timeout);
  }

  // --- Commands ---------------------------------------------------------------------------------

  @Override
  public void cancelJob(JobId jobId) {
    commands.cancel(jobId);
  }

  @Override
  public void stopJob(JobId jobId) {
    commands.stop(jobId);
  }

  @Override
  public Operation suspendJob(JobId jobId) {
    return commands.suspend(jobId);
  }

  @Override
  public Operation resumeJob(JobId jobId) {
    return commands.resume(jobId, getJobStatus(jobId));
  }

  @Override
  public Operation restartJob(JobId jobId, boolean withState) {
    return commands.restart(jobId, withState);
  }

  @Override
  public Operation rescaleJob(JobId jobId, int parallelism) {
    return commands.rescale(jobId, parallelism);
  }

  /** Begins to make a savepoint. */
  Operation savepoint(JobId jobId, SnapshotRequest wanted) {
    return commands.savepoint(jobId, wanted);
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

  @Override
  public Operation cancelOperation(OperationId operationId) {
    return operations.cancel(operationId);
  }

  // --- The past ---------------------------------------------------------------------------------

  @Override
  public Operation replayJob(JobId jobId, ReplayRequest request) {
    return timeTravel.replay(jobId, request);
  }

  @Override
  public Operation viewStateAsOf(JobId jobId, Instant time) {
    return timeTravel.view(jobId, time);
  }

  @Override
  public StateView getStateView(StateViewId viewId) {
    return timeTravel.get(viewId);
  }

  @Override
  public void dropStateView(StateViewId viewId) {
    timeTravel.drop(viewId);
  }

  @Override
  public LiveState stateAsOf(JobId jobId, Instant time, String operator, @Nullable Object... key)
      throws InterruptedException {
    return timeTravel.state(jobId, time, operator, key);
  }

  // --- Views ------------------------------------------------------------------------------------

  @Override
  public JobStatus getJobStatus(JobId jobId) {
    return views.status(jobId);
  }

  @Override
  public JobDetail getJob(JobId jobId) {
    return views.detail(jobId);
  }

  @Override
  public Optional<JobId> findJob(String name) {
    return known.latest(name);
  }

  @Override
  public JobMetrics getMetrics(JobId jobId) {
    return views.metrics(jobId);
  }

  @Override
  public JobGraph getGraph(JobId jobId) {
    return views.graph(jobId);
  }

  @Override
  public JobDiagnosis diagnose(JobId jobId) {
    return views.diagnosis(jobId);
  }

  @Override
  public LiveState queryState(JobId jobId, String operator, @Nullable Object... key) {
    return views.state(jobId, operator, Arrays.asList(key));
  }

  @Override
  public ResultSubscription subscribe(JobId jobId, SubscribeOptions options) {
    return views.results(jobId, options);
  }

  @Override
  public List<JobSummary> listJobs() {
    return views.list();
  }

  @Override
  public JobStatus awaitEnd(JobId jobId, Duration timeout) throws InterruptedException {
    Optional<ManagedJob> job = own.find(jobId);
    return job.isPresent() ? job.get().awaitEnd(timeout) : known.job(jobId).status();
  }

  /** Whether a job is known and not over. */
  boolean isUnderWay(JobId jobId) {
    return known.isUnderWay(jobId);
  }

  /** The run that takes a letter again: of its job, or of the one of the same name. */
  Optional<RunningJob> runOf(DeadLetter letter) {
    return own.runOf(letter);
  }
}
