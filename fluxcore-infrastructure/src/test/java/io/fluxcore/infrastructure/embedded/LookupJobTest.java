package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.join.Found;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupReader;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.WindowConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookup joins in running jobs, with tables that are slow, stuck or broken. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LookupJobTest {
  private static final Duration PATIENCE = Duration.ofSeconds(LONG_SECONDS);
  private static final Duration NEVER = Duration.ofHours(1);

  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows sink = new LiveJobs.Rows();
  private final Doubles table = new Doubles();

  @AfterEach
  void endAll() throws InterruptedException {
    table.open();
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  /** Has for each key twice as much, when its gate is open. */
  private static final class Doubles implements Lookup {
    final AtomicInteger underWay = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    final AtomicInteger failing = new AtomicInteger();
    volatile CountDownLatch gate = new CountDownLatch(0);

    void shut() {
      gate = new CountDownLatch(1);
    }

    void open() {
      gate.countDown();
    }

    @Override
    public LookupReader createReader(String operatorId, int subtask) {
      return new LookupReader() {
        @Override
        public int largestBatch() {
          return 10;
        }

        @Override
        public List<Found> ask(List<List<Object>> keys) throws Exception {
          calls.incrementAndGet();
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          try {
            gate.await();
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
          } finally {
            underWay.decrementAndGet();
          }
          if (failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IOException("no answer today");
          }
          List<Found> found = new ArrayList<>();
          for (List<Object> key : keys) {
            found.add(Found.of(List.<@Nullable Object[]>of(new Object[] {(Long) key.get(0) * 2})));
          }
          return found;
        }
      };
    }
  }

  private LookupConfig.Builder lookup() {
    return JoinConfig.lookup(table)
        .withType(JoinType.LEFT)
        .withOn("value", "id")
        .withField("twice", DataType.LONG)
        .withRightPrefix("")
        .withLeftPrefix("l_")
        .withInFlight(3)
        .withTimeout(NEVER);
  }

  private StreamTopology topology(FedSource source, LookupConfig lookup) {
    return StreamTopology.builder()
        .source("in", fed(source).build())
        .join("found", lookup)
        .sink("out", SinkConfig.custom(sink).build())
        .build();
  }

  private static FedSource rows(long from, long to) {
    return feed(new FedSource("a"), from, to);
  }

  private static FedSource feed(FedSource source, long from, long to) {
    for (long i = from; i < to; i++) {
      source.feed("a", T + i, i % 5, i);
    }
    return source;
  }

  private List<Long> values() {
    return sink.rows.stream().map(LookupJobTest::value).toList();
  }

  private static long value(String row) {
    assertThat(row).contains("twice=");
    long value = number(row, "l_value=");
    assertThat(number(row, "twice=")).isEqualTo(2 * value);
    return value;
  }

  private static long number(String row, String before) {
    String rest = row.substring(row.indexOf(before) + before.length());
    return Long.parseLong(rest.split("[^0-9]", 2)[0]);
  }

  private static List<Long> numbers(long count) {
    return LongStream.range(0, count).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everyRow_hasWhatWasFound_inOrderWhereThereIsOne(int parallelism) throws Exception {
    FedSource source = rows(0, 5_000);
    source.end();
    JobConfig config = LiveJobs.config().parallelism(parallelism).build();
    JobId id = jobs.run(topology(source, lookup().build()), config);
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    if (parallelism == 1) {
      assertThat(values()).isEqualTo(numbers(5_000));
    } else {
      assertThat(values().stream().sorted().toList()).isEqualTo(numbers(5_000));
    }
    assertThat(table.most.get()).isBetween(1, 3 * parallelism);
    assertThat(jobs.counts(id, "found").rowsIn()).isEqualTo(5_000);
    assertThat(jobs.counts(id, "found").rowsOut()).isEqualTo(5_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void callsThatDoNotEnd_holdTheSourceBack(int parallelism) throws Exception {
    table.shut();
    FedSource source = rows(0, 1_000);
    JobConfig config = LiveJobs.config().parallelism(parallelism).build();
    JobId id = jobs.run(topology(source, lookup().build()), config);
    await(() -> table.underWay.get() == 3 * parallelism);
    feed(source, 1_000, 5_000);
    source.end();
    await(() -> jobs.metrics(id, "found").backPressuredPerMille() > 500);
    if (parallelism == 1) { // else the rest is on its way, as far as channels have room
      assertThat(jobs.counts(id, "found").rowsIn()).isEqualTo(1_000);
    }
    assertThat(jobs.counts(id, "found").rowsIn()).isLessThan(5_000);
    assertThat(sink.rows).isEmpty();
    table.open();
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(values().stream().sorted().toList()).isEqualTo(numbers(5_000));
    assertThat(table.most).hasValue(3 * parallelism);
  }

  @Test
  void cancelWhileCallsDoNotEnd_isPrompt_andInterruptsThem() throws Exception {
    table.shut();
    JobId id = jobs.run(topology(rows(0, 20_000), lookup().build()));
    await(() -> table.underWay.get() == 3);
    jobs.end(id);
    assertThat(jobs.service.getJobStatus(id)).isEqualTo(JobStatus.CANCELLED);
    await(() -> table.interrupted.get() == 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void checkpointsAreMade_whileCallsDoNotEnd_andRowsThatWaitAreAskedForAgain(int parallelism)
      throws Exception {
    table.shut();
    FedSource source = rows(0, 3_000);
    JobConfig config =
        LiveJobs.config()
            .parallelism(parallelism)
            .checkpointInterval(Duration.ofMillis(20))
            .build();
    JobId id = jobs.run(topology(source, lookup().build()), config);
    await(() -> table.underWay.get() == 3 * parallelism);
    long before = jobs.service.getMetrics(id).checkpoints();
    await(() -> jobs.service.getMetrics(id).checkpoints() > before + 2);
    jobs.service.suspendJob(id);
    await(() -> jobs.service.getJobStatus(id) == JobStatus.SUSPENDED);
    assertThat(sink.rows).isEmpty();
    table.open();
    jobs.service.resumeJob(id);
    feed(source, 3_000, 3_500);
    source.end();
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(values().stream().sorted().toList()).isEqualTo(numbers(3_500));
    assertThat(jobs.counts(id, "found").rowsIn()).isEqualTo(3_500);
  }

  @Test
  void checkpointAtTheEndOfInput_holdsTheRowsThatWait() throws Exception {
    table.shut();
    FedSource source = rows(0, 20);
    source.end();
    JobConfig config = LiveJobs.config().checkpointInterval(Duration.ofMillis(20)).build();
    JobId id = jobs.run(topology(source, lookup().build()), config);
    await(() -> table.underWay.get() > 0);
    long before = jobs.service.getMetrics(id).checkpoints();
    await(() -> jobs.service.getMetrics(id).checkpoints() > before + 2);
    table.open();
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(values()).isEqualTo(numbers(20));
  }

  @Test
  void callOutOfTime_isTriedAgain_andItsRowsAreKeptInTheEnd() throws Exception {
    table.shut();
    FedSource source = rows(0, 5);
    source.end();
    ErrorPolicy twice = ErrorPolicy.retry(RetryPolicy.fixedDelay(1, Duration.ofMillis(1)));
    JobId id =
        jobs.run(
            topology(
                source,
                lookup().withTimeout(Duration.ofMillis(30)).withErrorPolicy(twice).build()));
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(table.calls).hasValue(2);
    assertThat(sink.rows).isEmpty();
    assertThat(jobs.counts(id, "found").failed()).isEqualTo(5);
    assertThat(jobs.deadLetters.of(id))
        .hasSize(5)
        .allMatch(letter -> letter.failure().attempts() == 2)
        .allMatch(letter -> letter.failure().message().contains("no answer within 30 ms"));
  }

  @Test
  void tableThatComesBack_hasEveryRow() throws Exception {
    table.failing.set(4);
    FedSource source = rows(0, 100);
    source.end();
    ErrorPolicy often = ErrorPolicy.retry(RetryPolicy.fixedDelay(5, Duration.ofMillis(1)));
    JobId id = jobs.run(topology(source, lookup().withErrorPolicy(often).build()));
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(values()).isEqualTo(numbers(100));
    assertThat(jobs.counts(id, "found").failed()).isZero();
  }

  @Test
  void failurePolicy_failsTheJob_inWordsThatHelp() throws Exception {
    table.failing.set(100);
    FedSource source = rows(0, 5);
    source.end();
    JobId id = jobs.run(topology(source, lookup().withErrorPolicy(ErrorPolicy.FAIL).build()));
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FAILED);
    assertThat(jobs.service.getJob(id).failure().code()).isEqualTo("FLX-JOIN-0002");
    assertThat(jobs.service.getJob(id).failure().message())
        .contains("'found' got no answer for the key '0'")
        .contains("no answer today");
  }

  @Test
  void deadLetterOfALookup_isReplayed_whenTheTableIsBack() throws Exception {
    table.failing.set(1);
    FedSource source = rows(0, 1);
    JobId id =
        jobs.run(topology(source, lookup().withErrorPolicy(ErrorPolicy.DEAD_LETTER).build()));
    await(() -> jobs.deadLetters.count(id) == 1);
    DeadLetter letter = jobs.desk.list(DeadLetterFilter.of(id), 0, 10).letters().get(0);
    table.failing.set(1);
    assertThat(jobs.desk.replay(letter.id()).kind()).isEqualTo(ReplayOutcome.Kind.FAILED);
    assertThat(jobs.desk.replay(letter.id()).kind()).isEqualTo(ReplayOutcome.Kind.PROCESSED);
    await(() -> sink.rows.size() == 1);
    assertThat(values()).containsExactly(0L);
  }

  @Test
  void windowsBehindTheJoin_closeWhenTheirRowsHaveCome() throws Exception {
    table.shut();
    FedSource source = rows(0, 2_000);
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .join("found", lookup().build())
            .window("second", WindowConfig.tumbling().withDuration(Duration.ofSeconds(1)).build())
            .aggregate("rows", AggregateConfig.count().build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    JobId id = jobs.run(topology);
    await(() -> table.underWay.get() == 3);
    assertThat(sink.rows).isEmpty();
    table.open();
    source.end();
    assertThat(jobs.service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(sink.rows).hasSize(2).allMatch(row -> row.contains("count=1000"));
    assertThat(jobs.counts(id, "rows").late()).isZero();
  }
}
