package io.fluxcore.infrastructure.metrics;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobDetail;
import io.fluxcore.application.JobSummary;
import io.fluxcore.application.ReplayRequest;
import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.application.connector.ConnectionReport;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.HistogramSummary;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A service whose jobs are what a test says. */
final class ScriptedService implements FluxCoreService {
  final Map<JobId, JobScript> jobs = new LinkedHashMap<>();

  /** A job as a test wants it. */
  static final class JobScript {
    final String name;
    JobStatus status = JobStatus.RUNNING;
    JobMetrics metrics = JobMetrics.EMPTY;
    final List<JobEvent> history = new ArrayList<>();

    JobScript(String name) {
      this.name = name;
    }

    JobScript counts(int restarts, Ledger.Counts counts) {
      return metrics(restarts, operator("in", counts));
    }

    JobScript metrics(int restarts, OperatorMetrics... operators) {
      long checkpoints = history.stream().filter(JobEvent.Checkpointed.class::isInstance).count();
      boolean runs = status == JobStatus.RUNNING;
      metrics =
          new JobMetrics(
              List.of(operators),
              new HistogramSummary(4, 2, 1, 250, 1_500),
              restarts,
              checkpoints,
              1,
              runs ? Instant.EPOCH : null,
              Duration.ZERO,
              0,
              null);
      return this;
    }
  }

  static OperatorMetrics operator(String id, Ledger.Counts counts) {
    return new OperatorMetrics(
        id,
        0,
        2,
        counts,
        610,
        40,
        350,
        1_000,
        1_200,
        HistogramSummary.EMPTY,
        0,
        0,
        0,
        4_096,
        -1,
        -1,
        StateReading.EMPTY,
        LookupReading.NONE);
  }

  static Ledger.Counts rows(long in, long late, long filtered, long failed, long dropped) {
    return new Ledger.Counts(
        in,
        in * 10,
        1,
        late,
        filtered,
        failed,
        new Ledger.Dropped(dropped, 0, 0),
        in - late,
        (in - late) * 10,
        1);
  }

  JobScript job(int number, String name) {
    return jobs.computeIfAbsent(JobId.of(0, number), id -> new JobScript(name));
  }

  private JobScript of(JobId id) {
    JobScript job = jobs.get(id);
    if (job == null) {
      throw new IllegalStateException("no job " + id);
    }
    return job;
  }

  @Override
  public List<JobSummary> listJobs() {
    return jobs.entrySet().stream()
        .map(
            e ->
                new JobSummary(
                    e.getKey(), e.getValue().name, "1", e.getValue().status, Instant.EPOCH))
        .toList();
  }

  @Override
  public JobStatus getJobStatus(JobId jobId) {
    return of(jobId).status;
  }

  @Override
  public JobMetrics getMetrics(JobId jobId) {
    return of(jobId).metrics;
  }

  @Override
  public JobDetail getJob(JobId jobId) {
    JobScript job = of(jobId);
    JobConfig config = JobConfig.builder().name(job.name).build();
    return new JobDetail(jobId, config, job.status, job.history, null, job.metrics, "");
  }

  @Override
  public JobId submitJob(StreamTopology topology, JobConfig config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<JobId> findJob(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public JobGraph getGraph(JobId jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public JobDiagnosis diagnose(JobId jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LiveState queryState(JobId jobId, String operator, Object... key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ResultSubscription subscribe(JobId jobId, SubscribeOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void cancelJob(JobId jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void stopJob(JobId jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation suspendJob(JobId jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation resumeJob(JobId jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation restartJob(JobId jobId, boolean withState) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation rescaleJob(JobId jobId, int parallelism) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation replayJob(JobId jobId, ReplayRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation viewStateAsOf(JobId jobId, Instant time) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StateView getStateView(StateViewId viewId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dropStateView(StateViewId viewId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LiveState stateAsOf(JobId jobId, Instant time, String operator, Object... key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation cancelOperation(OperationId operationId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation getOperation(OperationId operationId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Operation awaitOperation(OperationId operationId, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Operation> listOperations() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Diagnostic> validate(StreamTopology topology, JobConfig config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ConnectionReport> checkConnections(StreamTopology topology, JobConfig config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String explain(StreamTopology topology, JobConfig config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public JobStatus awaitEnd(JobId jobId, Duration timeout) {
    throw new UnsupportedOperationException();
  }
}
