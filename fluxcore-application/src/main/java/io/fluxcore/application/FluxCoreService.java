package io.fluxcore.application;

import io.fluxcore.application.connector.ConnectionReport;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.view.MaterializedView;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The front door: submits topologies as jobs and looks after them. Thread-safe. Methods that take a
 * {@link JobId} throw a {@link io.fluxcore.domain.error.FluxCoreException} of category {@code
 * NOT_FOUND} when there is no such job.
 */
public interface FluxCoreService {
  /**
   * Validates, plans and starts a topology. When a job of the same name and version is under way
   * already, attaches to it and returns its id. When one of the same name and another version is,
   * upgrades it: it is stopped with its state, and goes on as the new version under the same id.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code USER} with everything
   *     that is wrong with the topology, or {@code STATE_CONFLICT} if the name is taken by a job of
   *     the same version with another topology, or by one that is being ended
   */
  JobId submitJob(StreamTopology topology, JobConfig config);

  JobStatus getJobStatus(JobId jobId);

  /** Everything about a job. */
  JobDetail getJob(JobId jobId);

  /** The job of a name that is not over, or else the one that was submitted last. */
  Optional<JobId> findJob(String name);

  /** A reading of the job's metrics; after its end, the last one. */
  JobMetrics getMetrics(JobId jobId);

  /** The job's topology as it runs. */
  JobGraph getGraph(JobId jobId);

  /** Why the job gives no output, if it does not. */
  JobDiagnosis diagnose(JobId jobId);

  /**
   * The state of one key of an operator as it is now, between two batches: the states of a keyed
   * process function, or what a window aggregation holds of a group. Waits until the operator has
   * done what it is at.
   *
   * @param operator its name in the topology
   * @param key the value of each field of the key, or its text
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code NOT_FOUND} if there is no
   *     such operator; {@code USER} if it has no state that can be asked for or the key is not of
   *     its types; {@code STATE_CONFLICT} if the job is over; {@code RESOURCE} if the operator does
   *     not answer in time
   */
  LiveState queryState(JobId jobId, String operator, @Nullable Object... key);

  /**
   * Starts a reading of what a node of a running job emits, or a sink receives.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code USER} if there is no such
   *     node or none was named and there is not exactly one sink; {@code STATE_CONFLICT} if the job
   *     is over
   */
  ResultSubscription subscribe(JobId jobId, SubscribeOptions options);

  /** All jobs, oldest first. */
  List<JobSummary> listJobs();

  /**
   * Ends a job at once. Without effect when it is over or being cancelled.
   *
   * <p>Returns before the job is over; see {@link #awaitEnd}.
   */
  void cancelJob(JobId jobId);

  /**
   * Ends a job in order: sources stop, what they have read is processed and written, and open
   * windows give their results. Without effect when it is over or being ended.
   *
   * <p>Returns before the job is over; see {@link #awaitEnd}.
   */
  void stopJob(JobId jobId);

  /**
   * Begins to stop a job with its state, so that it can be resumed. What its windows hold stays in
   * them.
   *
   * @return the operation, which is over when the job is suspended
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if the
   *     job cannot be suspended now
   */
  Operation suspendJob(JobId jobId);

  /**
   * Begins to start a suspended job from the state that it was suspended with.
   *
   * @return the operation, which is over when the job runs
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if the
   *     job is not suspended, or its code is not here
   */
  Operation resumeJob(JobId jobId);

  /**
   * Begins to stop a job with its state and to start it again. Where it does not start without its
   * state it goes on with it.
   *
   * @param withState whether it starts from its state; otherwise sources begin where they are
   *     configured to
   * @return the operation, which is over when the job runs again
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if the
   *     job cannot be restarted now
   */
  Operation restartJob(JobId jobId, boolean withState);

  /**
   * Begins to bring a job with its state to another parallelism. Where it does not start so, it
   * goes on as before.
   *
   * @param parallelism number of subtasks where a node does not say otherwise, from 1 to the job's
   *     {@code maxParallelism}
   * @return the operation, which is over when the job runs so
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code USER} if the number
   *     cannot be; {@code STATE_CONFLICT} if the job cannot be changed now
   */
  Operation rescaleJob(JobId jobId, int parallelism);

  /**
   * Begins to replay a job: a new job reads again what this one has read, from a savepoint, a time
   * or offsets; or the job itself goes back there. See {@link ReplayRequest}.
   *
   * @return the operation, which is over when the job that replays runs; its result has its {@code
   *     jobId} and {@code jobName}
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if the
   *     sources cannot be read from there, with the reason for each, or the state does not fit;
   *     {@code NOT_FOUND} if there is no such savepoint; {@code USER} if the request does not fit
   *     the job
   */
  Operation replayJob(JobId jobId, ReplayRequest request);

  /**
   * Begins to make a view of the state that a job had at a time. A run that nobody else notices is
   * started from the nearest checkpoint or savepoint that holds nothing of that time or later, or
   * from the job's beginning; it reads what came until the watermark is there, writes into no sink,
   * and ends. The job itself is not touched. The operation can be cancelled.
   *
   * @param time in event time, to the millisecond
   * @return the operation, whose result is the {@code viewId}
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if there
   *     is nothing to begin from, with what there is, or a source cannot be read again; {@code
   *     RESOURCE} if too many are being made
   */
  Operation viewStateAsOf(JobId jobId, Instant time);

  /**
   * A view of state, up to a quarter of an hour after it was looked at last.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code NOT_FOUND} if there is
   *     none, or none any more
   */
  StateView getStateView(StateViewId viewId);

  /** Lets a view go, and the memory that it takes; without effect if there is none. */
  void dropStateView(StateViewId viewId);

  /**
   * The state that one key of an operator had at a time: {@link #viewStateAsOf}, and asks the view,
   * which is kept for further questions.
   *
   * @param operator its name in the topology
   * @param key the value of each field of the key, or its text
   * @throws io.fluxcore.domain.error.FluxCoreException as {@link #viewStateAsOf} and {@link
   *     #queryState} do; {@code RESOURCE} if it takes too long or the state is too large
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  LiveState stateAsOf(JobId jobId, Instant time, String operator, @Nullable Object... key)
      throws InterruptedException;

  /**
   * Has an operation end soon, if it is of a kind that can be cancelled; without effect if it is
   * over.
   *
   * @return a reading, in which it may not be over yet
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if it
   *     cannot be cancelled; {@code NOT_FOUND} if there is none
   */
  Operation cancelOperation(OperationId operationId);

  /**
   * A reading of an operation, up to a day after its end.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code NOT_FOUND} if there is
   *     none
   */
  Operation getOperation(OperationId operationId);

  /**
   * Waits until an operation is over; for one that another server does, not at all.
   *
   * @return a reading; of one that is over, unless the time ran out before
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  Operation awaitOperation(OperationId operationId, Duration timeout) throws InterruptedException;

  /** All operations that are kept, the newest first. */
  List<Operation> listOperations();

  /**
   * Reaches for what each source and sink reads and writes, as a job would at its start: addresses,
   * passwords, topics, tables. Nothing is read or written, and no job is submitted. Takes as long
   * as the slowest of them takes to answer or to give up.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if the topology cannot be planned
   */
  List<ConnectionReport> checkConnections(StreamTopology topology, JobConfig config);

  /** Everything that keeps a topology from being run, or is worth a warning. */
  List<Diagnostic> validate(StreamTopology topology, JobConfig config);

  /**
   * What would be run, printed: stages, exchanges, what is pushed into sources.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException as {@link #submitJob} does
   */
  String explain(StreamTopology topology, JobConfig config);

  /**
   * A workspace without tables and views of its own, in which statements of SQL are run one after
   * another: definitions are its own, a query's rows are read by the caller, an insert is a job of
   * this service. Materialised views that are kept here can be queried.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if SQL is
   *     not read here
   */
  default SqlWorkspace sql() {
    throw FluxCoreException.conflict(
        "FLX-QUERY-0044",
        Place.WHOLE,
        "SQL is not read by this service",
        "ask the service of the process that runs the jobs");
  }

  /**
   * Runs a script in a workspace of its own.
   *
   * <pre>{@code
   * try (QueryRows rows = service.sql("CREATE TABLE orders …; SELECT * FROM orders").rows()) {
   *   rows.forEach(row -> …);
   * }
   * JobId job = service.sql("CREATE TABLE …; INSERT INTO totals SELECT …").jobId();
   * }</pre>
   *
   * @return what the last statement has come to; queries before it are closed
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code USER} with line and
   *     column if there is no statement, or one cannot be understood or run; those before it have
   *     been
   */
  default SqlResult sql(String script) {
    List<SqlResult> results = sql().run(script);
    if (results.isEmpty()) {
      throw FluxCoreException.user(
          "FLX-QUERY-0046", Place.at(1, 1), "the script has no statement", "write one");
    }
    SqlWorkspace.close(results.subList(0, results.size() - 1));
    return results.get(results.size() - 1);
  }

  /**
   * A materialised view of this process.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code NOT_FOUND} if there is
   *     none
   */
  default MaterializedView view(String name) {
    throw new FluxCoreException(
        ErrorCategory.NOT_FOUND,
        Diagnostic.error(
            "FLX-VIEW-0001",
            Place.of("view '" + name + "'"),
            "no materialised view '" + name + "' is kept here",
            "ask the service of the process that runs its job"));
  }

  /** The materialised views that are kept in this process, by name. */
  default List<MaterializedView> listViews() {
    return List.of();
  }

  /**
   * Waits until a job is over, or suspended. A job that this server does not run is not waited for.
   *
   * @return the job's status: a terminal one, unless the time ran out before or it was suspended
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  JobStatus awaitEnd(JobId jobId, Duration timeout) throws InterruptedException;
}
