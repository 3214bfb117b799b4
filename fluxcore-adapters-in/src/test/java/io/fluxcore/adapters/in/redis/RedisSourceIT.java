package io.fluxcore.adapters.in.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XTrimArgs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The source on a real Redis. */
@Timeout(180)
final class RedisSourceIT {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();
  private static final Schema IDS = Schema.builder().field("id", DataType.LONG).build();

  private static TestStreams streams;

  @BeforeAll
  static void start() {
    streams = new TestStreams();
    for (int id = 0; id < 9; id++) {
      streams.add("first", 1_000 + id + "-7", "id", Integer.toString(id), "name", "ü-" + id);
      streams.add(
          "messages", 1_000 + id + "-7", "m", "{\"id\":" + id + ",\"name\":\"ü-" + id + "\"}");
    }
    streams.add("first", "1010-0", "id", "no number", "name", "x");
    streams.add("second", "1020-0", "id", "20", "name", "ü-20");
    streams.add("second", "1020-1", "id", "20", "name", "ü-20");
    streams.add("messages", "1009-0", "other", "field");
    streams.add("messages", "1010-0", "m", "no json");
    streams.add("messages", "1020-0", "m", "{\"id\":20,\"name\":\"ü-20\"}", "trace", "t-1");
  }

  @AfterAll
  static void end() {
    streams.close();
  }

  private static EventRecord row(long id) {
    return EventRecord.of(SCHEMA, RowKind.INSERT, 1_000 + id, id, "ü-" + id);
  }

  private static Map<String, Object> options(String stream, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", streams.server.uri());
    options.put("stream", List.of(stream.split(",")));
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private static Source source(Map<String, Object> options) {
    RedisSourceConnector connector = new RedisSourceConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options).orThrow(),
        new ConnectorServices(JdkRegexCompiler.INSTANCE));
  }

  private static Source source(String stream, Object... more) {
    return source(options(stream, more));
  }

  private abstract static class Contract extends SourceConnectorContract {
    @Override
    protected SourceConnector connector() {
      return new RedisSourceConnector();
    }

    @Override
    protected Schema schema() {
      return SCHEMA;
    }

    static List<EventRecord> rows(long from, long to) {
      return LongStream.range(from, to).mapToObj(RedisSourceIT::row).toList();
    }

    @Override
    protected @Nullable Map<String, Object> emptyOptions() {
      return RedisSourceIT.options("nothing", "bounded", true);
    }
  }

  @Nested
  class OfFields extends Contract {
    @Override
    protected Map<String, Object> options() {
      return RedisSourceIT.options("first,second,nothing", "bounded", true);
    }

    @Override
    protected List<List<EventRecord>> expectedRows() {
      return List.of(rows(0, 9), List.of(row(20), row(20)), List.of());
    }

    @Override
    protected List<String> expectedBadCoordinates() {
      return List.of("first@1010-0");
    }

    @Override
    protected Map<String, Object> conflictingOptions() {
      return RedisSourceIT.options(
          "first",
          "uri",
          "redis://:secret@host",
          "startFrom",
          "id",
          "timeout",
          "0s",
          "user",
          "me",
          "pattern",
          "(?<a>.)");
    }
  }

  @Nested
  class OfPayloads extends Contract {
    @Override
    protected Map<String, Object> options() {
      return RedisSourceIT.options("messages", "bounded", true, "payload", "m");
    }

    @Override
    protected List<List<EventRecord>> expectedRows() {
      List<EventRecord> rows = new ArrayList<>(rows(0, 9));
      rows.add(row(20));
      return List.of(rows);
    }

    @Override
    protected List<String> expectedBadCoordinates() {
      return List.of("messages@1009-0", "messages@1010-0");
    }

    /** Of one batch, those that cannot be decoded are told before those without a payload. */
    @Override
    protected Map<String, Object> emptyOptions() {
      return RedisSourceIT.options("nothing", "bounded", true, "payload", "m");
    }
  }

  @Nested
  class Faults extends SourceFaultsContract {
    private String stream;

    @BeforeEach
    void newStream() {
      stream = TestStreams.newName();
    }

    @Override
    protected SourceConnector connector() {
      return new RedisSourceConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return RedisSourceIT.options(stream, "timeout", "5s");
    }

    @Override
    protected void publish(long fromId, long toId) {
      streams.addIds(stream, fromId, toId);
    }

    @Override
    protected void killServer() {
      streams.server.kill();
    }

    @Override
    protected void restartServer() {
      streams.server.restart();
    }

    @Override
    protected void pauseServer() {
      streams.server.pause();
    }

    @Override
    protected void resumeServer() {
      streams.server.resume();
    }

    @Override
    protected Map<String, Object> wrongPassword() {
      streams.with(
          redis ->
              redis.aclSetuser(
                  "guarded",
                  AclSetuserArgs.Builder.on().addPassword("right").allKeys().allCommands()));
      Map<String, Object> options = options();
      options.put("user", "guarded");
      options.put("password", "wrong");
      return options;
    }

    /** A key that is no stream: what is not there at all may come. */
    @Override
    protected Map<String, Object> missing() {
      streams.with(redis -> redis.set("text", "no stream"));
      return RedisSourceIT.options("text");
    }
  }

  /** Reads what comes. */
  private static final class Reading implements AutoCloseable {
    final SourceReader reader;
    final List<Long> ids = new ArrayList<>();
    final List<BadRecord> bad = new ArrayList<>();
    final Map<String, SplitPosition> ends = new HashMap<>();

    Reading(Source source, Map<String, SplitPosition> from) {
      reader = source.createReader(new ReaderContext("in", 0, 1, IDS, false, null, 100));
      source.discoverSplits().forEach(split -> reader.assign(split, from.get(split.id())));
    }

    Reading(Source source) {
      this(source, Map.of());
    }

    Reading untilRows(int count) {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (ids.size() + bad.size() < count) {
        assertThat(System.nanoTime()).as("%s", ids).isLessThan(deadline);
        poll();
      }
      return this;
    }

    Reading untilBegun(int splits) {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (ends.size() < splits) {
        assertThat(System.nanoTime()).as("%s", ends).isLessThan(deadline);
        poll();
      }
      return this;
    }

    void poll() {
      if (reader.poll(Duration.ofMillis(100)) instanceof Poll.Rows rows) {
        SourceReading.records(rows.batch()).forEach(r -> ids.add(r.getLong("id")));
        bad.addAll(rows.bad());
        ends.put(rows.split(), rows.end());
      }
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void starts_areWhereTheyAreAsked() {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 10);
    try (Reading latest = new Reading(source(stream, "startFrom", "latest"))) {
      latest.untilBegun(1);
      streams.addIds(stream, 10, 12);
      assertThat(latest.untilRows(2).ids).isEqualTo(ids(10, 12));
    }
    try (Reading byId = new Reading(source(stream, "startFrom", "id", "startId", "8-0"))) {
      assertThat(byId.untilRows(4).ids).isEqualTo(ids(8, 12));
    }
    try (Reading byTime =
        new Reading(
            source(stream),
            Map.of(
                stream,
                source(stream).seeking().at(new Source.Split(stream), Instant.ofEpochMilli(8))))) {
      assertThat(byTime.untilRows(5).ids).isEqualTo(ids(7, 12));
    }
  }

  @Test
  void entriesThatComeLater_areReadWhileNobodyLooks_alsoOfAStreamThatIsMadeThen() {
    String one = TestStreams.newName();
    String other = TestStreams.newName();
    try (Reading reading = new Reading(source(one + "," + other))) {
      reading.untilBegun(2);
      streams.addIds(other, 0, 5);
      reading.untilRows(5);
      streams.addIds(one, 5, 10);
      assertThat(reading.untilRows(10).ids).isEqualTo(ids(0, 10));
      assertThat(reading.reader.lag(one)).isZero();
      assertThat(reading.reader.lag("another")).isEqualTo(-1);
      reading.reader.holdSplits(Set.of(one));
      streams.addIds(one, 10, 15);
      for (int i = 0; i < 5; i++) {
        reading.poll();
      }
      assertThat(reading.ids).hasSize(10);
      reading.reader.holdSplits(Set.of());
      assertThat(reading.untilRows(15).ids).isEqualTo(ids(0, 15));
    }
  }

  @Test
  void lag_isWhatWasNotGiven() {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 500);
    try (Reading reading = new Reading(source(stream))) {
      assertThat(reading.reader.lag(stream)).isEqualTo(-1);
      reading.untilRows(100);
      assertThat(reading.reader.lag(stream)).isEqualTo(500L - reading.ids.size());
    }
  }

  @Test
  void entriesTrimmedBeforeTheyWereRead_areAFailure_orAreToldAndPassedOver() {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 20);
    Map<String, SplitPosition> ends;
    try (Reading reading = new Reading(source(stream))) {
      ends = reading.untilRows(20).ends;
    }
    // All that was read may go, and so may what is read before it is trimmed.
    streams.with(redis -> redis.xtrim(stream, XTrimArgs.Builder.maxlen(0)));
    streams.addIds(stream, 20, 50);
    try (Reading reading = new Reading(source(stream), ends)) {
      assertThat(reading.untilRows(30).ids).isEqualTo(ids(20, 50));
      streams.with(redis -> redis.xtrim(stream, XTrimArgs.Builder.maxlen(5)));
      streams.addIds(stream, 50, 51);
      assertThat(reading.untilRows(31).ids).isEqualTo(ids(20, 51));
    }
    assertThatThrownBy(
            () -> {
              try (Reading reading = new Reading(source(stream), ends)) {
                reading.untilRows(1);
              }
            })
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContainingAll("FLX-REDIS-0024", "about 25", "onLostEntries");
    try (Reading reading = new Reading(source(stream, "onLostEntries", "earliest"), ends)) {
      assertThat(reading.untilRows(6).ids).isEqualTo(ids(45, 51));
    }
    try (Reading reading = new Reading(source(stream, "onLostEntries", "latest"), ends)) {
      reading.untilBegun(1);
      streams.addIds(stream, 51, 52);
      assertThat(reading.untilRows(1).ids).last().isEqualTo(51L);
    }
  }

  @Test
  void entriesTrimmedWhileTheyAreRead_areNoticed() {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 300);
    try (Reading reading = new Reading(source(stream))) {
      reading.untilRows(100);
      int read = reading.ids.size();
      streams.with(redis -> redis.xtrim(stream, XTrimArgs.Builder.maxlen(1)));
      assertThatThrownBy(() -> reading.untilRows(300))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-REDIS-0024");
      // What was fetched before may come, nothing behind the gap does.
      assertThat(reading.ids).isEqualTo(ids(0, reading.ids.size()));
      assertThat(reading.ids.size()).isBetween(read, 299);
    }
  }

  @Test
  void readEntriesThatAreDeleted_areNotMissed() {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 10);
    Map<String, SplitPosition> ends;
    try (Reading reading = new Reading(source(stream))) {
      ends = reading.untilRows(10).ends;
    }
    streams.with(redis -> redis.xdel(stream, "3-0", "10-0"));
    streams.addIds(stream, 10, 12);
    try (Reading reading = new Reading(source(stream), ends)) {
      assertThat(reading.untilRows(2).ids).isEqualTo(ids(10, 12));
    }
  }

  @Test
  void streamThatIsMadeAnew_isAFailure_orBegunAnew() {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 20);
    Map<String, SplitPosition> ends;
    try (Reading reading = new Reading(source(stream))) {
      ends = reading.untilRows(20).ends;
    }
    streams.with(redis -> redis.del(stream));
    for (boolean isThere : List.of(false, true)) {
      assertThatThrownBy(
              () -> {
                try (Reading reading = new Reading(source(stream), ends)) {
                  reading.untilRows(1);
                }
              })
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-REDIS-0025");
      if (!isThere) {
        streams.addIds(stream, 0, 3);
      }
    }
    try (Reading reading = new Reading(source(stream, "onLostEntries", "earliest"), ends)) {
      assertThat(reading.untilRows(3).ids).isEqualTo(ids(0, 3));
    }
  }

  @Test
  void everyTypeOfAField_isReadFromItsText() {
    Schema all =
        Schema.builder()
            .field("l", DataType.LONG)
            .field("d", DataType.DOUBLE)
            .field("b", DataType.BOOLEAN)
            .field("n", DataType.decimal(10, 2))
            .field("s", DataType.STRING)
            .field("y", DataType.BYTES)
            .field("day", DataType.DATE)
            .field("at", DataType.TIMESTAMP_TZ)
            .field("j", DataType.NESTED)
            .build();
    String stream = TestStreams.newName();
    streams.add(
        stream,
        "5-1",
        "l",
        "-7",
        "d",
        "1.5",
        "b",
        "true",
        "n",
        "12.50",
        "s",
        "12",
        "y",
        "AP8=",
        "day",
        "2026-01-31",
        "at",
        "2026-01-31T10:00:00Z",
        "j",
        "{\"a\":[1]}");
    streams.add(stream, "5-2", "s", "");
    List<String> rows = new ArrayList<>();
    SourceReading.readAll(source(stream, "bounded", true), SourceReading.context(all, 10))
        .values()
        .forEach(
            content ->
                content
                    .rows()
                    .forEach(
                        row -> {
                          List<@Nullable Object> values = new ArrayList<>();
                          all.fieldNames()
                              .forEach(
                                  name -> {
                                    Object value = row.get(name);
                                    values.add(value instanceof byte[] b ? b.length : value);
                                  });
                          rows.add(values.toString());
                        }));
    assertThat(rows)
        .containsExactly(
            "[-7, 1.5, true, 12.50, 12, 2, 2026-01-31, 2026-01-31T10:00:00Z, {a=[1]}]",
            "[null, null, null, null, , null, null, null, null]");
  }

  @Test
  void idStreamAndOtherFields_areWhereTheDocumentationSays() {
    Schema wanted =
        Schema.builder()
            .field("id", DataType.LONG)
            .field("entry", DataType.STRING)
            .field("of", DataType.STRING)
            .field("at", DataType.TIMESTAMP_TZ)
            .field("trace", DataType.STRING)
            .build();
    Source source =
        source(
            "messages",
            "bounded",
            true,
            "payload",
            "m",
            "schema",
            Map.of("id", "long"),
            "metadata",
            Map.of("entry", "id", "of", "stream", "at", "timestamp", "trace", "header:trace"));
    assertThat(source.schema().fieldNames()).contains("entry", "of", "at", "trace");
    List<EventRecord> rows =
        SourceReading.readAll(source, SourceReading.context(wanted, 100)).get("messages").rows();
    EventRecord last = rows.get(rows.size() - 1);
    assertThat(last.get("entry")).isEqualTo("1020-0");
    assertThat(last.get("of")).isEqualTo("messages");
    assertThat(last.get("at")).isEqualTo(Instant.ofEpochMilli(1020));
    assertThat(last.get("trace")).isEqualTo("t-1");
    assertThat(rows.get(0).get("trace")).isNull();
  }

  @Test
  void hugeEntries_areFetchedAFewAtATime() {
    String stream = TestStreams.newName();
    String huge = "😀".repeat(1_000_000);
    for (int id = 0; id < 12; id++) {
      streams.add(stream, id + 1 + "-0", "id", Integer.toString(id), "huge", huge);
    }
    Schema wanted = IDS.with(new Field("huge", DataType.STRING));
    List<EventRecord> rows =
        SourceReading.readAll(source(stream, "bounded", true), SourceReading.context(wanted, 2048))
            .get(stream)
            .rows();
    assertThat(rows).hasSize(12).allMatch(row -> huge.equals(row.get("huge")));
    streams.with(redis -> redis.del(stream));
  }

  @Test
  void fieldThatIsNotUtf8_isABadRecord_andItsNeighboursAreNot() {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 1);
    streams.with(
        redis ->
            redis.eval(
                "return redis.call('xadd', KEYS[1], '2-0', 'id', '\\195')",
                ScriptOutputType.STATUS,
                stream));
    streams.addIds(stream, 2, 3);
    try (Reading reading = new Reading(source(stream))) {
      reading.untilRows(3);
      assertThat(reading.ids).containsExactly(0L, 2L);
      assertThat(reading.bad)
          .singleElement()
          .satisfies(b -> assertThat(b.coordinates()).endsWith("@2-0"));
    }
  }

  @Test
  void boundedReading_endsWithWhatWasThere_alsoFromAPosition() {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 200);
    Source source = source(stream, "bounded", true);
    SplitPosition amid;
    try (Reading reading = new Reading(source)) {
      amid = reading.untilRows(1).ends.get(stream);
    }
    streams.addIds(stream, 200, 300);
    List<Long> rest = new ArrayList<>();
    SourceReading.readFrom(source, SourceReading.context(IDS, 50), new Source.Split(stream), amid)
        .rows()
        .forEach(row -> rest.add(row.getLong("id")));
    assertThat(rest).isNotEmpty().last().isEqualTo(199L);
  }

  @Test
  void passwordFile_isReadAgain_andAUserWithoutTheRight_isRefused(@TempDir Path folder)
      throws Exception {
    String stream = TestStreams.newName();
    streams.addIds(stream, 0, 3);
    streams.with(
        redis -> {
          redis.aclSetuser(
              "reader",
              AclSetuserArgs.Builder.on().addPassword("pässword").keyPattern(stream).allCommands());
        });
    Path file = Files.writeString(folder.resolve("password"), "pässword\n");
    Object[] access = {"user", "reader", "passwordFile", file.toString()};
    source(stream, access).check();
    try (Reading reading = new Reading(source(stream, access))) {
      assertThat(reading.untilRows(3).ids).isEqualTo(ids(0, 3));
    }
    assertThatThrownBy(source("first", access)::check)
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER))
        .hasMessageContaining("FLX-REDIS-0021")
        .hasMessageNotContaining("pässword");
  }

  @Test
  void recordThatIsMended_isDecodedAgain() {
    try (SourceReader reader = source("first").createReader(SourceReading.context(SCHEMA, 10))) {
      SourceReader.Decoded decoded =
          reader.decode("first", "{\"id\":\"9\",\"name\":\"x\"}".getBytes(StandardCharsets.UTF_8));
      assertThat(SourceReading.records(decoded.batch())).hasSize(1);
      assertThat(decoded.batch().column(0).get(0)).isEqualTo(9L);
    }
  }
}
