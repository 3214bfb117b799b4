package io.fluxcore.adapters.in.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.in.spool.Spool;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.publish.PublishRefused;
import io.fluxcore.application.publish.PublishResult;
import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract is read from a spool that was filled before; the rest is published. */
final class HttpSourceTest extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-01-31T12:00:00.123456Z");
  private final HttpSourceConnector connector = new HttpSourceConnector(() -> now);
  private boolean filled;

  @Override
  protected SourceConnector connector() {
    return connector;
  }

  @Override
  protected boolean isBounded() {
    return false;
  }

  @Override
  protected Map<String, Object> options() {
    Path spool = directory.resolve("contract");
    if (!filled) {
      filled = true;
      try (Spool filling = Spool.open(spool, 1 << 20, 4096)) {
        for (int i = 0; i < 20; i++) {
          filling.append(List.of(record(1000L * i + 999, "{\"id\":" + i + ",\"name\":\"n\"}")));
        }
        filling.append(List.of(record(0, "{\"id\":\"no\"}")));
        filling.append(List.of(record(1000L * 20, "{\"name\":\"n\",\n\"id\":20}")));
      }
    }
    return Map.of("stream", "s", "spool", spool.toString());
  }

  private static byte[] record(long micros, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length).putLong(micros).put(bytes).array();
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      rows.add(EventRecord.of(SCHEMA, i, (long) i, "n"));
    }
    return List.of(rows);
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of("s@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("stream", "empty");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("stream", "a b");
    options.put("spool", directory.toString());
    options.put("spoolBytes", "1kb");
    options.put("bufferEvents", 0);
    options.put("maxEventBytes", 1);
    options.put("schema", Map.of("a", "lng"));
    options.put("timeZone", "Mars/Olympus");
    return options;
  }

  private static List<byte[]> events(String... json) {
    return Stream.of(json).map(j -> j.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private SourceReader reader(Source source, @Nullable SplitPosition position) {
    SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 1000));
    reader.assign(source.discoverSplits().get(0), position);
    return reader;
  }

  private static Poll.Rows rows(SourceReader reader) {
    Poll poll = reader.poll(Duration.ZERO);
    assertThat(poll).isInstanceOf(Poll.Rows.class);
    return (Poll.Rows) poll;
  }

  private static List<Object> ids(SourceReader reader) {
    List<Object> ids = new ArrayList<>();
    while (reader.poll(Duration.ZERO) instanceof Poll.Rows rows) {
      SourceReading.records(rows.batch()).forEach(r -> ids.add(String.valueOf(r.get("id"))));
    }
    return ids;
  }

  private PublishResult publish(String... json) {
    return connector.streams().publish("s", events(json));
  }

  @Test
  void publishedEvents_areRead_withTheTimeOfPublishing() {
    Source source = source(Map.of("stream", "s"));
    assertThat(source.isReplayable()).isFalse();
    assertThat(connector.streams().names()).isEmpty();
    try (SourceReader reader = reader(source, null)) {
      assertThat(connector.streams().names()).containsExactly("s");
      PublishResult result = publish("{\"id\":1}", "{\"id\":2,\"name\":\"ü\"}");
      assertThat(result).isEqualTo(new PublishResult(2, List.of(), false));
      assertThat(SourceReading.records(rows(reader).batch()))
          .containsExactly(
              EventRecord.of(SCHEMA, now.toEpochMilli(), 1L, null),
              EventRecord.of(SCHEMA, now.toEpochMilli(), 2L, "ü"));
      assertThat(reader.poll(Duration.ZERO)).isSameAs(Poll.Nothing.INSTANCE);
    }
    assertThat(connector.streams().names()).isEmpty();
  }

  @Test
  void streamWithSecrets_admitsWhoShowsOne_andCountsTheOthers() {
    Source source =
        source(Map.of("stream", "s", "token", "geheim", "user", "ada", "password", "ünï"));
    try (SourceReader reader = reader(source, null)) {
      PublishStreams streams = connector.streams();
      assertThat(streams.challenges("s"))
          .containsExactly(
              "Bearer realm=\"fluxcore\"", "Basic realm=\"fluxcore\", charset=\"UTF-8\"");
      String ada = Base64.getEncoder().encodeToString("ada:ünï".getBytes(StandardCharsets.UTF_8));
      for (String good : List.of("Bearer geheim", "bearer geheim", "Basic " + ada)) {
        assertThat(streams.admits("s", good)).as(good).isTrue();
      }
      List<@Nullable String> wrong = new ArrayList<>();
      wrong.add(null);
      wrong.addAll(
          List.of(
              "",
              "Bearer",
              "Bearer ",
              "Bearer geheimer",
              "Bearer gehei",
              "geheim",
              "Basic ***",
              "Basic " + ada + ada,
              "Basic geheim",
              "Bearer " + ada));
      for (String bad : wrong) {
        assertThat(streams.admits("s", bad)).as(bad).isFalse();
      }
      assertThat(streams.refused("s")).isEqualTo(wrong.size());
      assertThat(publish("{\"id\":1}").accepted()).as("code of this process").isEqualTo(1);
      assertThat(ids(reader)).containsExactly("1");
    }
  }

  @Test
  void streamWithoutSecrets_admitsEverybody() {
    try (SourceReader reader = reader(source(Map.of("stream", "s")), null)) {
      assertThat(connector.streams().admits("s", null)).isTrue();
      assertThat(connector.streams().challenges("s")).isEmpty();
      assertThat(connector.streams().refused("s")).isZero();
      assertThat(ids(reader)).isEmpty();
    }
  }

  @Test
  void secretInAFile_isReadEachTime() throws Exception {
    Path file = directory.resolve("token");
    Files.writeString(file, "one\nnot this");
    Source source = source(Map.of("stream", "s", "tokenFile", file.toString()));
    try (SourceReader reader = reader(source, null)) {
      assertThat(connector.streams().admits("s", "Bearer one")).isTrue();
      Files.writeString(file, "two");
      assertThat(connector.streams().admits("s", "Bearer one")).isFalse();
      assertThat(connector.streams().admits("s", "Bearer two")).isTrue();
      Files.writeString(file, "");
      assertThat(connector.streams().admits("s", "Bearer ")).as("no secret").isFalse();
      Files.delete(file);
      assertThat(connector.streams().admits("s", "Bearer two")).as("no file").isFalse();
      assertThat(ids(reader)).isEmpty();
    }
  }

  @Test
  void malformedEvents_areRejectedByIndex_andTheOthersTaken() {
    Source source = source(Map.of("stream", "s", "maxEventBytes", "1kb"));
    try (SourceReader reader = reader(source, null)) {
      PublishResult result =
          publish(
              "{\"id\":1}",
              "",
              "{\"id\":2",
              "[1]",
              "{\"id\":3} {}",
              "{\"id\":4}}",
              "{\"name\":\"" + "x".repeat(1100) + "\"}",
              "nonsense",
              "{\"id\":5}");
      assertThat(result.accepted()).isEqualTo(2);
      assertThat(result.rejected().stream().map(PublishResult.Rejection::index).toList())
          .containsExactly(1, 2, 3, 4, 5, 6, 7);
      assertThat(result.rejected())
          .allSatisfy(
              r -> {
                assertThat(r.code()).startsWith("FLX-FORMAT-");
                assertThat(r.message()).isNotBlank();
              });
      assertThat(ids(reader)).containsExactly("1", "5");
    }
  }

  @Test
  void eventsThatDoNotFitTheFields_areBadRecordsOfTheJob() {
    try (SourceReader reader = reader(source(Map.of("stream", "s", "required", "name")), null)) {
      publish("{\"id\":1,\"name\":\"a\"}", "{\"id\":\"x\",\"name\":\"b\"}", "{\"id\":3}");
      Poll.Rows rows = rows(reader);
      assertThat(rows.batch().size()).isEqualTo(1);
      assertThat(rows.bad().stream().map(BadRecord::code).toList())
          .containsExactly("FLX-FORMAT-0003", "FLX-FORMAT-0004");
      assertThat(rows.bad().stream().map(BadRecord::coordinates).toList())
          .containsExactly("s@1", "s@2");
    }
  }

  @Test
  void ids_comeFromAField_evenIfTheTopologyDoesNotUseIt() {
    try (SourceReader reader = reader(source(Map.of("stream", "s", "idField", "key")), null)) {
      publish("{\"id\":1,\"key\":\"k1\"}", "{\"id\":2}");
      List<EventRecord> found = SourceReading.records(rows(reader).batch());
      assertThat(found.stream().map(EventRecord::id).toList()).containsExactly("k1", null);
    }
    try (SourceReader reader = reader(source(Map.of("stream", "s", "idField", "id")), null)) {
      publish("{\"id\":7}");
      assertThat(SourceReading.records(rows(reader).batch()).get(0).id()).isEqualTo("7");
    }
  }

  @Test
  void fullBuffer_refusesWithoutTakingAnything_untilTheJobReads() {
    Source source = source(Map.of("stream", "s", "bufferEvents", 3));
    try (SourceReader reader = reader(source, null)) {
      publish("{\"id\":1}", "{\"id\":2}");
      assertThatThrownBy(() -> publish("{\"id\":3}", "{\"id\":4}"))
          .isInstanceOfSatisfying(
              PublishRefused.class,
              e -> {
                assertThat(e.accepted()).isZero();
                assertThat(e.retryAfter()).isPositive();
                assertThat(e.category()).isEqualTo(ErrorCategory.RESOURCE);
                assertThat(e.code()).isEqualTo("FLX-PUBLISH-0002");
              });
      assertThat(ids(reader)).containsExactly("1", "2");
      publish("{\"id\":3}", "{\"id\":4}");
      assertThat(ids(reader)).containsExactly("3", "4");
      assertThatThrownBy(() -> publish("{\"id\":1}", "{\"id\":2}", "{\"id\":3}", "{\"id\":4}"))
          .isInstanceOfSatisfying(
              FluxCoreException.class, e -> assertThat(e.code()).isEqualTo("FLX-PUBLISH-0003"));
    }
  }

  @Test
  void unknownStream_isNotFound_withTheNearestName() {
    try (SourceReader reader = reader(source(Map.of("stream", "orders")), null)) {
      assertThatThrownBy(() -> connector.streams().publish("order", events("{}")))
          .isInstanceOfSatisfying(
              FluxCoreException.class,
              e -> {
                assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND);
                assertThat(e.code()).isEqualTo("FLX-PUBLISH-0001");
                assertThat(e.getMessage()).contains("did you mean 'orders'?");
              });
      assertThat(reader.poll(Duration.ZERO)).isSameAs(Poll.Nothing.INSTANCE);
    }
  }

  @Test
  void streamOfAJobThatRestarts_isRefusedForAWhile_andKeepsWhatWasNotRead() {
    Source source = source(Map.of("stream", "s"));
    try (SourceReader reader = reader(source, null)) {
      publish("{\"id\":1}");
      assertThat(reader.poll(Duration.ZERO)).isInstanceOf(Poll.Rows.class);
      publish("{\"id\":2}");
    }
    assertThatThrownBy(() -> publish("{\"id\":3}")).isInstanceOf(PublishRefused.class);
    try (SourceReader reader = reader(source, new SplitPosition("event 1"))) {
      assertThat(ids(reader)).containsExactly("2");
    }
    now = now.plusSeconds(61);
    assertThatThrownBy(() -> publish("{\"id\":3}"))
        .isNotInstanceOf(PublishRefused.class)
        .hasMessageContaining("FLX-PUBLISH-0001");
  }

  @Test
  void secondReaderOfAStream_isRefused() {
    try (SourceReader reader = reader(source(Map.of("stream", "s")), null)) {
      assertThatThrownBy(() -> reader(source(Map.of("stream", "s")), null))
          .hasMessageContaining("FLX-HTTP-0001");
      publish("{\"id\":1}");
      assertThat(ids(reader)).containsExactly("1");
    }
  }

  @Test
  void spool_isReadAgainFromACheckpoint_andEmptiedByCompletedOnes() {
    Map<String, Object> options =
        Map.of(
            "stream",
            "s",
            "spool",
            directory.resolve("spool").toString(),
            "spoolBytes",
            "64kb",
            "spoolSegmentBytes",
            "4kb");
    Source source = source(options);
    assertThat(source.isReplayable()).isTrue();
    SplitPosition checkpoint;
    try (SourceReader reader = reader(source, null)) {
      assertThat(publish("{\"id\":1}", "{\"id\":2}").durable()).isTrue();
      checkpoint = rows(reader).end();
      reader.checkpointStarted(1);
      publish("{\"id\":3}");
      assertThat(ids(reader)).containsExactly("3");
    }
    now = now.plusSeconds(10);
    try (SourceReader reader = reader(source(options), checkpoint)) {
      Poll.Rows again = rows(reader);
      assertThat(SourceReading.records(again.batch()))
          .as("with its old time")
          .containsExactly(EventRecord.of(SCHEMA, now.minusSeconds(10).toEpochMilli(), 3L, null));
      reader.checkpointStarted(2);
      publish("{\"id\":4}");
      assertThat(ids(reader)).containsExactly("4");
      reader.checkpointCompleted(2);
    }
    try (SourceReader reader = reader(source(options), null)) {
      assertThat(ids(reader)).as("what no completed checkpoint holds").containsExactly("4");
      String large = "{\"name\":\"" + "x".repeat(1000) + "\"}";
      for (long round = 3; round < 300; round++) {
        publish(large);
        assertThat(reader.poll(Duration.ZERO)).isInstanceOf(Poll.Rows.class);
        reader.checkpointStarted(round);
        reader.checkpointCompleted(round);
      }
    }
  }

  @Test
  void fullSpool_refuses() {
    Map<String, Object> options =
        Map.of(
            "stream",
            "s",
            "spool",
            directory.resolve("small").toString(),
            "spoolBytes",
            "8kb",
            "spoolSegmentBytes",
            "4kb");
    try (SourceReader reader = reader(source(options), null)) {
      String large = "{\"name\":\"" + "x".repeat(3000) + "\"}";
      publish(large, large);
      assertThatThrownBy(() -> publish(large))
          .isInstanceOf(PublishRefused.class)
          .hasMessageContaining("FLX-SPOOL-0001");
      assertThatThrownBy(() -> publish(large, large, large))
          .hasMessageContaining("FLX-PUBLISH-0003");
      assertThat(reader.poll(Duration.ZERO)).isInstanceOf(Poll.Rows.class);
      reader.checkpointStarted(1);
      reader.checkpointCompleted(1);
      publish(large);
    }
  }

  @Test
  void spoolOfAnotherStream_orPosition_isRefused() {
    Map<String, Object> options =
        Map.of("stream", "s", "spool", directory.resolve("one").toString());
    try (SourceReader reader = reader(source(options), null)) {
      Map<String, Object> other = new HashMap<>(options);
      other.put("stream", "t");
      assertThatThrownBy(() -> reader(source(other), null)).hasMessageContaining("FLX-SPOOL-0006");
      assertThat(reader.poll(Duration.ZERO)).isSameAs(Poll.Nothing.INSTANCE);
    }
    assertThatThrownBy(() -> reader(source(options), new SplitPosition("event 5")))
        .hasMessageContaining("FLX-SPOOL-0005");
    assertThatThrownBy(() -> reader(source(options), new SplitPosition("byte 5")))
        .hasMessageContaining("FLX-HTTP-0002");
    reader(source(options), null).close();
  }

  @Test
  @Timeout(60)
  void manyPublishers_andAReader_loseNothing() throws InterruptedException {
    Source source = source(Map.of("stream", "s", "bufferEvents", 500));
    try (SourceReader reader = reader(source, null)) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        int thread = t;
        Thread publisher = new Thread(() -> publishAll(thread));
        threads.add(publisher);
        publisher.start();
      }
      int[] next = new int[3];
      int all = 0;
      while (all < 3 * 2000) {
        if (reader.poll(Duration.ofSeconds(1)) instanceof Poll.Rows rows) {
          for (EventRecord row : SourceReading.records(rows.batch())) {
            int id = (int) row.getLong("id");
            assertThat(id % 10_000).isEqualTo(next[id / 10_000]++);
            all++;
          }
        }
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private void publishAll(int thread) {
    for (int i = 0; i < 2000; i += 20) {
      List<byte[]> batch = new ArrayList<>();
      for (int j = i; j < i + 20; j++) {
        batch.add(("{\"id\":" + (thread * 10_000 + j) + "}").getBytes(StandardCharsets.UTF_8));
      }
      boolean taken = false;
      while (!taken) {
        try {
          connector.streams().publish("s", batch);
          taken = true;
        } catch (PublishRefused e) {
          Thread.onSpinWait();
        }
      }
    }
  }
}
