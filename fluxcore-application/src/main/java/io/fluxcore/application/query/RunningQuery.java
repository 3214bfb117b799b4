package io.fluxcore.application.query;

import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.planner.PlannedTopology;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A query beside the jobs: no store knows it, it makes no checkpoints, and it ends with its reader
 * or with the server.
 */
public final class RunningQuery implements QueryRows {
  private static final int ROWS_AT_ONCE = 512;
  private static final Duration A_WHILE = Duration.ofSeconds(10);

  private final RowExchange exchange;
  private final Schema schema;
  private final PlannedTopology planned;
  private final RunningJob run;
  private final QueryListener listener = new QueryListener();

  private RunningQuery(
      RowExchange exchange,
      String sink,
      PlannedTopology planned,
      JobConfig config,
      JobId id,
      JobRuntime runtime,
      InstantSource time) {
    this.exchange = exchange;
    this.planned = planned;
    this.schema = Objects.requireNonNull(planned.plan().outputs().get(sink), sink);
    this.run =
        runtime.start(
            JobStart.fresh(
                planned.plan(), id, config, listener, CheckpointStorage.inMemory(time).own(id)));
  }

  /**
   * Starts a query.
   *
   * @param topology without a sink
   * @param output the node that gives the rows
   * @param config of which what is said of checkpoints, failures and restarts is of no matter
   * @param id that no job has
   * @throws FluxCoreException if it cannot be planned or run
   */
  public static RunningQuery start(
      StreamTopology topology,
      String output,
      JobConfig config,
      JobId id,
      Planner planner,
      JobRuntime runtime,
      InstantSource time) {
    RowExchange exchange = new RowExchange();
    JobConfig complete = runtime.complete(beside(config));
    String sink = sinkName(topology);
    PlannedTopology planned =
        planner.planned(
            topology.withSink(sink, SinkConfig.custom(exchange).build(), output), complete);
    RunningQuery query = new RunningQuery(exchange, sink, planned, complete, id, runtime, time);
    query.begin();
    return query;
  }

  /**
   * How a run is configured that no store knows: without checkpoints and restarts; what it cannot
   * process it counts.
   */
  static JobConfig beside(JobConfig config) {
    return config.toBuilder()
        .checkpoints(JobConfig.Checkpoints.NONE)
        .restartStrategy(RestartStrategy.none())
        .errorPolicy(ErrorPolicy.SKIP)
        .deliveryGuarantee(null)
        .errorBreaker(null)
        .build();
  }

  /** A name for a sink that no node has. */
  public static String sinkName(StreamTopology topology) {
    String name = "result";
    for (int i = 2; isNode(topology, name); i++) {
      name = "result" + i;
    }
    return name;
  }

  private static boolean isNode(StreamTopology topology, String name) {
    return topology.nodes().stream().anyMatch(node -> node.name().equals(name));
  }

  private void begin() {
    CompletableFuture<Void> unused = run.end().thenAccept(this::ended);
  }

  private void ended(JobEnd end) {
    exchange.end(end.kind() == JobEnd.Kind.FAILED ? reason(end, listener.failure()) : null);
  }

  static FluxCoreException reason(JobEnd end, @Nullable Throwable told) {
    Throwable cause = end.failure() == null ? told : end.failure();
    if (cause instanceof FluxCoreException known) {
      return known;
    }
    return new FluxCoreException(
        ErrorCategory.BUG,
        List.of(
            Diagnostic.error(
                "FLX-QUERY-0041",
                Place.WHOLE,
                "the query has failed: " + cause,
                "look at the log")),
        cause);
  }

  /** What is run. */
  public PlannedTopology planned() {
    return planned;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public List<EventRecord> poll(int atMost, Duration patience) throws InterruptedException {
    return exchange.poll(atMost, patience);
  }

  @Override
  public boolean isEnded() {
    return exchange.isEnded();
  }

  @Override
  public Iterator<EventRecord> iterator() {
    return new Rows();
  }

  @Override
  public Flow.Publisher<EventRecord> publisher() {
    return new RowPublisher(this);
  }

  @Override
  public JobMetrics metrics() {
    return run.metrics();
  }

  @Override
  public void close() {
    exchange.close();
    run.cancel();
  }

  /** Rows one by one. */
  private final class Rows implements Iterator<EventRecord> {
    private Iterator<EventRecord> batch = List.<EventRecord>of().iterator();

    @Override
    public boolean hasNext() {
      try {
        while (!batch.hasNext() && !isEnded()) {
          batch = poll(ROWS_AT_ONCE, A_WHILE).iterator();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
      }
      return batch.hasNext();
    }

    @Override
    public EventRecord next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the query gives no more rows");
      }
      return batch.next();
    }
  }
}
