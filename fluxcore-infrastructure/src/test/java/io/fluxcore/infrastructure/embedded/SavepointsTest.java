package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.SavepointContents;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.StateMapping;
import io.fluxcore.application.StateMapping.Fate;
import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.control.JobControl;
import io.fluxcore.application.control.SnapshotDesk;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationStatus;
import io.fluxcore.application.operation.OperationType;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.WindowConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Savepoints of jobs that run for real, from making them to beginning with them. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SavepointsTest {
  private static final RegexCompiler NO_REGEX =
      pattern -> {
        throw new AssertionError("no regular expressions here");
      };
  private static final Duration WINDOW = Duration.ofMillis(1_000);

  private final Server server = new Server("a");
  private final ScriptedSource source = new ScriptedSource(3, 10_000, 97);

  /** A process of its own. */
  private static final class Server {
    final CheckpointStorage storage = CheckpointStorage.inMemory(InstantSource.system());
    final JobControl jobs;
    final SavepointDesk savepoints;

    Server(String name) {
      AtomicLong ids = new AtomicLong(name.hashCode());
      jobs =
          new JobControl(
              new Planner(
                  ConnectorRegistry.of(List.of(), List.of()),
                  new ConnectorServices(NO_REGEX),
                  ExpressionContext.of(NO_REGEX)),
              new EmbeddedRuntime(new InMemoryDeadLetters(10)),
              new InMemoryJobStore(),
              storage,
              InstantSource.system(),
              () -> JobId.of(0, ids.incrementAndGet()));
      savepoints =
          new SnapshotDesk(
              storage, jobs, () -> new SavepointId("sp-" + name + ids.incrementAndGet()));
    }
  }

  private StreamTopology topology(
      String aggregate, AggregateConfig config, TransactionalSink sink) {
    return topology(WINDOW, aggregate, config, sink);
  }

  private StreamTopology topology(
      Duration window, String aggregate, AggregateConfig config, TransactionalSink sink) {
    return StreamTopology.builder()
        .source("numbers", SourceConfig.custom(source).withTimestampField("id").build())
        .window("window", WindowConfig.tumbling().withDuration(window).build())
        .aggregate(aggregate, config)
        .sink("out", SinkConfig.custom(sink).build())
        .build();
  }

  private static AggregateConfig counts() {
    return AggregateConfig.count().withGroupBy("key").build();
  }

  private static JobConfig config(String name, int parallelism) {
    return JobConfig.builder().name(name).parallelism(parallelism).build();
  }

  private List<String> expected() throws Exception {
    TransactionalSink plain = new TransactionalSink();
    CountDownLatch hold = source.hold;
    source.hold = null;
    JobId id = server.jobs.submitJob(topology("counts", counts(), plain), config("plain", 1));
    end(server, id, JobStatus.FINISHED);
    source.hold = hold;
    return plain.rows();
  }

  private static void end(Server at, JobId id, JobStatus status) throws Exception {
    assertThat(at.jobs.awaitEnd(id, Duration.ofSeconds(LONG_SECONDS)))
        .as(() -> String.valueOf(at.jobs.getJob(id).history()))
        .isEqualTo(status);
  }

  /** A job of two subtasks that has read 4,000 rows of each split, and waits. */
  private JobId held() {
    source.hold = new CountDownLatch(1);
    source.holdAfter = 4_000;
    JobId id =
        server.jobs.submitJob(
            topology("counts", counts(), new TransactionalSink()), config("orders", 2));
    while (server.jobs.getJobStatus(id) != JobStatus.RUNNING) {
      Thread.onSpinWait();
    }
    while (server.jobs.getMetrics(id).operators().stream()
            .filter(operator -> operator.operatorId().equals("numbers"))
            .mapToLong(operator -> operator.counts().rowsOut())
            .sum()
        < 12_000) {
      Thread.onSpinWait();
    }
    return id;
  }

  private SavepointId savepoint(JobId id, boolean stop) throws Exception {
    Operation begun = server.savepoints.create(id, "before the move", stop);
    assertThat(begun.type()).isEqualTo(OperationType.SAVEPOINT);
    Operation over = server.jobs.awaitOperation(begun.id(), Duration.ofSeconds(LONG_SECONDS));
    assertThat(over.status()).as(over.toString()).isEqualTo(OperationStatus.SUCCEEDED);
    return new SavepointId(over.result().get("savepointId"));
  }

  private static void assertCode(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(FluxCoreException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void savepoint_isListed_andSaysWhatItHolds() throws Exception {
    JobId id = held();
    SavepointId savepoint = savepoint(id, false);
    assertThat(server.jobs.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    CheckpointEntry entry = server.savepoints.list().get(0);
    assertThat(entry.savepoint()).isEqualTo(savepoint);
    assertThat(entry.label()).isEqualTo("before the move");
    assertThat(entry.jobName()).isEqualTo("orders");
    assertThat(entry.format()).isEqualTo(SnapshotFormat.CANONICAL);
    assertThat(server.savepoints.checkpoints(id)).containsExactly(entry);
    SavepointContents contents = server.savepoints.describe(savepoint);
    assertThat(contents.maxParallelism()).isEqualTo(JobConfig.DEFAULT_MAX_PARALLELISM);
    var numbers =
        contents.operators().stream()
            .filter(operator -> operator.operatorId().equals("numbers"))
            .findFirst()
            .orElseThrow();
    assertThat(numbers.splits())
        .hasSize(3)
        .allSatisfy(split -> assertThat(split.position()).isEqualTo("4000"));
    var counts =
        contents.operators().stream()
            .filter(operator -> operator.operatorId().equals("counts"))
            .findFirst()
            .orElseThrow();
    assertThat(counts.states())
        .anySatisfy(
            state -> {
              assertThat(state.keyTypes()).containsExactly("long");
              assertThat(state.keys()).isPositive();
              assertThat(state.bytes()).isPositive();
            });
    server.jobs.cancelJob(id);
    end(server, id, JobStatus.CANCELLED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void restored_atAnotherParallelism_givesWhatWasMissing(int parallelism) throws Exception {
    JobId id = held();
    SavepointId savepoint = savepoint(id, true);
    end(server, id, JobStatus.STOPPED);
    source.hold.countDown();
    TransactionalSink sink = new TransactionalSink();
    JobId restored =
        server.savepoints.restore(
            savepoint, topology("counts", counts(), sink), config("orders", parallelism));
    server.savepoints.delete(savepoint);
    end(server, restored, JobStatus.FINISHED);
    assertThat(restored).isNotEqualTo(id);
    assertThat(sink.rows()).isEqualTo(expected());
  }

  @Test
  void restored_withTheTopologyThatIsKnown() throws Exception {
    JobId id = held();
    SavepointId savepoint = savepoint(id, false);
    assertCode("FLX-JOB-0022", () -> server.savepoints.restore(savepoint, 1));
    StateMapping mapping = server.savepoints.compare(savepoint, 1);
    assertThat(mapping.toString()).contains("counts: kept", "numbers: kept");
    assertThat(mapping.of(Fate.DROPPED)).isEmpty();
    assertThat(mapping.of(Fate.INCOMPATIBLE)).isEmpty();
    assertCode("FLX-JOB-0019", () -> server.savepoints.compare(savepoint, 1_000));
    server.jobs.cancelJob(id);
    end(server, id, JobStatus.CANCELLED);
    source.hold.countDown();
    JobId restored = server.savepoints.restore(savepoint, 1);
    end(server, restored, JobStatus.FINISHED);
    assertThat(server.jobs.getJob(restored).config().parallelism()).isEqualTo(1);
    assertCode("FLX-JOB-0019", () -> server.savepoints.restore(savepoint, 1_000));
  }

  @Test
  void anotherTopology_isComparedBeforeAnythingStarts() throws Exception {
    JobId id = held();
    SavepointId savepoint = savepoint(id, true);
    end(server, id, JobStatus.STOPPED);
    source.hold.countDown();
    TransactionalSink sink = new TransactionalSink();

    StreamTopology same = topology("counts", counts(), sink);
    StateMapping kept = server.savepoints.compare(savepoint, same, config("b", 1));
    assertThat(kept.toString()).contains("counts: kept", "numbers: kept");
    assertThat(kept.of(Fate.DROPPED)).isEmpty();
    assertThat(kept.of(Fate.INCOMPATIBLE)).isEmpty();

    StreamTopology changed =
        topology("counts", AggregateConfig.average("id").as("x").withGroupBy("key").build(), sink);
    assertThat(server.savepoints.compare(savepoint, changed, config("b", 1)).of(Fate.INCOMPATIBLE))
        .extracting(StateMapping.Row::operatorId)
        .containsExactly("counts");
    assertCode(
        "FLX-CKPT-0007", () -> server.savepoints.restore(savepoint, changed, config("b", 1)));

    AggregateConfig otherName = AggregateConfig.count().as("x").withGroupBy("key").build();
    StreamTopology sameMeaning = topology("counts", otherName, sink);
    assertThat(server.savepoints.compare(savepoint, sameMeaning, config("b", 1)).toString())
        .contains("counts: kept");
    StreamTopology sameShape = topology(WINDOW.multipliedBy(2), "counts", counts(), sink);
    assertThat(
            server.savepoints.compare(savepoint, sameShape, config("b", 1)).of(Fate.INCOMPATIBLE))
        .singleElement()
        .satisfies(row -> assertThat(row.why()).contains("by key: count(*) and would be tumbling"));

    StreamTopology renamed = topology("totals", counts(), sink);
    StateMapping mapping = server.savepoints.compare(savepoint, renamed, config("b", 1));
    assertThat(mapping.of(Fate.DROPPED))
        .extracting(StateMapping.Row::operatorId)
        .contains("counts");
    assertThat(mapping.of(Fate.NEW)).extracting(StateMapping.Row::operatorId).contains("totals");
    assertCode(
        "FLX-CKPT-0008", () -> server.savepoints.restore(savepoint, renamed, config("b", 1)));
    JobConfig consent = config("b", 1).toBuilder().allowNonRestoredState(true).build();
    JobId restored = server.savepoints.restore(savepoint, renamed, consent);
    end(server, restored, JobStatus.FINISHED);

    JobConfig groups = JobConfig.builder().name("c").maxParallelism(64).build();
    assertCode("FLX-CKPT-0006", () -> server.savepoints.restore(savepoint, same, groups));
    assertThat(server.jobs.findJob("c")).isEmpty();
  }

  @Test
  void exportedSavepoint_isTakenInElsewhere() throws Exception {
    JobId id = held();
    SavepointId savepoint = savepoint(id, true);
    end(server, id, JobStatus.STOPPED);
    source.hold.countDown();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    server.savepoints.export(savepoint, file);
    assertThat(file.size()).isEqualTo((int) server.savepoints.exportedBytes(savepoint));

    Server other = new Server("b");
    CheckpointEntry entry = other.savepoints.bring(new ByteArrayInputStream(file.toByteArray()));
    assertThat(entry.label()).isEqualTo("before the move");
    assertThat(other.savepoints.list()).containsExactly(entry);
    TransactionalSink sink = new TransactionalSink();
    JobId restored =
        other.savepoints.restore(
            entry.savepoint(), topology("counts", counts(), sink), config("orders", 3));
    end(other, restored, JobStatus.FINISHED);
    assertThat(sink.rows()).isEqualTo(expected());
    assertThatThrownBy(() -> other.savepoints.restore(entry.savepoint(), 1))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND));

    byte[] torn = Arrays.copyOf(file.toByteArray(), file.size() / 2);
    assertCode("FLX-CKPT-0010", () -> other.savepoints.bring(new ByteArrayInputStream(torn)));
    assertThat(other.savepoints.list()).hasSize(1);
  }

  @Test
  void restartPointOfARunningJob_isNotDeleted() throws Exception {
    JobId id = held();
    SavepointId savepoint = savepoint(id, false);
    assertCode("FLX-CKPT-0009", () -> server.savepoints.delete(savepoint));
    SavepointId next = savepoint(id, false);
    server.savepoints.delete(savepoint);
    assertThat(server.savepoints.list()).hasSize(1);
    assertCode("FLX-CKPT-0003", () -> server.savepoints.describe(savepoint));
    server.jobs.cancelJob(id);
    end(server, id, JobStatus.CANCELLED);
    server.savepoints.delete(next);
    assertThat(server.savepoints.list()).isEmpty();
    assertCode("FLX-JOB-0014", () -> server.savepoints.create(id, "", false));
  }
}
