package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.ErrorPolicy.Action;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sinks and user code that fail for a while. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(LONG_SECONDS);
  private static final ErrorPolicy SOON =
      ErrorPolicy.retry(RetryPolicy.fixedDelay(2, Duration.ofMillis(1)));
  private static final ErrorPolicy MUCH_LATER =
      ErrorPolicy.retry(RetryPolicy.fixedDelay(1, Duration.ofHours(1)));

  private final LiveJobs jobs = new LiveJobs();
  private final FlakySink sink = new FlakySink();

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  /** Takes some rows of a batch and fails, as a script says. */
  private static final class FlakySink implements Sink {
    final List<Long> values = new CopyOnWriteArrayList<>();
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger flushFailures = new AtomicInteger();
    final AtomicInteger thrown = new AtomicInteger();
    final Random random = new Random(7);

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new SinkWriter() {
        @Override
        public void write(EventBatch batch, RecordFailures recordFailures) {
          boolean fails = failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
          int taken = fails ? random.nextInt(batch.size()) : batch.size();
          for (int i = 0; i < taken; i++) {
            values.add((Long) batch.column("value").get(batch.row(i)));
          }
          if (fails) {
            thrown.incrementAndGet();
            throw outage(taken);
          }
        }

        @Override
        public void flush() {
          if (flushFailures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            thrown.incrementAndGet();
            throw outage(0);
          }
        }

        @Override
        public void close() {}
      };
    }

    private static TransientSinkException outage(int taken) {
      return new TransientSinkException(
          Diagnostic.error("TEST-9", Place.WHOLE, "no answer", "wait"), taken, null);
    }
  }

  private StreamTopology topology(FedSource source, ErrorPolicy errors) {
    return StreamTopology.builder()
        .source("in", fed(source).build())
        .sink("out", SinkConfig.custom(sink).withErrorPolicy(errors).build())
        .build();
  }

  private static FedSource rows(int count) {
    FedSource source = new FedSource("a");
    for (long i = 0; i < count; i++) {
      source.feed("a", T + i, 1, i);
    }
    source.end();
    return source;
  }

  private static List<Long> numbers(int count) {
    return LongStream.range(0, count).boxed().toList();
  }

  @Test
  void sinkThatComesBack_hasEveryRowOnce() throws Exception {
    sink.failures.set(2);
    sink.flushFailures.set(2);
    JobId id = jobs.run(topology(rows(1_000), SOON));
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(sink.values).isEqualTo(numbers(1_000));
    assertThat(sink.thrown).hasValue(4);
    assertThat(jobs.counts(id, "out").failed()).isZero();
    assertThat(jobs.deadLetters.count(id)).isZero();
  }

  @Test
  void sinkThatStaysAway_whatItDidNotTakeIsKept() throws Exception {
    sink.failures.set(3);
    JobId id = jobs.run(topology(rows(500), SOON));
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    long failed = jobs.counts(id, "out").failed();
    assertThat(failed).isPositive();
    assertThat(sink.values.size() + failed).isEqualTo(500);
    assertThat(jobs.deadLetters.of(id))
        .hasSize((int) failed)
        .allMatch(letter -> letter.failure().attempts() == 3)
        .allMatch(letter -> letter.failure().code().equals("TEST-9"));
  }

  @Test
  void sinkThatStaysAway_thenFail_orNoRetries_failsTheJob() throws Exception {
    for (ErrorPolicy policy : List.of(SOON.then(Action.FAIL), ErrorPolicy.SKIP)) {
      sink.failures.set(3);
      JobId id = jobs.run(topology(rows(500), policy));
      assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FAILED);
      assertThat(jobs.service.getJob(id).failure().code()).isEqualTo("TEST-9");
    }
  }

  @Test
  void flushThatStaysAway_failsTheJob_sinceItsRowsWereTaken() throws Exception {
    sink.flushFailures.set(3);
    JobId id = jobs.run(topology(rows(10), SOON));
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void cancelWhileItWaits_isPrompt_andMetricsCanBeRead() throws Exception {
    sink.failures.set(1);
    JobId id = jobs.run(topology(rows(10), MUCH_LATER));
    await(() -> sink.thrown.get() == 1);
    assertThat(jobs.counts(id, "out").rowsIn()).isEqualTo(10);
    jobs.end(id);
    assertThat(jobs.service.getJobStatus(id)).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void checkpointWhileItWaits_isGivenUpInTime_andTheJobGoesOn() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    FedSource source = new FedSource("a");
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .transform("keyed", TransformConfig.keyBy("key"))
            .transform(
                "slow",
                TransformConfig.filter()
                    .withPredicate(
                        event -> {
                          if (calls.incrementAndGet() == 1) {
                            throw new IllegalStateException("not yet");
                          }
                          return true;
                        })
                    .withErrorPolicy(
                        ErrorPolicy.retry(RetryPolicy.fixedDelay(1, Duration.ofMillis(600))))
                    .build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    JobConfig config =
        LiveJobs.config()
            .parallelism(2)
            .checkpoints(
                new JobConfig.Checkpoints(
                    Duration.ofMillis(20), Duration.ofMillis(700), Duration.ZERO, 1_000))
            .build();
    JobId id = jobs.run(topology, config);
    source.feed("a", T, 1, 0);
    await(() -> sink.values.size() == 1);
    long before = jobs.service.getMetrics(id).checkpoints();
    await(() -> jobs.service.getMetrics(id).checkpoints() > before);
    assertThat(jobs.counts(id, "slow").failed()).isZero();
    assertThat(jobs.service.getMetrics(id).restarts()).isZero();
  }

  @Test
  void retriesLongerThanACheckpointMayTake_areRefused() {
    JobConfig config = LiveJobs.config().checkpointInterval(Duration.ofSeconds(1)).build();
    assertThatThrownBy(() -> jobs.run(topology(rows(1), MUCH_LATER), config))
        .hasMessageContaining("FLX-PLAN-0007")
        .hasMessageContaining("PT1H");
    StreamTopology useless =
        StreamTopology.builder()
            .source("in", fed(rows(1)).withErrorPolicy(SOON).build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    assertThat(jobs.service.validate(useless, LiveJobs.config().build()))
        .extracting(Diagnostic::code)
        .contains("FLX-PLAN-0008");
  }
}
