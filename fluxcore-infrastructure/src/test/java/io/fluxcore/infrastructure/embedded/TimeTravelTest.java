package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.START;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.ReplayRequest;
import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationStatus;
import io.fluxcore.application.operation.OperationType;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.timetravel.TimeTravelSettings;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that run for real, replayed and looked at as they were, next to a naive computation. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimeTravelTest {
  private static final long SEED = 20260301;
  private static final long WINDOW = 1_000;
  private static final long BOUND = 300;
  private static final int ROWS = 2_000;
  private static final int KEYS = 17;

  private LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows sink = new LiveJobs.Rows();
  private final FedSource source = new FedSource("a", "b");
  private final List<long[]> fed = new ArrayList<>();

  @AfterEach
  void endAll() throws InterruptedException {
    for (var job : jobs.service.listJobs()) {
      jobs.end(job.id());
    }
  }

  private StreamTopology topology() {
    return StreamTopology.builder()
        .source(
            "in",
            SourceConfig.custom(source)
                .withTimestampField("time")
                .withMaxOutOfOrderness(Duration.ofMillis(BOUND))
                .build())
        .window("windows", WindowConfig.tumbling().withDuration(Duration.ofMillis(WINDOW)).build())
        .aggregate("counts", AggregateConfig.count().withGroupBy("key").build())
        .sink("out", SinkConfig.custom(sink).build())
        .build();
  }

  /** Rows of two splits, out of order within the bound; some seconds in all. */
  private void feed(int from, int to) {
    Random random = new Random(SEED + from);
    for (int i = from; i < to; i++) {
      long time = T + i * 10L - random.nextInt((int) BOUND);
      long key = random.nextInt(KEYS);
      source.feed(i % 2 == 0 ? "a" : "b", time, key, i);
      fed.add(new long[] {time, key});
    }
  }

  private JobId running(int parallelism) {
    JobId id =
        jobs.run(topology(), JobConfig.builder().name("orders").parallelism(parallelism).build());
    awaitRead(id);
    return id;
  }

  private void awaitRead(JobId id) {
    await(
        () ->
            jobs.counts(id, "counts").rowsIn() >= 0
                && jobs.counts(id, "in").rowsIn() == fed.size());
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  /** By key: by start of the windows that are not over at a time, the rows before it. */
  private Map<Long, Map<String, Long>> naive(long asOf) {
    Map<Long, Map<String, Long>> counts = new TreeMap<>();
    for (long[] row : fed) {
      long start = Math.floorDiv(row[0], WINDOW) * WINDOW;
      if (row[0] < asOf && start + WINDOW > asOf) {
        counts
            .computeIfAbsent(row[1], key -> new TreeMap<>())
            .merge(at(start).toString(), 1L, Long::sum);
      }
    }
    return counts;
  }

  private static Map<String, Long> counts(LiveState state) {
    Map<String, Long> counts = new TreeMap<>();
    for (KeyState one : state.states()) {
      ((Map<?, ?>) one.value())
          .forEach(
              (start, values) ->
                  counts.put((String) start, (Long) ((Map<?, ?>) values).get("count")));
    }
    return counts;
  }

  private StateView view(JobId id, long asOf) throws InterruptedException {
    Operation begun = jobs.service.viewStateAsOf(id, at(asOf));
    assertThat(begun.type()).isEqualTo(OperationType.STATE_AS_OF);
    return jobs.service.getStateView(new StateViewId(done(begun).get("viewId")));
  }

  private Map<String, String> done(Operation begun) throws InterruptedException {
    Operation over = jobs.service.awaitOperation(begun.id(), Duration.ofSeconds(LONG_SECONDS));
    assertThat(over.status()).as(over.toString()).isEqualTo(OperationStatus.SUCCEEDED);
    return over.result();
  }

  private static Map<Long, Map<String, Long>> all(StateView view) {
    Map<Long, Map<String, Long>> all = new TreeMap<>();
    for (int from = 0; ; from += 5) {
      StateView.KeyPage page = view.keys("counts", from, 5);
      assertThat(page.truncated()).isFalse();
      if (page.keys().isEmpty()) {
        assertThat(page.total()).isEqualTo(all.size());
        return all;
      }
      page.keys().forEach(k -> all.put(Long.valueOf(k.key().get(0)), counts(k)));
    }
  }

  private SavepointId savepoint(JobId id) throws InterruptedException {
    return new SavepointId(done(jobs.savepoints.create(id, "", false)).get("savepointId"));
  }

  private static void assertCode(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(FluxCoreException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  // --- State as it was --------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void stateAsOf_isThatOfANaiveComputation(int parallelism) throws Exception {
    feed(0, ROWS);
    JobId id = running(parallelism);
    int letters = jobs.service.listJobs().size();
    Random random = new Random(SEED);
    for (int i = 0; i < 6; i++) {
      long asOf = T + 1_000 + random.nextInt(18_000);
      StateView view = view(id, asOf);
      assertThat(view.from()).isEqualTo("the job's beginning");
      assertThat(view.operators()).extracting(o -> o.operatorId()).containsExactly("counts");
      assertThat(all(view)).as("as of " + at(asOf) + ", seed " + SEED).isEqualTo(naive(asOf));
    }
    assertThat(jobs.service.listJobs()).hasSize(letters);
    assertThat(jobs.service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void stateAsOf_aWindowsEnd_hasNothingOfTheWindow() throws Exception {
    feed(0, ROWS);
    JobId id = running(2);
    long end = Math.floorDiv(T, WINDOW) * WINDOW + 5 * WINDOW;
    assertThat(all(view(id, end))).isEmpty();
    assertThat(all(view(id, end - 1))).isEqualTo(naive(end - 1)).isNotEmpty();
    assertThat(all(view(id, end + 1))).isEqualTo(naive(end + 1));
  }

  @Test
  void stateOfAKey_isAskedForInOneCall_andTheViewIsKept() throws Exception {
    feed(0, ROWS);
    JobId id = running(2);
    long asOf = T + 7_777;
    for (long key = 0; key < KEYS; key++) {
      LiveState state = jobs.service.stateAsOf(id, at(asOf), "counts", key);
      assertThat(state.restoring()).isFalse();
      assertThat(counts(state)).isEqualTo(naive(asOf).getOrDefault(key, Map.of()));
    }
    assertThat(
            jobs.service.listOperations().stream()
                .filter(o -> o.type() == OperationType.STATE_AS_OF)
                .map(o -> o.result().get("viewId"))
                .distinct())
        .hasSize(1);
    assertCode("FLX-QUERY-0001", () -> jobs.service.stateAsOf(id, at(asOf), "nope", 1L));
    assertCode("FLX-QUERY-0003", () -> jobs.service.stateAsOf(id, at(asOf), "counts", "x"));
  }

  @Test
  void stateAsOf_beginsWithTheNearestSavepointThatIsEarlyEnough() throws Exception {
    feed(0, 500);
    JobId id = running(2);
    SavepointId early = savepoint(id);
    feed(500, 1_000);
    awaitRead(id);
    SavepointId late = savepoint(id);
    feed(1_000, ROWS);
    awaitRead(id);
    assertThat(view(id, T + 6_000).from()).isEqualTo("savepoint " + early);
    assertThat(all(view(id, T + 6_000))).isEqualTo(naive(T + 6_000));
    assertThat(view(id, T + 12_345).from()).isEqualTo("savepoint " + late);
    assertThat(all(view(id, T + 12_345))).isEqualTo(naive(T + 12_345));
    assertThat(view(id, T + 3_210).from()).isEqualTo("the job's beginning");
    assertThat(all(view(id, T + 3_210))).isEqualTo(naive(T + 3_210));
  }

  @Test
  void timeBeforeTheOldestRestartPoint_withoutABeginning_isRefusedWithWhatThereIs()
      throws Exception {
    source.seekable = false;
    feed(0, 500);
    JobId id = running(1);
    SavepointId savepoint = savepoint(id);
    feed(500, 1_000);
    awaitRead(id);
    assertThat(all(view(id, T + 6_000))).isEqualTo(naive(T + 6_000));
    assertThatThrownBy(() -> jobs.service.viewStateAsOf(id, at(T + 1_000)))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.code()).isEqualTo("FLX-TRAVEL-0002");
              assertThat(e.getMessage())
                  .contains("savepoint " + savepoint + " holds events up to 2026-03-01T12:00:0")
                  .contains("does not tell where its splits begin");
            });
  }

  @Test
  void sourceThatKeepsNothing_isRefused() {
    source.replayable = false;
    feed(0, 10);
    JobId id = jobs.run(topology(), JobConfig.builder().name("orders").build());
    assertCode("FLX-TRAVEL-0001", () -> jobs.service.viewStateAsOf(id, at(T)));
    assertCode(
        "FLX-TRAVEL-0001", () -> jobs.service.replayJob(id, ReplayRequest.fromTimestamp(at(T))));
  }

  @Test
  void view_isCancelled_andAnotherCanBeMade() throws Exception {
    feed(0, 500);
    JobId id = running(1);
    Operation begun = jobs.service.viewStateAsOf(id, at(T + 60_000)); // nothing has come so far
    jobs.service.cancelOperation(begun.id());
    Operation over = jobs.service.awaitOperation(begun.id(), Duration.ofSeconds(LONG_SECONDS));
    assertThat(over.status()).isEqualTo(OperationStatus.CANCELLED);
    for (int i = 0; i < 3; i++) {
      assertThat(all(view(id, T + 2_000 + i))).isEqualTo(naive(T + 2_000 + i));
    }
    assertThat(jobs.service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void view_thatTakesTooLong_isGivenUp_andSaysHowFarItCame() throws Exception {
    jobs = new LiveJobs(new TimeTravelSettings(Duration.ofMillis(300), 1 << 20, 1));
    feed(0, 500);
    JobId id = running(1);
    Operation begun = jobs.service.viewStateAsOf(id, at(T + 60_000));
    assertCode("FLX-TRAVEL-0009", () -> jobs.service.viewStateAsOf(id, at(T + 61_000)));
    Operation over = jobs.service.awaitOperation(begun.id(), Duration.ofSeconds(LONG_SECONDS));
    assertThat(over.status()).isEqualTo(OperationStatus.FAILED);
    assertThat(over.error().code()).isEqualTo("FLX-TRAVEL-0003");
  }

  @Test
  void view_thatIsTooLarge_isGivenUp() throws Exception {
    jobs = new LiveJobs(new TimeTravelSettings(Duration.ofMinutes(1), 500, 1));
    feed(0, 500);
    JobId id = running(1);
    Operation begun = jobs.service.viewStateAsOf(id, at(T + 2_500));
    Operation over = jobs.service.awaitOperation(begun.id(), Duration.ofSeconds(LONG_SECONDS));
    assertThat(over.error().code()).as(over.toString()).isEqualTo("FLX-TRAVEL-0004");
  }

  // --- Replay -----------------------------------------------------------------------------------

  private List<String> replayed(JobId id, ReplayRequest request) throws InterruptedException {
    LiveJobs.Rows target = new LiveJobs.Rows();
    Map<String, String> result =
        done(
            jobs.service.replayJob(
                id, request.into(Map.of("out", SinkConfig.custom(target).build()))));
    JobId replay = new JobId(result.get("jobId"));
    assertThat(replay).isNotEqualTo(id);
    assertThat(jobs.service.awaitEnd(replay, Duration.ofSeconds(LONG_SECONDS)))
        .isEqualTo(JobStatus.FINISHED);
    return target.rows.stream().sorted().toList();
  }

  private List<String> all(JobId id) throws InterruptedException {
    assertThat(jobs.service.awaitEnd(id, Duration.ofSeconds(LONG_SECONDS)))
        .isEqualTo(JobStatus.FINISHED);
    return sink.rows.stream().sorted().toList();
  }

  private static boolean isOfWindowFrom(String row, long millis) {
    return row.compareTo("") > 0 && startOf(row) >= millis;
  }

  /** When the window of a result began. */
  private static long startOf(String row) {
    var matcher = java.util.regex.Pattern.compile("window_?[sS]tart=([^,}]+)").matcher(row);
    assertThat(matcher.find()).as(row).isTrue();
    return Instant.parse(matcher.group(1)).toEpochMilli();
  }

  @Test
  void replay_fromATime_givesTheWindowsFromThereOn_andCountsWhatItLeavesOut() throws Exception {
    feed(0, ROWS);
    JobId id = running(2);
    source.end();
    List<String> whole = all(id);
    long from = Math.floorDiv(T, WINDOW) * WINDOW + 7 * WINDOW;
    List<String> part = replayed(id, ReplayRequest.fromTimestamp(at(from)));
    assertThat(part)
        .isEqualTo(whole.stream().filter(row -> isOfWindowFrom(row, from)).toList())
        .isNotEmpty();
    JobId replay = jobs.service.findJob("orders-replay-1").orElseThrow();
    assertThat(jobs.counts(replay, "in").filtered())
        .isEqualTo(fed.stream().filter(row -> row[0] < from).count());
    assertThat(jobs.service.getJob(replay).history())
        .anySatisfy(
            event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        JobEvent.BeginningWith.class,
                        begin -> assertThat(begin.from()).contains("event time")));
    assertThat(replayed(id, ReplayRequest.fromTimestamp(at(from)))).isEqualTo(part);
    assertThat(jobs.service.findJob("orders-replay-2")).isPresent();
  }

  @Test
  void replay_fromASavepoint_givesWhatCameAfterIt() throws Exception {
    feed(0, 1_000);
    JobId id = running(2);
    SavepointId savepoint = savepoint(id);
    List<String> before = sink.rows.stream().sorted().toList();
    feed(1_000, ROWS);
    awaitRead(id);
    source.end();
    List<String> whole = all(id);
    List<String> after =
        replayed(id, ReplayRequest.fromSavepoint(savepoint).as("orders-once-more"));
    List<String> both = new ArrayList<>(after);
    both.addAll(before);
    assertThat(both).containsAll(whole);
    assertThat(after).doesNotHaveDuplicates().isNotEmpty();
    assertThat(jobs.service.findJob("orders-once-more")).isPresent();
    List<String> nearest =
        replayed(
            id,
            ReplayRequest.from(new ReplayRequest.Timestamp(at(T + 15_000), true)).as("nearest"));
    assertThat(nearest).isEqualTo(after);
  }

  @Test
  void replay_fromOffsets_readsFromThere() throws Exception {
    feed(0, ROWS);
    JobId id = running(1);
    source.end();
    all(id);
    long rows = ROWS / 2;
    replayed(
        id,
        ReplayRequest.fromOffsets(
            new ReplayRequest.Offset(null, "a", Long.toString(rows - 10)),
            new ReplayRequest.Offset("in", "b", Long.toString(rows - 5))));
    JobId replay = jobs.service.findJob("orders-replay-1").orElseThrow();
    assertThat(jobs.counts(replay, "in").rowsIn()).isEqualTo(15);
    for (ReplayRequest.Offset wrong :
        List.of(
            new ReplayRequest.Offset("nope", "a", "1"),
            new ReplayRequest.Offset("in", "c", "1"),
            new ReplayRequest.Offset("in", "a", "one"))) {
      assertCode(
          "FLX-TRAVEL-0005", () -> jobs.service.replayJob(id, ReplayRequest.fromOffsets(wrong)));
    }
  }

  @Test
  void replay_withoutSinks_isReadAsItComes() throws Exception {
    feed(0, ROWS);
    JobId id = running(1);
    Map<String, String> result =
        done(jobs.service.replayJob(id, ReplayRequest.fromTimestamp(at(T)).as("quiet")));
    JobId replay = new JobId(result.get("jobId"));
    assertThat(result).containsEntry("jobName", "quiet");
    await(() -> jobs.counts(replay, "out").rowsIn() > 0);
    assertThat(sink.rows).doesNotHaveDuplicates();
    assertCode(
        "FLX-TRAVEL-0011",
        () ->
            jobs.service.replayJob(
                id,
                ReplayRequest.fromTimestamp(at(T))
                    .into(Map.of("nope", SinkConfig.custom(sink).build()))));
    assertCode(
        "FLX-JOB-0022",
        () -> jobs.service.replayJob(id, ReplayRequest.fromTimestamp(at(T)).as("quiet")));
  }

  @Test
  void replay_inPlace_takesTheJobBack() throws Exception {
    feed(0, 1_000);
    JobId id = running(2);
    SavepointId savepoint = savepoint(id);
    feed(1_000, ROWS);
    awaitRead(id);
    await(() -> sink.rows.stream().distinct().count() > 100);
    Map<String, String> result =
        done(jobs.service.replayJob(id, ReplayRequest.fromSavepoint(savepoint).goingBack()));
    assertThat(result).containsEntry("jobId", id.value());
    assertThat(jobs.service.getJob(id).history())
        .anyMatch(
            event ->
                event instanceof JobEvent.BeginningWith begin
                    && begin.from().equals("savepoint " + savepoint));
    awaitRead(id);
    assertThatThrownBy(() -> jobs.service.viewStateAsOf(id, at(T + 2_000)))
        .hasMessageContaining("the job began with savepoint " + savepoint);
    assertThat(all(view(id, T + 15_000))).isEqualTo(naive(T + 15_000));
    source.end();
    List<String> whole = all(id);
    assertThat(whole.size()).isGreaterThan((int) whole.stream().distinct().count());
    assertCode(
        "FLX-JOB-0014",
        () -> jobs.service.replayJob(id, ReplayRequest.fromSavepoint(savepoint).goingBack()));
    assertCode(
        "FLX-TRAVEL-0012",
        () ->
            jobs.service.replayJob(
                id, ReplayRequest.fromSavepoint(savepoint).as("other").goingBack()));
  }

  @Test
  void replay_inPlace_thatCannotStart_leavesTheJobAsItWas() throws Exception {
    feed(0, 500);
    JobId id = running(1);
    source.failing.set(1);
    Operation begun =
        jobs.service.replayJob(id, ReplayRequest.fromTimestamp(at(T + 3_000)).goingBack());
    Operation over = jobs.service.awaitOperation(begun.id(), Duration.ofSeconds(LONG_SECONDS));
    assertThat(over.status()).isEqualTo(OperationStatus.FAILED);
    assertThat(jobs.savepoints.checkpoints(id)).isNotEmpty();
    long last = jobs.savepoints.checkpoints(id).get(0).checkpointId();
    assertThat(jobs.savepoints.checkpoints(id)).hasSize(1);
    assertThat(last).isEqualTo(1); // that of the run that was stopped, not of the one that failed
    await(() -> jobs.service.getJobStatus(id) == JobStatus.RUNNING);
    feed(500, 1_000);
    awaitRead(id);
    StateView view = view(id, T + 2_000); // what did not come to be is no part of its past
    assertThat(view.from()).isEqualTo("the job's beginning");
    assertThat(all(view)).isEqualTo(naive(T + 2_000));
    source.end();
    List<String> whole = all(id);
    assertThat(whole).doesNotHaveDuplicates().isNotEmpty();
    assertThat(jobs.service.getJob(id).history())
        .anyMatch(event -> event instanceof JobEvent.BeginningWith);
  }

  @Test
  void view_isLetGo() throws Exception {
    feed(0, 500);
    JobId id = running(1);
    StateView view = view(id, T + 2_000);
    jobs.service.dropStateView(view.id());
    assertCode("FLX-TRAVEL-0008", () -> jobs.service.getStateView(view.id()));
    StateView again = view(id, T + 2_000);
    jobs.pass(Duration.ofMinutes(16));
    assertCode("FLX-TRAVEL-0008", () -> jobs.service.getStateView(again.id()));
    assertThat(START).isBefore(at(T + 1));
  }
}
