package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetter.Content;
import io.fluxcore.application.deadletter.DeadLetter.State;
import io.fluxcore.application.deadletter.DeadLetterCounts;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.application.runtime.ReplayOutcome.Kind;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bad records and rows of real jobs: kept, mended, replayed. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadLetterReplayTest {
  private static final Duration PATIENCE = Duration.ofSeconds(LONG_SECONDS);
  private static final Schema DOUBLED = Schema.builder().field("twice", DataType.LONG).build();

  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows sink = new LiveJobs.Rows();

  /** Values that user code refuses. */
  private final Set<Long> refused = ConcurrentHashMap.newKeySet();

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  private Map<String, Object> twice(Event event) {
    long value = event.getLong("value");
    if (refused.contains(value)) {
      throw new IllegalStateException("not " + value);
    }
    return Map.of("twice", 2 * value);
  }

  private StreamTopology doubling(FedSource source) {
    return StreamTopology.builder()
        .source("in", fed(source).build())
        .transform("double", TransformConfig.map().withFunction(this::twice, DOUBLED).build())
        .sink("out", SinkConfig.custom(sink).build())
        .build();
  }

  private static Content text(String text) {
    return new Content(text.getBytes(StandardCharsets.UTF_8), null);
  }

  private DeadLetter onlyLetter(JobId id) {
    await(() -> jobs.deadLetters.count(id) == 1);
    return jobs.desk.list(DeadLetterFilter.of(id), 0, 10).letters().get(0);
  }

  @Test
  void badRecord_mendedAndReplayed_isInTheSink_andInTheLedger() throws Exception {
    FedSource source = new FedSource("a");
    JobId id = jobs.run(doubling(source));
    source.feed("a", T, 1, 5);
    source.feedBad("a");
    DeadLetter letter = onlyLetter(id);
    assertThat(letter.origin()).isEqualTo(new DeadLetter.Origin("in", "a", "a@1"));
    assertThat(letter.original().bytes()).containsExactly(1);
    assertThat(letter.failure().code()).isEqualTo("TEST-1");
    assertThat(letter.jobName()).isEqualTo("live");

    ReplayOutcome again = jobs.desk.replay(letter.id());
    assertThat(again.kind()).isEqualTo(Kind.FAILED);
    assertThat(jobs.desk.get(letter.id()).failure().attempts()).isEqualTo(2);
    assertThat(jobs.desk.get(letter.id()).failure().code()).isEqualTo("TEST-2");
    assertThat(jobs.desk.get(letter.id()).state()).isEqualTo(State.WAITING);

    assertThatThrownBy(
            () ->
                jobs.desk.repair(
                    letter.id(), new Content(null, new DeadLetter.Row(0, "INSERT", Map.of()))))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-DEADLETTER-0007");
    jobs.desk.repair(letter.id(), text((T + 1) + " 1 21"));
    assertThat(jobs.desk.replay(letter.id()).kind()).isEqualTo(Kind.PROCESSED);
    await(() -> sink.rows.size() == 2);
    assertThat(sink.rows).last().asString().contains("twice=42").contains("@" + (T + 1));
    DeadLetter done = jobs.desk.get(letter.id());
    assertThat(done.state()).isEqualTo(State.REPLAYED);
    assertThat(done.failure().attempts()).isEqualTo(3);
    assertThat(done.original().bytes()).containsExactly(1);

    Ledger.Counts in = jobs.counts(id, "in");
    assertThat(in.rowsIn()).isEqualTo(4);
    assertThat(in.failed()).isEqualTo(2);
    assertThat(in.rowsOut()).isEqualTo(2);
    assertThat(jobs.counts(id, "double").rowsIn()).isEqualTo(2);
    assertThat(jobs.desk.counts(id)).isEqualTo(new DeadLetterCounts(1, 0, 1, 0, 0, 0));
    assertThatThrownBy(() -> jobs.desk.replay(letter.id()))
        .hasMessageContaining("FLX-DEADLETTER-0008");
  }

  @Test
  void failedRow_isReplayedToItsOperator_alone() throws Exception {
    FedSource source = new FedSource("a");
    refused.add(7L);
    JobId id = jobs.run(doubling(source));
    source.feed("a", T, 1, 6).feed("a", T + 1, 1, 7).feed("a", T + 2, 1, 8);
    DeadLetter letter = onlyLetter(id);
    assertThat(letter.operatorId()).isEqualTo("double");
    assertThat(letter.origin().source()).isEqualTo("in");
    assertThat(letter.origin().split()).isEqualTo("a");
    assertThat(letter.original().row().fields()).containsEntry("value", 7L);
    assertThat(letter.original().row().timestamp()).isEqualTo(T + 1);
    assertThat(jobs.desk.replay(letter.id()).kind()).isEqualTo(Kind.FAILED);
    await(() -> sink.rows.size() == 2);
    long readBefore = jobs.counts(id, "in").rowsIn();

    Map<String, Object> fields = new HashMap<>(letter.original().row().fields());
    fields.put("value", "eight");
    jobs.desk.repair(letter.id(), new Content(null, new DeadLetter.Row(T + 1, "INSERT", fields)));
    ReplayOutcome wrong = jobs.desk.replay(letter.id());
    assertThat(wrong.kind()).isEqualTo(Kind.REFUSED);
    assertThat(wrong.message()).contains("field 'value'");
    assertThat(jobs.desk.get(letter.id()).failure().attempts()).isEqualTo(2);

    fields.put("value", 70);
    jobs.desk.repair(letter.id(), new Content(null, new DeadLetter.Row(T + 1, "INSERT", fields)));
    assertThat(jobs.desk.replay(letter.id()).kind()).isEqualTo(Kind.PROCESSED);
    await(() -> sink.rows.size() == 3);
    assertThat(sink.rows).last().asString().contains("twice=140").contains("@" + (T + 1));
    Ledger.Counts counts = jobs.counts(id, "double");
    assertThat(counts.rowsIn()).isEqualTo(5);
    assertThat(counts.failed()).isEqualTo(2);
    assertThat(counts.rowsOut()).isEqualTo(3);
    assertThat(jobs.counts(id, "in").rowsIn()).isEqualTo(readBefore);
  }

  @Test
  void many_areReplayedAtOnce_andDiscarded() throws Exception {
    FedSource source = new FedSource("a");
    for (long value = 0; value < 2_000; value++) {
      refused.add(value);
      source.feed("a", T + value, 1, value);
    }
    JobId id = jobs.run(doubling(source));
    await(() -> jobs.deadLetters.count(id) == 2_000);
    refused.removeIf(value -> value % 2 == 0);
    List<ReplayOutcome> outcomes = jobs.desk.replay(DeadLetterFilter.of(id), 1_500);
    assertThat(outcomes).hasSize(1_500);
    assertThat(outcomes).extracting(o -> o.letter().id()).isSorted();
    assertThat(outcomes.stream().filter(o -> o.kind() == Kind.PROCESSED)).hasSize(750);
    assertThat(jobs.desk.discard(DeadLetterFilter.of(id), 10_000)).isEqualTo(1_250);
    assertThat(jobs.desk.counts(id)).isEqualTo(new DeadLetterCounts(2_000, 0, 750, 1_250, 0, 0));
    await(() -> sink.rows.size() == 750);
  }

  @Test
  void rowsOfAKeyedWindow_findTheirKey() throws Exception {
    FedSource source = new FedSource("a", "b");
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .transform("keyed", TransformConfig.keyBy("key"))
            .transform(
                "checked",
                TransformConfig.filter().withPredicate(event -> !twice(event).isEmpty()).build())
            .window("minute", WindowConfig.tumbling().withDuration(Duration.ofMinutes(1)).build())
            .aggregate("count", AggregateConfig.count().withGroupBy("key").build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    for (long key = 0; key < 40; key++) {
      refused.add(1_000 + key);
      source.feed("a", T, key, 1).feed("b", T, key, 1_000 + key);
    }
    JobId id = jobs.run(topology, LiveJobs.config().parallelism(3).build());
    await(() -> jobs.deadLetters.count(id) == 40);
    refused.clear();
    assertThat(jobs.desk.replay(DeadLetterFilter.of(id), 100))
        .hasSize(40)
        .allMatch(outcome -> outcome.kind() == Kind.PROCESSED && outcome.code().isEmpty());
    source.end();
    jobs.service.awaitEnd(id, PATIENCE);
    assertThat(sink.rows).hasSize(40).allMatch(row -> row.contains("count=2"));
  }

  @Test
  void restartReadsAgain_withoutDoublingLetters_andUndoesReplays() throws Exception {
    FedSource source = new FedSource("a");
    AtomicInteger crashes = new AtomicInteger(1);
    refused.add(7L);
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .transform("double", TransformConfig.map().withFunction(this::twice, DOUBLED).build())
            .transform(
                "crash",
                TransformConfig.peek()
                    .withAction(
                        event -> {
                          if (event.getLong("twice") == 18 && crashes.getAndDecrement() > 0) {
                            throw new AssertionError("crash on purpose");
                          }
                        })
                    .build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    JobConfig config =
        LiveJobs.config().restartStrategy(RestartStrategy.fixedDelay(1, Duration.ZERO)).build();
    JobId id = jobs.run(topology, config);
    source.feed("a", T, 1, 7);
    source.feedBad("a");
    await(() -> jobs.deadLetters.count(id) == 2);
    refused.clear();
    DeadLetter row =
        jobs.desk
            .list(new DeadLetterFilter(id, "double", null, null, null, null, null), 0, 1)
            .letters()
            .get(0);
    assertThat(jobs.desk.replay(row.id()).kind()).isEqualTo(Kind.PROCESSED);
    refused.add(7L);
    source.feed("a", T + 9, 1, 9);
    await(() -> jobs.service.getMetrics(id).restarts() == 1);
    await(() -> sink.rows.stream().anyMatch(one -> one.contains("twice=18")));
    assertThat(jobs.deadLetters.count(id)).isEqualTo(2);
    assertThat(jobs.desk.list(DeadLetterFilter.of(id), 0, 10).letters())
        .hasSize(2)
        .allMatch(letter -> letter.state() == State.WAITING);
    assertThat(jobs.desk.counts(id)).isEqualTo(new DeadLetterCounts(4, 2, 0, 0, 0, 2));
  }

  @Test
  void jobThatIsOver_takesNothing_butOneOfItsNameDoes() throws Exception {
    FedSource source = new FedSource("a");
    JobId first = jobs.run(doubling(source));
    source.feedBad("a");
    DeadLetter letter = onlyLetter(first);
    jobs.desk.repair(letter.id(), text(T + " 1 4"));
    jobs.end(first);
    assertThatThrownBy(() -> jobs.desk.replay(letter.id()))
        .hasMessageContaining("FLX-DEADLETTER-0008")
        .hasMessageContaining("'live'");
    assertThat(jobs.desk.replay(DeadLetterFilter.of(first), 10))
        .extracting(ReplayOutcome::kind)
        .containsExactly(Kind.REFUSED);
    jobs.run(doubling(new FedSource("b")));
    assertThat(jobs.desk.replay(letter.id()).kind()).isEqualTo(Kind.PROCESSED);
    await(() -> sink.rows.size() == 1);
    assertThatThrownBy(() -> jobs.desk.get(4_711)).hasMessageContaining("FLX-DEADLETTER-0002");
  }
}
