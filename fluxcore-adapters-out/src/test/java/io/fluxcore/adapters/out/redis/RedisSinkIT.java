package io.fluxcore.adapters.out.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.connector.kit.ChangelogSinkContract;
import io.fluxcore.application.connector.kit.IdempotentSinkContract;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.application.runtime.kit.RedisServer;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.operator.RecordFailures;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sink against a real Redis. */
@Timeout(120)
final class RedisSinkIT {
  private static final Schema ROWS =
      Schema.of(new Field("id", DataType.LONG), new Field("name", DataType.STRING));

  private static RedisServer server;
  private static RedisClient client;
  private static RedisCommands<String, String> redis;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    server = RedisServer.startOwn();
    client = RedisClient.create(server.uri());
    redis = client.connect().sync();
  }

  @AfterAll
  static void end() {
    client.shutdown();
    server.close();
  }

  @BeforeEach
  void empty() {
    redis.flushall();
  }

  private static Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.uri());
    options.put("key", "row:{id}");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    return options;
  }

  private static Sink sink(Object... more) {
    RedisSinkConnector connector = new RedisSinkConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options(more)).orThrow(), ROWS);
  }

  private static EventBatchBuilder rows() {
    return new EventBatchBuilder(ROWS);
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = rows();
    LongStream.range(from, to).forEach(id -> builder.row(0, id, "name-" + id));
    return builder.build();
  }

  private static List<String> write(Sink sink, EventBatch... batches) {
    List<String> refused = new ArrayList<>();
    try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
      for (EventBatch batch : batches) {
        writer.write(
            batch,
            (rows, row, error) -> refused.add(rows.column(0).get(row) + " " + error.getMessage()));
      }
      writer.flush();
    }
    return refused;
  }

  private static List<Map.Entry<Long, String>> keys() {
    return redis.keys("row:*").stream()
        .map(key -> JsonReadBack.rows(ROWS, redis.get(key)).get(0))
        .map(row -> Map.entry((Long) row.get(0), (String) row.get(1)))
        .toList();
  }

  /** Rows in a list, since the contract asks for their order, and its rows have no key. */
  @Nested
  class OfLists extends SinkConnectorContract {
    @Override
    protected SinkConnector connector() {
      return new RedisSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return RedisSinkIT.options("mode", "list", "key", "rows");
    }

    /** A list has no keys by which a row could be taken back: it is written down. */
    @Override
    protected boolean appliesRetractions() {
      return false;
    }

    @Override
    protected List<List<@Nullable Object>> visibleRows(Schema schema) {
      return JsonReadBack.rows(schema, String.join("\n", redis.lrange("rows", 0, -1)));
    }
  }

  private static Sink sink(Schema schema, Object... more) {
    RedisSinkConnector connector = new RedisSinkConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options(more)).orThrow(), schema);
  }

  @Nested
  class ChangelogOfKeys extends ChangelogSinkContract {
    @Override
    protected Sink sink() {
      return RedisSinkIT.sink(ROWS, "batchSize", 17);
    }

    @Override
    protected Collection<List<@Nullable Object>> table() {
      return redis.keys("row:*").stream()
          .map(key -> JsonReadBack.rows(ROWS, redis.get(key)).get(0))
          .toList();
    }
  }

  private static List<@Nullable Object> row(Map<String, String> fields) {
    return Arrays.asList(
        Long.valueOf(fields.get("id")), fields.get("name"), Long.valueOf(fields.get("size")));
  }

  @Nested
  class ChangelogOfHashes extends ChangelogSinkContract {
    @Override
    protected Sink sink() {
      return RedisSinkIT.sink(ROWS, "batchSize", 17, "mode", "hash");
    }

    @Override
    protected Collection<List<@Nullable Object>> table() {
      return redis.keys("row:*").stream().map(redis::hgetall).map(RedisSinkIT::row).toList();
    }
  }

  @Nested
  class ChangelogOfStreams extends ChangelogSinkContract {
    @Override
    protected Sink sink() {
      return RedisSinkIT.sink(ROWS, "batchSize", 17, "mode", "stream", "key", "rows");
    }

    @Override
    protected Collection<List<@Nullable Object>> table() {
      return make(
          redis.xrange("rows", Range.unbounded()).stream()
              .map(
                  entry ->
                      new Written(entry.getBody().getOrDefault("$op", "+I"), row(entry.getBody())))
              .toList());
    }
  }

  @Test
  void keyWithTheTimeOfTheEvent_namesNoRow() {
    assertThat(sink(ROWS, "key", "{yyyy}/{id}").takes()).isNull();
    assertThat(sink(ROWS, "key", "{id}/{name}/{id}").takes())
        .isEqualTo(Changes.upserts(List.of("id", "name")));
  }

  @Nested
  class IdempotentKeys extends IdempotentSinkContract {
    @Override
    protected SinkConnector connector() {
      return new RedisSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return RedisSinkIT.options("batchSize", 17);
    }

    @Override
    protected boolean isByKey() {
      return true;
    }

    @Override
    protected List<Map.Entry<Long, String>> visible() {
      return keys();
    }
  }

  @Nested
  class IdempotentHashes extends IdempotentKeys {
    @Override
    protected Map<String, Object> options() {
      return RedisSinkIT.options("batchSize", 17, "mode", "hash");
    }

    @Override
    protected List<Map.Entry<Long, String>> visible() {
      return redis.keys("row:*").stream()
          .map(redis::hgetall)
          .map(hash -> Map.entry(Long.valueOf(hash.get("id")), hash.get("name")))
          .toList();
    }
  }

  @Test
  void hash_losesFieldsThatAreNull_andKeepsThoseOfOthers() {
    redis.hset("row:1", Map.of("name", "old", "note", "mine"));
    write(sink("mode", "hash"), rows().row(0, 1L, null).row(0, 2L, "ünïcödé 😀").build());
    assertThat(redis.hgetall("row:1")).isEqualTo(Map.of("id", "1", "note", "mine"));
    assertThat(redis.hgetall("row:2")).isEqualTo(Map.of("id", "2", "name", "ünïcödé 😀"));
  }

  @Test
  void keys_followFromRowsAndTime_alsoInUnicode() {
    long time = Instant.parse("2026-03-01T23:59:59Z").toEpochMilli();
    List<String> refused =
        write(
            sink("key", "{yyyy-MM-dd}/{name}"),
            rows()
                .row(time, 1L, "日本 😀")
                .row(time, 2L, null)
                .row(EventBatch.NO_TIMESTAMP, 3L, "a")
                .row(time, 4L, "")
                .build());
    assertThat(redis.keys("*")).containsExactlyInAnyOrder("2026-03-01/日本 😀", "2026-03-01/");
    assertThat(refused).hasSize(2).allMatch(line -> line.contains("FLX-SINK-0003"));
  }

  @Test
  void timeToLive_beginsAnewWithEachWriting() {
    write(sink("ttl", "1h"), rows(0, 1));
    write(sink("mode", "hash", "ttl", "1h", "key", "hash:{id}"), rows(0, 1));
    assertThat(redis.pttl("row:0")).isBetween(3_500_000L, 3_600_000L);
    assertThat(redis.pttl("hash:0")).isBetween(3_500_000L, 3_600_000L);
    write(sink(), rows(0, 1));
    assertThat(redis.pttl("row:0")).isEqualTo(-1);
  }

  @Test
  void stream_hasAnEntryARow_withItsKind_andABound() {
    Sink sink = sink("mode", "stream", "key", "rows");
    assertThat(sink.guarantee()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
    assertThat(sink().guarantee()).isNull();
    write(
        sink,
        rows().row(0, 1L, "a").row(RowKind.UPDATE_AFTER, 0, 1L, "b").row(0, null, null).build());
    assertThat(redis.xrange("rows", Range.unbounded()))
        .extracting(entry -> entry.getBody())
        .containsExactly(
            Map.of("id", "1", "name", "a"),
            Map.of("id", "1", "name", "b", "$op", "+U"),
            Map.of("$op", "+I"));
    write(sink("mode", "stream", "key", "rows", "maxLength", 500), rows(0, 5_000));
    assertThat(redis.xlen("rows")).isBetween(500L, 700L);
  }

  @Test
  void list_keepsTheNewest() {
    write(sink("mode", "list", "key", "rows", "maxLength", 3), rows(0, 10));
    assertThat(redis.lrange("rows", 0, -1))
        .containsExactly(
            "{\"id\":7,\"name\":\"name-7\"}",
            "{\"id\":8,\"name\":\"name-8\"}",
            "{\"id\":9,\"name\":\"name-9\"}");
  }

  @Test
  void publish_tellsWhoListens() throws InterruptedException {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (StatefulRedisPubSubConnection<String, String> listener = client.connectPubSub()) {
      listener.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
              heard.add(channel + " " + message);
            }
          });
      listener.sync().subscribe("rows-1", "rows-2");
      write(sink("mode", "publish", "key", "rows-{id}"), rows(1, 3));
      assertThat(heard.poll(30, TimeUnit.SECONDS))
          .isEqualTo("rows-1 {\"id\":1,\"name\":\"name-1\"}");
      assertThat(heard.poll(30, TimeUnit.SECONDS))
          .isEqualTo("rows-2 {\"id\":2,\"name\":\"name-2\"}");
    }
  }

  @Test
  void hugeRow_isWritten() {
    String huge = "x".repeat(5_000_000);
    write(sink(), rows().row(0, 1L, huge).build());
    assertThat(redis.strlen("row:1")).isGreaterThan(5_000_000);
  }

  @Test
  void redisThatIsFull_isTriedAgain() throws Exception {
    redis.configSet("maxmemory", "1");
    try {
      Sink impatient = sink("retryTimeout", "100ms");
      try (SinkWriter writer = impatient.createWriter("sink", 0, 1)) {
        writer.write(rows(0, 10), RecordFailures.FAIL);
        assertThatThrownBy(writer::flush)
            .isInstanceOf(TransientSinkException.class)
            .hasMessageContainingAll("FLX-REDIS-0012", "OOM");
      }
      CompletableFuture<List<String>> writing =
          CompletableFuture.supplyAsync(() -> write(sink(), rows(0, 100)));
      TimeUnit.MILLISECONDS.sleep(300);
      assertThat(writing).isNotCompleted();
      redis.configSet("maxmemory", "0");
      assertThat(writing.get(60, TimeUnit.SECONDS)).isEmpty();
    } finally {
      redis.configSet("maxmemory", "0");
    }
    assertThat(keys()).hasSize(100);
  }

  @Test
  void password_isAskedForAtSubmissionAndWhenWriting() throws Exception {
    redis.configSet("requirepass", "pässword");
    try {
      Path file = Files.writeString(folder.resolve("password"), "pässword\n");
      Sink right = sink("passwordFile", file.toString());
      right.check();
      assertThat(write(right, rows(0, 10))).isEmpty();
      for (Sink wrong : List.of(sink("password", "guessed"), sink())) {
        assertThatThrownBy(wrong::check)
            .isInstanceOf(FluxCoreException.class)
            .hasMessageContaining("FLX-REDIS-0011")
            .hasMessageNotContaining("guessed");
        assertThatThrownBy(() -> write(wrong, rows(0, 1)))
            .isInstanceOf(FluxCoreException.class)
            .hasMessageContaining("FLX-REDIS-0011");
      }
    } finally {
      redis.configSet("requirepass", "");
    }
  }

  @Test
  void wrongOptions_areAllSaid() {
    assertThatThrownBy(
            () ->
                sink(
                    "uri",
                    "redis://:secret@host",
                    "key",
                    "rows",
                    "maxLength",
                    5,
                    "batchSize",
                    0,
                    "ttl",
                    "0s",
                    "user",
                    "me"))
        .hasMessageContainingAll("uri", "key", "maxLength", "batchSize", "ttl", "password")
        .hasMessageNotContaining(":secret@");
  }

  @Test
  void writerThatIsClosedTwice_andHasNothing() {
    SinkWriter writer = sink().createWriter("sink", 0, 1);
    writer.flush();
    writer.write(rows().build(), RecordFailures.FAIL);
    writer.close();
    writer.close();
    assertThat(redis.dbsize()).isZero();
  }
}
