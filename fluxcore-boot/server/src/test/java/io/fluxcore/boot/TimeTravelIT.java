package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.memory.MemorySinkConnector;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.ReplayRequest;
import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationStatus;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.WindowConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job over real files whose rows are out of order, replayed and looked at as it was, next to a
 * naive computation over the same rows.
 */
@Timeout(180)
class TimeTravelIT {
  private static final long SEED = 4711;
  private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final long WINDOW = Duration.ofMinutes(10).toMillis();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int FILES = 3;
  private static final int ROWS = 6_000;
  private static final String[] COUNTRIES = {"AT", "CH", "DE", "FR", "IT", "NZ", "ÖÄ", "a/b"};
  private static final String RESULTS = "time-travel-it";

  @TempDir private Path folder;
  private final FluxCore fluxCore = FluxCore.embedded();
  private final FluxCoreService service = fluxCore.service();
  private final List<Sale> sales = new ArrayList<>();

  private record Sale(long time, String country, long cents) {
    long window() {
      return Math.floorDiv(time, WINDOW) * WINDOW;
    }
  }

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(SEED);
    List<StringBuilder> files = new ArrayList<>();
    for (int file = 0; file < FILES; file++) {
      files.add(new StringBuilder());
    }
    for (int i = 0; i < ROWS; i++) {
      long time = START + i * 2_000L - random.nextInt((int) BOUND.toMillis());
      Sale sale =
          new Sale(time, COUNTRIES[random.nextInt(COUNTRIES.length)], random.nextInt(10_000));
      sales.add(sale);
      files
          .get(i % FILES)
          .append("{\"time\":")
          .append(sale.time)
          .append(",\"country\":\"")
          .append(sale.country)
          .append("\",\"cents\":")
          .append(sale.cents)
          .append("}\n");
    }
    for (int file = 0; file < FILES; file++) {
      Files.writeString(folder.resolve("sales-" + file + ".json"), files.get(file));
    }
  }

  @AfterEach
  void forget() {
    MemorySinkConnector.clear(RESULTS);
    MemorySinkConnector.clear(RESULTS + "-2");
  }

  private StreamTopology topology(String results) {
    return StreamTopology.builder()
        .source(
            "sales",
            SourceConfig.file()
                .withPath(folder + "/sales-*.json")
                .withSchema(
                    Schema.builder()
                        .field("time", DataType.LONG)
                        .field("country", DataType.STRING)
                        .field("cents", DataType.LONG)
                        .build())
                .withTimestampField("time")
                .withMaxOutOfOrderness(BOUND)
                .build())
        .window("windows", WindowConfig.tumbling().withDuration(Duration.ofMillis(WINDOW)).build())
        .aggregate("turnover", AggregateConfig.sum("cents").withGroupBy("country").build())
        .sink("results", SinkConfig.memory().withName(results).build())
        .build();
  }

  private JobId finished(int parallelism) throws InterruptedException {
    JobId id =
        service.submitJob(
            topology(RESULTS), JobConfig.builder().name("sales").parallelism(parallelism).build());
    assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    return id;
  }

  private Map<String, String> done(Operation begun) throws InterruptedException {
    Operation over = service.awaitOperation(begun.id(), PATIENCE);
    assertThat(over.status()).as(over.toString()).isEqualTo(OperationStatus.SUCCEEDED);
    return over.result();
  }

  /** Turnover of what is before a time, by country and window that is open then. */
  private Map<String, Map<String, Long>> naive(long asOf) {
    Map<String, Map<String, Long>> turnover = new TreeMap<>();
    for (Sale sale : sales) {
      if (sale.time < asOf && sale.window() + WINDOW > asOf) {
        turnover
            .computeIfAbsent(sale.country, c -> new TreeMap<>())
            .merge(Instant.ofEpochMilli(sale.window()).toString(), sale.cents, Long::sum);
      }
    }
    return turnover;
  }

  private static Map<String, Long> turnover(LiveState state) {
    Map<String, Long> turnover = new TreeMap<>();
    ((Map<?, ?>) state.states().get(0).value())
        .forEach(
            (window, values) ->
                turnover.put(
                    (String) window, (Long) ((Map<?, ?>) values).values().iterator().next()));
    return turnover;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void stateAsOf_anyTime_isThatOfANaiveComputation(int parallelism) throws Exception {
    JobId id = finished(parallelism);
    Random random = new Random(SEED);
    for (int i = 0; i < 8; i++) {
      long asOf = START + random.nextInt(ROWS * 2_000);
      Operation begun = service.viewStateAsOf(id, Instant.ofEpochMilli(asOf));
      StateView view = service.getStateView(new StateViewId(done(begun).get("viewId")));
      Map<String, Map<String, Long>> seen = new TreeMap<>();
      view.keys("turnover", 0, 100)
          .keys()
          .forEach(state -> seen.put(state.key().get(0), turnover(state)));
      assertThat(seen)
          .as("as of " + Instant.ofEpochMilli(asOf) + ", seed " + SEED)
          .isEqualTo(naive(asOf));
      String country = COUNTRIES[random.nextInt(COUNTRIES.length)];
      assertThat(turnover(service.stateAsOf(id, Instant.ofEpochMilli(asOf), "turnover", country)))
          .isEqualTo(naive(asOf).getOrDefault(country, Map.of()));
    }
    assertThat(service.listJobs()).hasSize(1);
  }

  private static List<String> rows(String name) {
    return MemorySinkConnector.rows(name).stream().map(EventRecord::toString).sorted().toList();
  }

  private List<String> replayed(JobId id, ReplayRequest request) throws InterruptedException {
    MemorySinkConnector.clear(RESULTS + "-2");
    SinkConfig target = SinkConfig.memory().withName(RESULTS + "-2").build();
    JobId replay =
        new JobId(
            done(service.replayJob(id, request.into(Map.of("results", target)))).get("jobId"));
    assertThat(service.awaitEnd(replay, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    return rows(RESULTS + "-2");
  }

  @Test
  void replay_fromATime_isWhatTheJobGaveFromThereOn() throws Exception {
    JobId id = finished(2);
    List<String> whole = rows(RESULTS);
    assertThat(replayed(id, ReplayRequest.fromTimestamp(Instant.ofEpochMilli(START - WINDOW))))
        .isEqualTo(whole);
    long from = Math.floorDiv(START, WINDOW) * WINDOW + 6 * WINDOW;
    List<String> part = replayed(id, ReplayRequest.fromTimestamp(Instant.ofEpochMilli(from)));
    long windows =
        sales.stream()
            .filter(sale -> sale.time >= from)
            .map(sale -> sale.window() + sale.country)
            .distinct()
            .count();
    assertThat(part).hasSize((int) windows);
    assertThat(whole).containsAll(part);
    JobId replay = service.findJob("sales-replay-2").orElseThrow();
    assertThat(
            service.getMetrics(replay).operators().stream()
                .filter(o -> o.operatorId().equals("sales"))
                .mapToLong(o -> o.counts().filtered())
                .sum())
        .isEqualTo(sales.stream().filter(sale -> sale.time < from).count());
  }

  @Test
  void replay_fromAnOffset_readsTheRestOfTheFile() throws Exception {
    JobId id = finished(1);
    String split = folder.resolve("sales-1.json").toString();
    String text = Files.readString(folder.resolve("sales-1.json"));
    int line = 1_500;
    int end = 0;
    for (int i = 1; i < line; i++) {
      end = text.indexOf('\n', end) + 1;
    }
    long bytes = text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
    replayed(
        id,
        ReplayRequest.fromOffsets(
            new ReplayRequest.Offset(null, split, "byte " + bytes + ", line " + line)));
    JobId replay = service.findJob("sales-replay-1").orElseThrow();
    assertThat(
            service.getMetrics(replay).operators().stream()
                .filter(o -> o.operatorId().equals("sales"))
                .mapToLong(o -> o.counts().rowsIn())
                .sum())
        .isEqualTo(ROWS - (line - 1));
  }

  @Test
  void savepointThatIsNotThere_isRefused() throws Exception {
    JobId id = finished(1);
    assertThatThrownBy(
            () -> service.replayJob(id, ReplayRequest.fromSavepoint(new SavepointId("sp-1"))))
        .hasMessageContaining("FLX-CKPT-0003");
  }
}
