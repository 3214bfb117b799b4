package io.fluxcore.infrastructure.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.DeadLetterDesk;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.control.JobControl;
import io.fluxcore.application.control.JobServices;
import io.fluxcore.application.control.LetterDesk;
import io.fluxcore.application.control.SnapshotDesk;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.application.runtime.StateBackends;
import io.fluxcore.application.timetravel.TimeTravelSettings;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Real jobs behind the front door, at a clock that the test sets. */
final class LiveJobs {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  static final long T = START.toEpochMilli();
  private static final RegexCompiler NO_REGEX =
      pattern -> {
        throw new AssertionError("no regular expressions here");
      };

  private final AtomicLong now = new AtomicLong(T);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  final DeadLetters deadLetters = new InMemoryDeadLetters(10_000);
  final List<String> alerts = new CopyOnWriteArrayList<>();
  final FluxCoreService service;
  final DeadLetterDesk desk;
  final SavepointDesk savepoints;

  LiveJobs() {
    this(TimeTravelSettings.DEFAULT);
  }

  LiveJobs(TimeTravelSettings timeTravel) {
    AtomicLong ids = new AtomicLong();
    CheckpointStorage storage = CheckpointStorage.inMemory(clock);
    JobServices services =
        JobServices.inMemory(
            new Planner(
                ConnectorRegistry.of(List.of(), List.of(new Discard())),
                new ConnectorServices(NO_REGEX),
                ExpressionContext.of(NO_REGEX)),
            new EmbeddedRuntime(
                deadLetters,
                StateBackends.HEAP_ONLY,
                new EmbeddedSettings(1 << 12, Duration.ofHours(1)),
                clock),
            new InMemoryJobStore(),
            storage,
            clock,
            () -> JobId.of(0, ids.incrementAndGet()));
    JobControl control = new JobControl(services.withTimeTravel(timeTravel));
    service = control;
    savepoints =
        new SnapshotDesk(storage, control, () -> new SavepointId("sp-" + ids.incrementAndGet()));
    control.addAlertListener((job, name, alert) -> alerts.add(name + " " + alert.code()));
    desk = new LetterDesk(deadLetters, control, clock);
  }

  /** The sink that rows are given to which nobody wants. */
  private static final class Discard implements SinkConnector {
    @Override
    public ConnectorDescriptor descriptor() {
      return new ConnectorDescriptor(
          "discard",
          "Keeps nothing.",
          List.of(),
          Set.of(ConnectorDescriptor.Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);
    }

    @Override
    public Sink create(ConnectorOptions options, Schema schema) {
      return (operatorId, subtask, parallelism) ->
          new SinkWriter() {
            @Override
            public void write(EventBatch batch, RecordFailures failures) {}

            @Override
            public void flush() {}

            @Override
            public void close() {}
          };
    }
  }

  /** The clock goes on. */
  void pass(Duration duration) {
    now.addAndGet(duration.toMillis());
  }

  static JobConfig.Builder config() {
    return JobConfig.builder().name("live");
  }

  static SourceConfig.Builder fed(FedSource source) {
    return SourceConfig.custom(source)
        .withTimestampField("time")
        .withMaxOutOfOrderness(Duration.ZERO);
  }

  JobId run(StreamTopology topology) {
    return run(topology, config().build());
  }

  JobId run(StreamTopology topology, JobConfig config) {
    JobId id = service.submitJob(topology, config);
    await(() -> service.getJobStatus(id) != JobStatus.STARTING);
    return id;
  }

  Ledger.Counts counts(JobId id, String operator) {
    return metrics(id, operator).counts();
  }

  OperatorMetrics metrics(JobId id, String operator) {
    return service.getMetrics(id).operators().stream()
        .filter(o -> o.operatorId().equals(operator))
        .findFirst()
        .orElseThrow();
  }

  void end(JobId id) throws InterruptedException {
    service.cancelJob(id);
    assertThat(service.awaitEnd(id, Duration.ofMinutes(1)).isTerminal()).isTrue();
  }

  /** Looks until something is so. */
  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.yield();
    }
  }

  /** Keeps rows in words; writes block while the gate is shut. */
  static final class Rows implements Sink {
    final List<String> rows = new CopyOnWriteArrayList<>();
    final CountDownLatch blocked = new CountDownLatch(1);
    volatile @Nullable CountDownLatch gate;
    volatile long lost = -1;

    @Override
    public boolean keepsBatches() {
      return false;
    }

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new SinkWriter() {
        @Override
        public void write(EventBatch batch, RecordFailures failures) {
          CountDownLatch shut = gate;
          if (shut != null) {
            blocked.countDown();
            pass(shut);
          }
          for (int i = 0; i < batch.size(); i++) {
            rows.add(new EventCursor().moveTo(batch, batch.row(i)).copy().toString());
          }
        }

        @Override
        public void flush() {}

        @Override
        public long lost() {
          return lost;
        }

        @Override
        public void close() {}
      };
    }

    private static void pass(CountDownLatch shut) {
      try {
        assertThat(shut.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }
  }
}
