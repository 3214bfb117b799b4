package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobDetail;
import io.fluxcore.application.JobSummary;
import io.fluxcore.application.ReplayRequest;
import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.application.connector.ConnectionReport;
import io.fluxcore.application.connector.ConnectionReport.Kind;
import io.fluxcore.application.diagnosis.Finding;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.diagnosis.SourceDiagnosis;
import io.fluxcore.application.diagnosis.WindowDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.operation.InMemoryOperationStore;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.operation.OperationType;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.HistogramSummary;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A front door behind which nothing is processed: jobs run until they are told otherwise, and give
 * the rows that a test hands in. Topologies are checked as the real one checks them.
 */
public final class FakeFluxCore implements FluxCoreService {
  /** Of the rows of every job. */
  static final Schema SCHEMA =
      Schema.of(new Field("word", DataType.STRING), new Field("count", DataType.LONG));

  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  /** A view as of then is never done. */
  static final Instant NEVER = Instant.parse("2000-01-01T00:00:00Z");

  private final ExpressionContext expressions =
      ExpressionContext.of(
          pattern -> {
            throw new IllegalArgumentException("no regular expressions here");
          });
  private final Map<JobId, FakeJob> jobs = new LinkedHashMap<>();
  private final Map<StateViewId, StateView> views = new LinkedHashMap<>();
  private final AtomicInteger openQueries = new AtomicInteger();
  private long clock;
  private long operationIds;
  private final Operations operations =
      new Operations(
          new InMemoryOperationStore(), () -> START, () -> new OperationId("op_" + ++operationIds));

  /** What the operation under way is completed with. */
  public final CompletableFuture<Map<String, String>> result = new CompletableFuture<>();

  /** A job, and who reads its results. */
  private static final class FakeJob {
    private final Job job;
    private final StreamTopology topology;
    private final List<FakeSubscription> readers = new CopyOnWriteArrayList<>();
    private final List<ResultRow> latest = new ArrayList<>();
    private long sequence;

    FakeJob(Job job, StreamTopology topology) {
      this.job = job;
      this.topology = topology;
    }
  }

  private Instant tick() {
    return START.plusSeconds(clock++);
  }

  @Override
  public synchronized JobId submitJob(StreamTopology topology, JobConfig config) {
    List<Diagnostic> errors =
        validate(topology, config).stream().filter(Diagnostic::isError).toList();
    if (!errors.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, errors, null);
    }
    Optional<JobId> running = findJob(config.name()).filter(id -> !getJobStatus(id).isTerminal());
    if (running.isPresent()) {
      if (!find(running.get()).topology.saysTheSameAs(topology)) {
        throw conflict("FLX-JOB-0005", "job '" + config.name() + "' runs with another topology");
      }
      return running.get();
    }
    JobId id = JobId.of(0, jobs.size() + 1L);
    Job job = Job.submit(id, config, tick());
    job.record(new JobEvent.Starting(tick()));
    job.record(new JobEvent.Started(tick()));
    jobs.put(id, new FakeJob(job, topology));
    return id;
  }

  @Override
  public SqlWorkspace sql() {
    return new FakeWorkspace(this, openQueries);
  }

  /** Queries that nobody has closed. */
  public int openQueries() {
    return openQueries.get();
  }

  private static FluxCoreException conflict(String code, String message) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(code, Place.of("job"), message, "give it another name"));
  }

  private FakeJob find(JobId id) {
    FakeJob job = jobs.get(id);
    if (job == null) {
      throw new FluxCoreException(
          ErrorCategory.NOT_FOUND,
          Diagnostic.error("FLX-JOB-0003", Place.of("jobId"), "no job " + id, "list the jobs"));
    }
    return job;
  }

  @Override
  public synchronized JobStatus getJobStatus(JobId jobId) {
    return find(jobId).job.status();
  }

  @Override
  public synchronized JobDetail getJob(JobId jobId) {
    Job job = find(jobId).job;
    return new JobDetail(
        jobId,
        job.config(),
        job.status(),
        job.history(),
        job.failure(),
        getMetrics(jobId),
        "the plan of " + job.config().name());
  }

  @Override
  public synchronized Optional<JobId> findJob(String name) {
    Optional<JobId> last = Optional.empty();
    for (FakeJob job : jobs.values()) {
      if (job.job.config().name().equals(name)) {
        last = Optional.of(job.job.id());
        if (!job.job.status().isTerminal()) {
          return last;
        }
      }
    }
    return last;
  }

  @Override
  public synchronized JobMetrics getMetrics(JobId jobId) {
    FakeJob job = find(jobId);
    long rows = job.sequence;
    Ledger.Counts counts =
        new Ledger.Counts(rows + 4, 80, 2, 1, 1, 1, new Ledger.Dropped(0, 1, 0), rows, 40, 1);
    return new JobMetrics(
        List.of(
            new OperatorMetrics(
                "in", 0, 1, counts, 610, 20, 370, 1_000, 1_200, HistogramSummary.EMPTY),
            new OperatorMetrics(
                "out",
                0,
                1,
                counts,
                5,
                0,
                995,
                Long.MIN_VALUE,
                -1,
                new HistogramSummary(2, 1.5, 1, 2, 2))),
        HistogramSummary.EMPTY,
        0,
        3,
        1);
  }

  /** State that says what was asked. */
  @Override
  public synchronized LiveState queryState(JobId jobId, String operator, Object... key) {
    find(jobId);
    if (!operator.equals("in")) {
      throw new FluxCoreException(
          ErrorCategory.NOT_FOUND,
          Diagnostic.error("FLX-QUERY-0001", Place.of("operator"), "no operator", "ask 'in'"));
    }
    List<String> words = new ArrayList<>();
    for (Object value : key) {
      words.add(value == null ? null : value.toString());
    }
    return new LiveState(
        operator,
        words,
        false,
        List.of(
            KeyState.of("seen", "value", 7L),
            KeyState.of("pages", "map", Map.of("home", List.of(1L, "x")))));
  }

  @Override
  public synchronized JobGraph getGraph(JobId jobId) {
    find(jobId);
    return new JobGraph(
        List.of(
            new JobGraph.Node("in", JobGraph.Kind.SOURCE, "acme", 0, 1),
            new JobGraph.Node("out", JobGraph.Kind.SINK, "console", 0, 1)),
        List.of(new JobGraph.Edge("in", "out", "", JobGraph.Exchange.FUSED)));
  }

  @Override
  public synchronized JobDiagnosis diagnose(JobId jobId) {
    FakeJob job = find(jobId);
    return new JobDiagnosis(
        jobId,
        job.job.status(),
        START,
        job.sequence > 0
            ? List.of()
            : List.of(
                new Finding(
                    "FLX-WHY-0001",
                    Finding.Severity.WARNING,
                    "in",
                    "partition 3 of 'in' has given nothing for 40 s and holds the watermark back",
                    "give the source an idle timeout")),
        List.of(
            new SourceDiagnosis(
                "in",
                null,
                List.of(
                    new SourceDiagnosis.SplitDiagnosis(
                        "3", 1_000L, SourceDiagnosis.SplitState.ACTIVE, 7, START, START, 41L)))),
        List.of(
            new WindowDiagnosis(
                "hour",
                1_000L,
                new WindowDiagnosis.Holder("in", "3", 1_000L, START),
                1,
                3_600_000L,
                7,
                1,
                0,
                0,
                0,
                0)));
  }

  @Override
  public synchronized ResultSubscription subscribe(JobId jobId, SubscribeOptions options) {
    FakeJob job = find(jobId);
    if (job.job.status().isTerminal()) {
      throw conflict("FLX-JOB-0020", "job " + jobId + " is over");
    }
    if (!options.operatorId().isEmpty() && !options.operatorId().equals("out")) {
      throw FluxCoreException.user(
          "FLX-JOB-0021",
          Place.of("node"),
          "there is no node '" + options.operatorId() + "'",
          "nodes are in, out");
    }
    int from = Math.max(0, job.latest.size() - options.latest());
    FakeSubscription reader =
        new FakeSubscription(
            job.latest.subList(from, job.latest.size()), options.bufferRows(), job.readers::remove);
    job.readers.add(reader);
    return reader;
  }

  /** Readings of a job's results that are open. */
  public synchronized int readers(String name) {
    return findJob(name).map(id -> find(id).readers.size()).orElse(0);
  }

  /** Makes a job give a row. */
  public synchronized void emit(String name, String word, long count) {
    FakeJob job = find(findJob(name).orElseThrow());
    ResultRow row =
        new ResultRow(++job.sequence, EventRecord.of(SCHEMA, 1_000 * count, word, count));
    job.latest.add(row);
    job.readers.forEach(reader -> reader.offer(row));
  }

  /** Ends a job, as if its input had ended. */
  public synchronized void finish(String name) {
    end(findJob(name).orElseThrow(), JobStatus.FINISHED);
  }

  private void end(JobId id, JobStatus status) {
    FakeJob job = find(id);
    if (job.job.status().isTerminal()) {
      return;
    }
    if (status == JobStatus.CANCELLED) {
      job.job.record(new JobEvent.Cancelling(tick()));
    } else if (status == JobStatus.STOPPED) {
      job.job.record(new JobEvent.Stopping(tick()));
    }
    job.job.record(new JobEvent.Ended(tick(), status));
    job.readers.forEach(FakeSubscription::end);
    notifyAll();
  }

  @Override
  public synchronized List<JobSummary> listJobs() {
    return jobs.values().stream()
        .map(
            job ->
                new JobSummary(
                    job.job.id(),
                    job.job.config().name(),
                    job.job.config().version(),
                    job.job.status(),
                    job.job.submitted()))
        .toList();
  }

  @Override
  public synchronized void cancelJob(JobId jobId) {
    end(jobId, JobStatus.CANCELLED);
  }

  @Override
  public synchronized void stopJob(JobId jobId) {
    end(jobId, JobStatus.STOPPED);
  }

  private Operation operation(OperationType type, JobId jobId, JobStatus needed) {
    JobStatus status = getJobStatus(jobId);
    if (status != needed) {
      throw conflict("FLX-JOB-0008", "job " + jobId + " is " + status);
    }
    return operations.start(
        type,
        jobId,
        steps -> {
          steps.at(10, "stopping with its state");
          return result;
        });
  }

  /** Begins and ends an operation that gives a savepoint. */
  synchronized Operation savepoint(JobId jobId, String savepoint, boolean stop) {
    JobStatus status = getJobStatus(jobId);
    if (status != JobStatus.RUNNING) {
      throw conflict("FLX-JOB-0014", "job " + jobId + " is " + status);
    }
    Operation begun =
        operations.start(
            OperationType.SAVEPOINT,
            jobId,
            steps -> CompletableFuture.completedFuture(Map.of("savepointId", savepoint)));
    if (stop) {
      end(jobId, JobStatus.STOPPED);
    }
    return begun;
  }

  /** Submits a job that is over once more. */
  synchronized JobId again(JobId jobId, int parallelism) {
    FakeJob old = find(jobId);
    if (!old.job.status().isTerminal()) {
      throw conflict("FLX-JOB-0022", "there is a job that is not over");
    }
    JobConfig config = old.job.config();
    return submitJob(
        old.topology,
        parallelism == 0 ? config : config.toBuilder().parallelism(parallelism).build());
  }

  @Override
  public synchronized Operation suspendJob(JobId jobId) {
    return operation(OperationType.SUSPEND, jobId, JobStatus.RUNNING);
  }

  @Override
  public synchronized Operation resumeJob(JobId jobId) {
    return operation(OperationType.RESUME, jobId, JobStatus.SUSPENDED);
  }

  @Override
  public synchronized Operation restartJob(JobId jobId, boolean withState) {
    Operation begun = operation(OperationType.RESTART, jobId, JobStatus.RUNNING);
    find(jobId).job.record(new JobEvent.RestartRequested(tick(), withState));
    return begun;
  }

  @Override
  public synchronized Operation rescaleJob(JobId jobId, int parallelism) {
    Operation begun = operation(OperationType.RESCALE, jobId, JobStatus.RUNNING);
    find(jobId).job.record(new JobEvent.Rescaling(tick(), 1, parallelism));
    return begun;
  }

  /** A replay is told what it was asked for. */
  @Override
  public synchronized Operation replayJob(JobId jobId, ReplayRequest request) {
    find(jobId);
    if (request.start() instanceof ReplayRequest.Savepoint savepoint
        && savepoint.id().value().equals("sp-none")) {
      throw new FluxCoreException(
          ErrorCategory.NOT_FOUND,
          Diagnostic.error("FLX-CKPT-0003", Place.of("savepoint"), "no such savepoint", ""));
    }
    return operations.start(
        OperationType.REPLAY,
        jobId,
        steps ->
            CompletableFuture.completedFuture(
                Map.of(
                    "jobId",
                    jobId.value(),
                    "jobName",
                    String.valueOf(request.name()),
                    "asked",
                    request.toString())));
  }

  @Override
  public synchronized Operation viewStateAsOf(JobId jobId, Instant time) {
    find(jobId);
    return operations.start(
        OperationType.STATE_AS_OF,
        jobId,
        steps -> {
          if (time.equals(NEVER)) {
            CompletableFuture<Map<String, String>> never = new CompletableFuture<>();
            steps.onCancel(() -> never.completeExceptionally(new CancellationException()));
            return never;
          }
          FakeView view = new FakeView(new StateViewId("view_1"), jobId, time);
          views.put(view.id(), view);
          return CompletableFuture.completedFuture(Map.of("viewId", view.id().value()));
        });
  }

  @Override
  public synchronized StateView getStateView(StateViewId viewId) {
    StateView view = views.get(viewId);
    if (view == null) {
      throw new FluxCoreException(
          ErrorCategory.NOT_FOUND,
          Diagnostic.error("FLX-TRAVEL-0008", Place.of("view"), "no view " + viewId, "ask again"));
    }
    return view;
  }

  @Override
  public synchronized void dropStateView(StateViewId viewId) {
    views.remove(viewId);
  }

  @Override
  public synchronized LiveState stateAsOf(
      JobId jobId, Instant time, String operator, Object... key) {
    return new FakeView(new StateViewId("view_1"), jobId, time).state(operator, key);
  }

  /** Three keys, whose state is the time that was asked for. */
  private final class FakeView implements StateView {
    private final StateViewId id;
    private final JobId job;
    private final Instant asOf;

    FakeView(StateViewId id, JobId job, Instant asOf) {
      this.id = id;
      this.job = job;
      this.asOf = asOf;
    }

    @Override
    public StateViewId id() {
      return id;
    }

    @Override
    public JobId job() {
      return job;
    }

    @Override
    public Instant asOf() {
      return asOf;
    }

    @Override
    public String from() {
      return "checkpoint 3";
    }

    @Override
    public long bytes() {
      return 17;
    }

    @Override
    public List<AskableOperator> operators() {
      return List.of(new AskableOperator("in", List.of("string"), true));
    }

    @Override
    public LiveState state(String operator, Object... key) {
      LiveState live = queryState(job, operator, key);
      return new LiveState(
          operator, live.key(), false, List.of(KeyState.of("seen", "value", asOf.toString())));
    }

    @Override
    public KeyPage keys(String operator, int from, int limit) {
      List<LiveState> all =
          List.of(state(operator, "a"), state(operator, "b"), state(operator, "c"));
      return new KeyPage(
          all.subList(Math.min(from, 3), Math.min(from + limit, 3)), all.size(), false);
    }
  }

  @Override
  public Operation cancelOperation(OperationId operationId) {
    return operations.cancel(operationId);
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
  public List<Diagnostic> validate(StreamTopology topology, JobConfig config) {
    Objects.requireNonNull(config);
    return topology.validate(expressions);
  }

  /** Every node is reached but one that is called {@code gone}. */
  @Override
  public List<ConnectionReport> checkConnections(StreamTopology topology, JobConfig config) {
    List<ConnectionReport> reports = new ArrayList<>();
    for (TopologyNode node : topology.nodes()) {
      Diagnostic problem =
          node.name().equals("gone")
              ? Diagnostic.error(
                  "FLX-TEST-0001", Place.of("node 'gone'"), "nobody answers", "start it")
              : null;
      if (node.config() instanceof SourceConfig) {
        reports.add(new ConnectionReport(node.name(), Kind.SOURCE, List.of("0"), problem));
      } else if (node.config() instanceof SinkConfig) {
        reports.add(new ConnectionReport(node.name(), Kind.SINK, List.of(), problem));
      }
    }
    return reports;
  }

  @Override
  public String explain(StreamTopology topology, JobConfig config) {
    return "the plan of " + config.name();
  }

  @Override
  public synchronized JobStatus awaitEnd(JobId jobId, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!getJobStatus(jobId).isTerminal()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      wait(Math.max(1, left / 1_000_000));
    }
    return getJobStatus(jobId);
  }
}
