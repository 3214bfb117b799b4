package io.fluxcore.adapters.out.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.TwoPhaseSink.Unknown;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.application.connector.kit.ChangelogSinkContract;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.application.connector.kit.TwoPhaseSinkContract;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sink on a real broker. */
@Timeout(300)
final class KafkaSinkIT {
  private static final Schema PAIRS =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();
  private static final RecordFailures FAIL = RecordFailures.FAIL;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static KafkaServer server;
  private static Topics topics;

  private String topic;

  @BeforeAll
  static void start() {
    server = KafkaServer.start();
    topics = new Topics(server);
  }

  @AfterAll
  static void end() {
    topics.close();
    server.close();
  }

  @BeforeEach
  void createTopic() {
    topic = topics.create(1);
  }

  private static Map<String, Object> options(String topic, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("bootstrapServers", server.bootstrapServers());
    options.put("topic", topic);
    options.put("transactionalIdPrefix", "of-" + topic);
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private static Sink sink(Schema schema, Map<String, Object> options) {
    KafkaSinkConnector connector = new KafkaSinkConnector();
    return connector.create(OptionParser.parse(connector.descriptor(), options).orThrow(), schema);
  }

  private TwoPhaseSink transactional(Object... more) {
    return (TwoPhaseSink) sink(PAIRS, options(topic, more));
  }

  private static SinkOwner owner(long token) {
    return new SinkOwner(JobId.of(3, 4), "out.put", new FencingToken(token));
  }

  private static SinkWriter writer(TwoPhaseSink sink, SinkOwner owner) {
    return sink.createWriter(new WriterContext(owner, 0, 1, Visibility.AT_CHECKPOINTS));
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    for (long id = from; id < to; id++) {
      builder.row(id, id, "name-" + id);
    }
    return builder.build();
  }

  private List<Long> ids() {
    return topics.ids(topic);
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private static void await(BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - begun).isLessThan(PATIENCE.toNanos());
    }
  }

  @Nested
  class Contract extends SinkConnectorContract {
    @Override
    protected SinkConnector connector() {
      return new KafkaSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return KafkaSinkIT.options(topic);
    }

    @Override
    protected List<List<@Nullable Object>> visibleRows(Schema schema) {
      return JsonReadBack.rows(schema, String.join("\n", topics.values(topic)));
    }
  }

  @Nested
  class Changelog extends ChangelogSinkContract {
    @Override
    protected Sink sink() {
      return KafkaSinkIT.sink(ROWS, options(topic));
    }

    @Override
    protected Collection<List<@Nullable Object>> table() {
      return make(
          topics.values(topic).stream()
              .map(
                  value ->
                      new Written(JsonReadBack.kind(value), JsonReadBack.rows(ROWS, value).get(0)))
              .toList());
    }
  }

  @Test
  void formatsThatHaveNoKinds_onlyAdd() {
    assertThat(sink(PAIRS, options(topic, "format", "csv")).takes()).isEqualTo(Changes.appends());
    assertThat(sink(PAIRS, options(topic, "format", "csv", "rowKinds", "always")).takes())
        .isEqualTo(Changes.retracts(null));
    assertThat(sink(PAIRS, options(topic, "rowKinds", "never")).takes())
        .isEqualTo(Changes.appends());
  }

  @Nested
  class TwoPhase extends TwoPhaseSinkContract {
    @Override
    protected TwoPhaseSink sink() {
      return (TwoPhaseSink) KafkaSinkIT.sink(PAIRS, options(topic));
    }

    @Override
    protected List<Long> visibleIds() {
      return ids();
    }

    @Override
    protected int waiting() {
      return topics.openTransactions("of-" + topic);
    }
  }

  @Test
  void transactionsFollowEachOther_byFewProducers() {
    TwoPhaseSink sink = transactional();
    sink.settle(owner(1), List.of(), Unknown.TAKE_BACK, FAIL);
    List<CommitHandle> all = new ArrayList<>();
    try (SinkWriter writer = writer(sink, owner(1))) {
      for (int checkpoint = 0; checkpoint < 20; checkpoint++) {
        writer.write(rows(checkpoint * 5L, checkpoint * 5L + 5), FAIL);
        List<CommitHandle> handles = writer.prepareCommit(checkpoint + 1);
        writer.write(rows(1_000, 1_000), FAIL);
        sink.commit(owner(1), handles, FAIL);
        all.addAll(handles);
      }
    }
    assertThat(ids()).isEqualTo(range(0, 100));
    assertThat(all.stream().map(h -> PreparedTransaction.of(h).id()).distinct()).hasSize(1);
    // Each was committed, and that is seen though its id has been used again.
    TwoPhaseSink later = transactional();
    later.settle(owner(2), all, Unknown.TAKE_BACK, FAIL);
    assertThat(ids()).isEqualTo(range(0, 100));
  }

  @Test
  void transactionThatTheBrokersGaveUp_isALoss() {
    TwoPhaseSink sink = transactional("transactionTimeout", "1s");
    List<CommitHandle> handles;
    try (SinkWriter writer = writer(sink, owner(1))) {
      writer.write(rows(0, 10), FAIL);
      sink.commit(owner(1), writer.prepareCommit(1), FAIL);
      writer.write(rows(10, 20), FAIL);
      handles = writer.prepareCommit(2);
      await(() -> topics.openTransactions("of-" + topic) == 0);
      assertThatThrownBy(() -> sink.commit(owner(1), handles, FAIL))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-KAFKA-0009")
          .hasMessageContaining("10 messages of a completed checkpoint are lost");
    }
    assertThatThrownBy(() -> transactional().settle(owner(2), handles, Unknown.TAKE_BACK, FAIL))
        .hasMessageContaining("FLX-KAFKA-0009");
    transactional("onLostTransaction", "continue")
        .settle(owner(3), handles, Unknown.TAKE_BACK, FAIL);
    assertThat(ids()).isEqualTo(range(0, 10));
  }

  /** The id of a committed transaction is used by one that times out: the first is no loss. */
  @Test
  void committedTransaction_whoseSuccessorWasGivenUp_isNoLoss() {
    TwoPhaseSink sink = transactional("transactionTimeout", "1s");
    List<CommitHandle> first;
    List<CommitHandle> second;
    try (SinkWriter writer = writer(sink, owner(1))) {
      writer.write(rows(0, 10), FAIL);
      first = writer.prepareCommit(1);
      sink.commit(owner(1), first, FAIL);
      writer.write(rows(10, 20), FAIL);
      second = writer.prepareCommit(2);
    }
    assertThat(PreparedTransaction.of(second.get(0)).id())
        .isEqualTo(PreparedTransaction.of(first.get(0)).id());
    transactional().settle(owner(1), first, Unknown.KEEP, FAIL);
    await(() -> topics.openTransactions("of-" + topic) == 0);
    transactional().settle(owner(1), first, Unknown.KEEP, FAIL);
    assertThat(ids()).isEqualTo(range(0, 10));
  }

  @Test
  void writerThatIsTooSlow_failsBeforeTheCheckpoint() {
    TwoPhaseSink sink = transactional("transactionTimeout", "1s");
    try (SinkWriter writer = writer(sink, owner(1))) {
      writer.write(rows(0, 10), FAIL);
      await(() -> topics.openTransactions("of-" + topic) == 1);
      await(() -> topics.openTransactions("of-" + topic) == 0);
      assertThatThrownBy(
              () -> {
                writer.write(rows(10, 20), FAIL);
                writer.prepareCommit(1);
              })
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-KAFKA-0010");
    }
    assertThat(ids()).isEmpty();
  }

  @Test
  void transactionsOfOldBrokers_areUsedOnce() {
    try (KafkaServer old = KafkaServer.start(List.of("transaction.version=1"));
        Topics there = new Topics(old)) {
      there.create("t", 1, Map.of());
      Map<String, Object> options = options("t", "transactionTimeout", "2s");
      options.put("bootstrapServers", old.bootstrapServers());
      TwoPhaseSink sink = (TwoPhaseSink) sink(PAIRS, options);
      sink.settle(owner(1), List.of(), Unknown.TAKE_BACK, FAIL);
      List<CommitHandle> first;
      List<CommitHandle> second;
      List<CommitHandle> third;
      try (SinkWriter writer = writer(sink, owner(1))) {
        writer.write(rows(0, 10), FAIL);
        first = writer.prepareCommit(1);
        sink.commit(owner(1), first, FAIL);
        writer.write(rows(10, 20), FAIL);
        second = writer.prepareCommit(2);
        writer.write(rows(20, 30), FAIL);
        third = writer.prepareCommit(3);
      }
      assertThat(PreparedTransaction.of(second.get(0)).id())
          .isNotEqualTo(PreparedTransaction.of(first.get(0)).id());
      List<CommitHandle> both = new ArrayList<>(first);
      both.addAll(second);
      sink.settle(owner(1), both, Unknown.KEEP, FAIL);
      sink.settle(owner(1), both, Unknown.KEEP, FAIL);
      assertThat(there.values("t")).hasSize(20);
      await(() -> there.openTransactions("of-t") == 0);
      assertThatThrownBy(() -> sink.settle(owner(1), third, Unknown.KEEP, FAIL))
          .hasMessageContaining("FLX-KAFKA-0009");
    }
  }

  @Test
  void atLeastOnce_showsMessagesAtOnce() {
    Sink direct = sink(PAIRS, options(topic, "guarantee", "at-least-once"));
    assertThat(direct).isNotInstanceOf(TwoPhaseSink.class);
    assertThat(direct.guarantee()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
    direct.check();
    try (SinkWriter writer = direct.createWriter("out", 0, 1)) {
      writer.write(rows(0, 10), FAIL);
      writer.flush();
      assertThat(ids()).isEqualTo(range(0, 10));
    }
  }

  @Test
  void recordsAreMadeAsTheOptionsSay() {
    topics.create("made", 3, Map.of());
    Schema schema =
        Schema.builder()
            .field("id", DataType.LONG)
            .field("user", DataType.STRING)
            .field("shard", DataType.LONG)
            .field("at", DataType.TIMESTAMP_TZ)
            .field("where", DataType.STRING)
            .build();
    Map<String, Object> options =
        options(
            "made",
            "keyFields",
            "user,shard",
            "partitionField",
            "shard",
            "messageTimestampField",
            "at",
            "headerFields",
            "user,id",
            "compression",
            "lz4");
    options.remove("topic");
    options.put("topicField", "where");
    EventBatchBuilder builder = new EventBatchBuilder(schema);
    java.time.Instant at = java.time.Instant.ofEpochMilli(12_345);
    builder.row(1, 1L, "ключ", 2L, at, "made");
    builder.row(2, 2L, null, null, null, "made");
    builder.row(3, 3L, "u", 9L, at, "made");
    builder.row(4, 4L, "u", 1L, at, "no-such-topic");
    builder.row(5, 5L, "u", 1L, at, "not a name!");
    builder.row(6, 6L, "u", 1L, at, null);
    builder.row(7, 7L, "u", 1L, java.time.Instant.now().plusSeconds(864_000), "made");
    List<String> failed = new ArrayList<>();
    try (SinkWriter writer = sink(schema, options).createWriter("out", 0, 1)) {
      writer.write(
          builder.build(), (batch, row, error) -> failed.add(row + " " + error.getMessage()));
      writer.flush();
    }
    assertThat(failed).hasSize(5);
    assertThat(failed.get(0)).contains("there is no partition 9");
    assertThat(failed.get(1)).contains("there is no topic 'no-such-topic'");
    assertThat(failed.get(4)).contains("further from now than the topic allows");
    List<ConsumerRecord<byte[], byte[]>> records = topics.records("made");
    assertThat(records).hasSize(2);
    ConsumerRecord<byte[], byte[]> first =
        records.stream().filter(r -> r.timestamp() == 12_345).findFirst().orElseThrow();
    assertThat(first.partition()).isEqualTo(2);
    assertThat(text(first.key())).isEqualTo("{\"user\":\"ключ\",\"shard\":2}");
    Header[] headers = first.headers().toArray();
    assertThat(headers).hasSize(2);
    assertThat(headers[0].key() + text(headers[0].value())).isEqualTo("userключ");
    assertThat(text(first.value())).startsWith("{\"id\":1,\"user\":\"ключ\"");
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void keys_areOfOneField_orThoseOfTheEvents() {
    try (SinkWriter writer =
        sink(PAIRS, options(topic, "keyFields", "id")).createWriter("out", 0, 1)) {
      writer.write(rows(7, 8), FAIL);
      writer.flush();
    }
    try (SinkWriter writer = sink(PAIRS, options(topic)).createWriter("out", 0, 1)) {
      StringColumn keys = StringColumn.of(2, new String[] {"from-source", null}, new long[] {2});
      writer.write(rows(0, 2).withEnvelope(new Envelope(null, "in", null, keys, null, null)), FAIL);
      writer.flush();
    }
    assertThat(topics.records(topic).stream().map(r -> text(r.key())))
        .containsExactly("7", "from-source", null);
  }

  @Test
  void messageThatIsTooLarge_isABadRow_andOthersGoOn() {
    Map<String, Object> options = options(topic);
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    builder.row(0, 1L, "small");
    builder.row(0, 2L, "x".repeat(1_100_000));
    builder.row(0, 3L, "");
    builder.row(0, 4L, "y".repeat(1_040_000));
    List<String> failed = new ArrayList<>();
    TwoPhaseSink sink = (TwoPhaseSink) sink(PAIRS, options);
    try (SinkWriter writer = writer(sink, owner(1))) {
      writer.write(
          builder.build(), (batch, row, error) -> failed.add(row + " " + error.getMessage()));
      sink.commit(owner(1), writer.prepareCommit(1), FAIL);
    }
    assertThat(failed).hasSize(1);
    assertThat(failed.get(0)).startsWith("1 ").contains("takes 1048588 at most");
    assertThat(ids()).containsExactly(1L, 3L, 4L);
  }

  @Test
  void transactionsThatTheBrokersDoNotAllow_areRefusedAtTheStart() {
    assertThatThrownBy(() -> sink(PAIRS, options(topic, "transactionTimeout", "16m")).check())
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-KAFKA-0011")
        .hasMessageContaining("900000");
  }

  @Test
  void passwordFile_isReadWhenConnectionsAreMade(@TempDir Path directory) throws Exception {
    Path password = directory.resolve("password");
    Files.writeString(password, KafkaServer.PASSWORD);
    Map<String, Object> options = options(topic, "user", KafkaServer.USER);
    options.put("bootstrapServers", server.saslServers());
    options.put("passwordFile", password.toString());
    TwoPhaseSink sink = (TwoPhaseSink) sink(PAIRS, options);
    sink.check();
    sink.settle(owner(1), List.of(), Unknown.TAKE_BACK, FAIL);
    List<CommitHandle> handles;
    try (SinkWriter writer = writer(sink, owner(1))) {
      writer.write(rows(0, 5), FAIL);
      handles = writer.prepareCommit(1);
    }
    sink.commit(owner(1), handles, FAIL);
    assertThat(ids()).isEqualTo(range(0, 5));
    Files.writeString(password, "wrong");
    assertThatThrownBy(sink::check)
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-KAFKA-0001");
  }
}
