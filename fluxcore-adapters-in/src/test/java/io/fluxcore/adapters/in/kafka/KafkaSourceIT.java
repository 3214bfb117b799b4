package io.fluxcore.adapters.in.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The source on a real broker. */
@Timeout(300)
final class KafkaSourceIT {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();
  private static final Schema IDS = Schema.builder().field("id", DataType.LONG).build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static KafkaServer server;
  private static Topics topics;
  private static String contract;
  private static String empty;

  @BeforeAll
  static void start() {
    server = KafkaServer.start("message.max.bytes=5000000", "transaction.max.timeout.ms=60000");
    topics = new Topics(server);
    contract = topics.create("contract", 3, Map.of());
    empty = topics.create("empty", 2, Map.of());
    fillContract();
  }

  @AfterAll
  static void end() {
    topics.close();
    server.close();
  }

  /** With markers of transactions, committed and aborted ones, between and at the end. */
  private static void fillContract() {
    for (int id = 0; id < 4; id++) {
      topics.send(contract, 0, 1_000L + id, json(id));
    }
    try (KafkaProducer<byte[], byte[]> transactions = topics.transactional()) {
      transactions.beginTransaction();
      transactions.send(Topics.message(contract, 0, 1_004, null, json(4)));
      transactions.send(Topics.message(contract, 1, 1_100, null, json(100)));
      transactions.commitTransaction();
      transactions.beginTransaction();
      transactions.send(Topics.message(contract, 0, 1_900, null, json(900)));
      transactions.abortTransaction();
      topics.send(contract, 1, 1_101, "{\"id\":\"no number\"}");
      topics.send(contract, 1, 1_102, null);
      for (int id = 103; id < 107; id++) {
        topics.send(contract, 1, 1_000L + id, json(id));
      }
      transactions.beginTransaction();
      transactions.send(Topics.message(contract, 0, 1_005, null, json(5)));
      transactions.commitTransaction();
    }
  }

  private static String json(long id) {
    return "{\"id\":" + id + ",\"name\":\"name-" + id + "\"}";
  }

  private static EventRecord row(long id) {
    return EventRecord.of(SCHEMA, RowKind.INSERT, 1_000 + id, id, "name-" + id);
  }

  private static Map<String, Object> options(String topic, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("bootstrapServers", server.bootstrapServers());
    options.put("topic", topic);
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private static Source source(Map<String, Object> options) {
    KafkaSourceConnector connector = new KafkaSourceConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options).orThrow(),
        new ConnectorServices(JdkRegexCompiler.INSTANCE));
  }

  private static Source source(String topic, Object... more) {
    return source(options(topic, more));
  }

  /** Reads what comes, until it is enough. */
  private static final class Reading implements AutoCloseable {
    private final Source source;
    private final SourceReader reader;
    private final List<Long> ids = new ArrayList<>();
    private final Map<String, SplitPosition> positions = new HashMap<>();
    private long filtered;
    private int bad;

    Reading(Source source) {
      this(source, Map.of());
    }

    Reading(Source source, Map<String, SplitPosition> from) {
      this.source = source;
      this.reader = source.createReader(new ReaderContext("in", 0, 1, IDS, false, null, 100));
      source.discoverSplits().forEach(split -> reader.assign(split, from.get(split.id())));
    }

    void until(Predicate<Reading> enough) {
      long begun = System.nanoTime();
      while (!enough.test(this)) {
        assertThat(System.nanoTime() - begun).as("%s", ids).isLessThan(PATIENCE.toNanos());
        poll(Duration.ofMillis(100));
      }
    }

    boolean poll(Duration wait) {
      Poll poll = reader.poll(wait);
      if (poll instanceof Poll.Rows rows) {
        SourceReading.records(rows.batch()).forEach(r -> ids.add(r.getLong("id")));
        positions.put(rows.split(), rows.end());
        filtered += rows.filtered();
        bad += rows.bad().size();
        return true;
      }
      return false;
    }

    List<Long> untilRows(int count) {
      until(r -> r.ids.size() >= count);
      return ids;
    }

    /** Until nothing came for a while. */
    List<Long> untilQuiet() {
      until(r -> r.positions.size() == source.discoverSplits().size());
      int quiet = 0;
      while (quiet < 5) {
        quiet = poll(Duration.ofMillis(100)) ? 0 : quiet + 1;
      }
      return ids;
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private static void send(String topic, int partition, long from, long to) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long id = from; id < to; id++) {
      records.add(Topics.message(topic, partition, id, null, json(id)));
    }
    topics.send(records);
  }

  private static void await(BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - begun).isLessThan(PATIENCE.toNanos());
      Thread.onSpinWait();
    }
  }

  @Nested
  class Contract extends SourceConnectorContract {
    @Override
    protected SourceConnector connector() {
      return new KafkaSourceConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return KafkaSourceIT.options(contract, "bounded", true);
    }

    @Override
    protected Schema schema() {
      return SCHEMA;
    }

    @Override
    protected List<List<EventRecord>> expectedRows() {
      return List.of(
          List.of(row(0), row(1), row(2), row(3), row(4), row(5)),
          List.of(row(100), row(103), row(104), row(105), row(106)),
          List.of());
    }

    @Override
    protected List<String> expectedBadCoordinates() {
      return List.of("contract-1@2");
    }

    @Override
    protected Map<String, Object> emptyOptions() {
      return KafkaSourceIT.options(empty, "bounded", true);
    }

    @Override
    protected Map<String, Object> conflictingOptions() {
      return KafkaSourceIT.options(
          contract,
          "topicPattern",
          "a.*",
          "startFrom",
          "committed",
          "startTimestamp",
          "1",
          "user",
          "nobody",
          "properties",
          Map.of("group.id", "x", "ssl.key.password", "y"));
    }
  }

  @Test
  void starts_areWhereTheyAreAsked() {
    String topic = topics.create(2);
    send(topic, 0, 0, 10);
    send(topic, 1, 100, 110);
    try (Reading latest = new Reading(source(topic, "startFrom", "latest"));
        Reading earliest = new Reading(source(topic))) {
      assertThat(latest.untilQuiet()).isEmpty();
      send(topic, 0, 10, 12);
      assertThat(latest.untilRows(2)).isEqualTo(ids(10, 12));
      assertThat(earliest.untilRows(22)).hasSize(22);
    }
    try (Reading byTime =
        new Reading(source(topic, "startFrom", "timestamp", "startTimestamp", "7"))) {
      assertThat(byTime.untilRows(15)).containsAll(ids(7, 12)).containsAll(ids(100, 110));
    }
    try (Reading byOffset =
        new Reading(
            source(topic, "startFrom", "offsets", "startOffsets", Map.of(topic + "-1", 8)))) {
      assertThat(byOffset.untilRows(14)).containsAll(ids(0, 12)).containsAll(ids(108, 110));
    }
  }

  @Test
  void offsets_areCommittedWithCheckpoints_forOthersToSee() {
    String topic = topics.create(1);
    send(topic, 0, 0, 10);
    try (Reading reading = new Reading(source(topic, "consumerGroup", "watchers"))) {
      reading.untilRows(10);
      reading.reader.checkpointStarted(1);
      send(topic, 0, 10, 15);
      reading.untilRows(15);
      reading.reader.checkpointStarted(2);
      reading.reader.checkpointCompleted(1);
      await(
          () -> {
            reading.poll(Duration.ofMillis(10));
            return committed("watchers", topic) == 10;
          });
      assertThat(reading.reader.lag(topic + "-0")).isZero();
    }
    try (Reading next =
        new Reading(source(topic, "consumerGroup", "watchers", "startFrom", "committed"))) {
      assertThat(next.untilRows(5)).isEqualTo(ids(10, 15));
    }
    try (Reading others =
        new Reading(source(topic, "consumerGroup", "new", "startFrom", "committed"))) {
      assertThat(others.untilRows(15)).isEqualTo(ids(0, 15));
    }
  }

  private static long committed(String group, String topic) {
    OffsetAndMetadata offset =
        Topics.get(topics.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .get(new TopicPartition(topic, 0));
    return offset == null ? -1 : offset.offset();
  }

  @Test
  void lag_isWhatLiesOutside() {
    String topic = topics.create(1);
    send(topic, 0, 0, 1_000);
    try (Reading reading = new Reading(source(topic))) {
      assertThat(reading.reader.lag(topic + "-0")).isEqualTo(-1);
      reading.untilRows(100);
      assertThat(reading.reader.lag(topic + "-0")).isEqualTo(1_000L - reading.ids.size());
      reading.untilRows(1_000);
      assertThat(reading.reader.lag(topic + "-0")).isZero();
      assertThat(reading.reader.lag("another-0")).isEqualTo(-1);
    }
  }

  @Test
  void newPartitionsAndTopics_areReadFromTheirBeginning() {
    topics.create("found-a", 1, Map.of());
    send("found-a", 0, 0, 3);
    Map<String, Object> options = options("", "topicPattern", "found-.*", "startFrom", "latest");
    options.remove("topic");
    Source source = source(options);
    List<Split> first = source.discoverSplits();
    assertThat(first).containsExactly(new Split("found-a-0"));
    try (Reading reading = new Reading(source)) {
      reading.untilQuiet();
      topics.create("found-b", 1, Map.of());
      topics.create("other-b", 1, Map.of());
      topics.addPartitions("found-a", 2);
      send("found-a", 1, 10, 13);
      send("found-b", 0, 20, 23);
      await(() -> source.discoverSplits().size() == 3);
      List<Split> found = new ArrayList<>(source.discoverSplits());
      assertThat(found)
          .containsExactly(new Split("found-a-0"), new Split("found-a-1"), new Split("found-b-0"));
      found.removeAll(first);
      found.forEach(split -> reading.reader.assign(split, null));
      assertThat(reading.untilRows(6)).hasSize(6).containsAll(ids(10, 13)).containsAll(ids(20, 23));
      send("found-a", 0, 3, 5);
      assertThat(reading.untilRows(8)).containsAll(ids(3, 5));
    }
  }

  @Test
  void patternThatMatchesNothing_isNoError() {
    Map<String, Object> options = options("", "topicPattern", "no-such-.*");
    options.remove("topic");
    assertThat(source(options).discoverSplits()).isEmpty();
  }

  @Test
  void transactions_areReadWhenTheyAreCommitted_orAtOnce() {
    String topic = topics.create(1);
    try (KafkaProducer<byte[], byte[]> transactions = topics.transactional();
        Reading committed = new Reading(source(topic));
        Reading all = new Reading(source(topic, "isolation", "read_uncommitted"))) {
      transactions.beginTransaction();
      Topics.get(transactions.send(Topics.message(topic, 0, 0, null, json(0))));
      assertThat(all.untilRows(1)).isEqualTo(ids(0, 1));
      assertThat(committed.untilQuiet()).isEmpty();
      transactions.commitTransaction();
      assertThat(committed.untilRows(1)).isEqualTo(ids(0, 1));
      // The position passes the marker, though no record follows.
      committed.until(r -> r.positions.get(topic + "-0").text().startsWith("offset 2"));
      transactions.beginTransaction();
      Topics.get(transactions.send(Topics.message(topic, 0, 0, null, json(1))));
      transactions.abortTransaction();
      send(topic, 0, 2, 3);
      assertThat(committed.untilRows(2)).containsExactly(0L, 2L);
      assertThat(all.untilRows(3)).containsExactly(0L, 1L, 2L);
    }
  }

  @Test
  void keysHeadersAndTombstones_areWhereTheDocumentationSays() {
    String topic = topics.create(1);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, 0, 5L, Topics.bytes("ключ-😀"), Topics.bytes(json(1)));
    record.headers().add("trace", Topics.bytes("t-1")).add("none", null);
    topics.send(record);
    topics.send(Topics.message(topic, 0, 6, "gone", null));
    topics.send(Topics.message(topic, 0, 7, null, ""));
    Schema schema =
        Schema.builder()
            .field("id", DataType.LONG)
            .field("k", DataType.STRING)
            .field("trace", DataType.STRING)
            .field("o", DataType.LONG)
            .field("p", DataType.LONG)
            .field("t", DataType.STRING)
            .build();
    Source source =
        source(
            topic,
            "bounded",
            true,
            "schema",
            Map.of("id", "long"),
            "metadata",
            Map.of(
                "k",
                "key",
                "trace",
                "header:trace",
                "o",
                "offset",
                "p",
                "partition",
                "t",
                "topic"));
    assertThat(source.schema()).isNotNull();
    SplitContent content =
        SourceReading.readAll(source, SourceReading.context(schema, 10)).get(topic + "-0");
    assertThat(content.rows()).hasSize(1);
    EventRecord row = content.rows().get(0);
    assertThat(row.key()).isEqualTo("ключ-😀");
    assertThat(row.headers()).isEqualTo(Map.of("trace", "t-1", "none", ""));
    assertThat(row)
        .isEqualTo(EventRecord.of(schema, RowKind.INSERT, 5, 1L, "ключ-😀", "t-1", 0L, 0L, topic));
    assertThat(content.bad()).hasSize(1); // the empty one; the tombstone is filtered
    assertThat(content.bad().get(0).coordinates()).isEqualTo(topic + "-0@2");
    try (Reading reading = new Reading(source(topic))) {
      reading.until(r -> r.bad == 1);
      assertThat(reading.filtered).isEqualTo(1);
    }
  }

  @Test
  void hugeAndCompressedRecords_areRead() {
    String topic = topics.create("huge", 1, Map.of("max.message.bytes", "5000000"));
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", server.bootstrapServers());
    properties.put("max.request.size", 5_000_000);
    for (String compression : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      properties.put("compression.type", compression);
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              properties,
              new org.apache.kafka.common.serialization.ByteArraySerializer(),
              new org.apache.kafka.common.serialization.ByteArraySerializer())) {
        Topics.get(
            producer.send(
                Topics.message(
                    topic, 0, 0, null, "{\"id\":1,\"name\":\"" + "x".repeat(3_000_000) + "\"}")));
        Topics.get(producer.send(Topics.message(topic, 0, 0, null, json(2))));
      }
    }
    SplitContent content =
        SourceReading.readAll(source(topic, "bounded", true), SourceReading.context(SCHEMA, 10))
            .get("huge-0");
    assertThat(content.rows()).hasSize(10);
    assertThat(content.rows().get(8).getString("name")).hasSize(3_000_000);
  }

  @Test
  void recordsThatWereDeleted_areAnErrorOrToldOf() {
    String topic = topics.create(1);
    send(topic, 0, 0, 20);
    SplitPosition third = new SplitPosition("offset 3");
    topics.deleteRecordsBefore(topic, 0, 15);
    try (Reading reading = new Reading(source(topic), Map.of(topic + "-0", third))) {
      assertThatThrownBy(() -> reading.untilRows(1))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-KAFKA-0004")
          .hasMessageContaining("records 3 to 14 of " + topic + "-0 were deleted");
    }
    try (Reading reading =
        new Reading(source(topic, "onLostOffsets", "earliest"), Map.of(topic + "-0", third))) {
      assertThat(reading.untilRows(5)).isEqualTo(ids(15, 20));
    }
    try (Reading reading =
        new Reading(source(topic, "onLostOffsets", "latest"), Map.of(topic + "-0", third))) {
      reading.until(
          r ->
              r.positions.get(topic + "-0") != null
                  && r.positions.get(topic + "-0").text().startsWith("offset 20"));
      send(topic, 0, 20, 21);
      assertThat(reading.untilRows(1)).isEqualTo(ids(20, 21));
    }
    try (Reading reading =
        new Reading(source(topic), Map.of(topic + "-0", new SplitPosition("offset 500")))) {
      assertThatThrownBy(() -> reading.untilRows(1))
          .hasMessageContaining("FLX-KAFKA-0004")
          .hasMessageContaining("there is no record 500");
    }
  }

  @Test
  void topicThatWasMadeAnew_isAnErrorOrToldOf() {
    String topic = topics.create(1);
    send(topic, 0, 0, 5);
    Map<String, SplitPosition> positions;
    try (Reading reading = new Reading(source(topic))) {
      reading.untilRows(5);
      positions = reading.positions;
    }
    topics.delete(topic);
    await(() -> !Topics.get(topics.admin().listTopics().names()).contains(topic));
    topics.create(topic, 1, Map.of());
    send(topic, 0, 100, 110);
    try (Reading reading = new Reading(source(topic), positions)) {
      assertThatThrownBy(() -> reading.untilRows(1))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-KAFKA-0005")
          .hasMessageContaining("made anew");
    }
    try (Reading reading = new Reading(source(topic, "onLostOffsets", "earliest"), positions)) {
      assertThat(reading.untilRows(10)).isEqualTo(ids(100, 110));
    }
  }

  @Test
  void passwordFile_isReadWhenConnectionsAreMade(@TempDir Path directory) throws Exception {
    Path password = directory.resolve("password");
    Files.writeString(password, KafkaServer.PASSWORD + "\n");
    Map<String, Object> right = options(contract, "user", KafkaServer.USER);
    right.put("bootstrapServers", server.saslServers());
    right.put("passwordFile", password.toString());
    source(right).check();
    try (Reading reading = new Reading(source(right))) {
      reading.untilRows(11);
    }
    Files.writeString(password, "wrong");
    assertThatThrownBy(() -> source(right).check())
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-KAFKA-0001");
  }

  @Test
  void missingTopics_areAllTold() {
    assertThatThrownBy(() -> source("contract, no-such, nor-this").check())
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContainingAll("FLX-KAFKA-0002", "no topic no-such, nor-this");
  }

  @Test
  void heldSplits_areNotFetched_andGoOn() {
    String topic = topics.create(2);
    send(topic, 0, 0, 300);
    send(topic, 1, 1_000, 1_300);
    try (Reading reading = new Reading(source(topic))) {
      assertThat(reading.reader.holdSplits(Set.of(topic + "-1"))).isTrue();
      reading.untilRows(300);
      assertThat(reading.ids).isEqualTo(ids(0, 300));
      assertThat(reading.reader.holdSplits(Set.of())).isTrue();
      reading.untilRows(600);
      assertThat(reading.ids.subList(300, 600)).isEqualTo(ids(1_000, 1_300));
    }
  }
}
