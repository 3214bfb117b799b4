package io.fluxcore.adapters.in.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of the server and of streams, and where reading begins. */
final class RabbitMqStreamFaultsIT extends SourceFaultsContract {
  private static RabbitMqServer server;
  private static int tests;

  private String name;
  private TestStream stream;
  private boolean isFilled;

  @BeforeAll
  static void start() {
    server = RabbitMqServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void makeStream() {
    name = "stream-" + tests++;
    stream = new TestStream(server, name).declare(Map.of());
  }

  @Override
  protected SourceConnector connector() {
    return new RabbitMqSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("host", "127.0.0.1");
    options.put("port", server.port());
    options.put("queue", name);
    options.put("stream", true);
    return options;
  }

  private Map<String, Object> options(Object... more) {
    Map<String, Object> options = options();
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  @Override
  protected void publish(long fromId, long toId) {
    stream.publish(fromId, toId);
    isFilled = true;
  }

  @Override
  protected void killServer() {
    server.kill();
  }

  @Override
  protected void restartServer() {
    server.restart();
    if (isFilled) {
      stream.awaitServed();
    }
  }

  @Override
  protected void pauseServer() {
    server.pause();
  }

  @Override
  protected void resumeServer() {
    server.resume();
  }

  @Override
  protected Map<String, Object> wrongPassword() {
    return options("user", "guest", "password", "wrong");
  }

  @Override
  protected Map<String, Object> missing() {
    return options("queue", "no-such-stream");
  }

  private static SplitPosition position(String text) {
    return new SplitPosition(text);
  }

  /** Where the host is told that reading begins. */
  private static SplitPosition begin(SourceReader reader) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline) {
      if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
        assertThat(rows.batch().size()).isZero();
        return rows.end();
      }
    }
    throw new AssertionError("it does not begin");
  }

  @Test
  void source_isExactlyOnce_andCanBeReplayed() {
    assertThat(source(options()).guarantee()).isNull();
    assertThat(source(options()).isReplayable()).isTrue();
    assertThat(source(options()).isBounded()).isFalse();
    source(options()).check();
  }

  @Test
  void readersThatAreClosedAmid_goOnWhereTheyWere_alsoAfterTheServerWasKilled() {
    publish(0, 500);
    Map<SplitPosition, Integer> stops = new LinkedHashMap<>();
    List<Long> found = new ArrayList<>();
    SplitPosition end = null;
    while (found.size() < 500) {
      try (SourceReader reader = reader(options(), end)) {
        end = read(reader, found.size() + 1, found);
      }
      stops.put(end, found.size());
      if (stops.size() == 2) {
        server.kill();
        restartServer();
      }
    }
    assertThat(found).isEqualTo(ids(0, 500));
    assertThat(stops).hasSizeGreaterThanOrEqualTo(5);
    stops.forEach(
        (stop, rows) -> {
          List<Long> rest = new ArrayList<>();
          try (SourceReader reader = reader(options(), stop)) {
            read(reader, 500 - rows, rest);
            assertNoMore(reader, Duration.ofMillis(100));
          }
          assertThat(rest).as("from %s", stop).isEqualTo(ids(rows, 500));
        });
  }

  @Test
  void starts_areWhereTheyAreAsked() throws Exception {
    publish(0, 10);
    try (SourceReader latest = reader(options("startFrom", "latest"), null)) {
      assertThat(begin(latest)).isEqualTo(position("offset 10"));
      publish(10, 12);
      List<Long> found = new ArrayList<>();
      read(latest, 2, found);
      assertThat(found).isEqualTo(ids(10, 12));
    }
    try (SourceReader byOffset = reader(options("startFrom", "offset", "startOffset", 8), null)) {
      assertThat(begin(byOffset)).isEqualTo(position("offset 8"));
      List<Long> found = new ArrayList<>();
      read(byOffset, 4, found);
      assertThat(found).isEqualTo(ids(8, 12));
    }
    TimeUnit.MILLISECONDS.sleep(2_500);
    Instant now = Instant.now();
    TimeUnit.MILLISECONDS.sleep(1_100);
    publish(12, 14);
    Map<String, Object> later = options("startFrom", "timestamp", "startTimestamp", now.toString());
    for (SplitPosition from : new SplitPosition[] {null, position("timestamp " + now)}) {
      try (SourceReader byTime = reader(later, from)) {
        List<Long> found = new ArrayList<>();
        read(byTime, 2, found);
        assertNoMore(byTime, Duration.ofMillis(100));
        assertThat(found).isEqualTo(ids(12, 14));
      }
    }
  }

  /** Otherwise what comes before the first message is read would be lost with a checkpoint. */
  @Test
  void latest_isAPositionBeforeTheFirstMessageComes() {
    Map<String, Object> latest = options("startFrom", "latest");
    SplitPosition empty;
    try (SourceReader reader = reader(latest, null)) {
      empty = begin(reader);
      assertNoMore(reader, Duration.ofMillis(100));
    }
    publish(0, 3);
    try (SourceReader reader = reader(latest, empty)) {
      List<Long> found = new ArrayList<>();
      read(reader, 3, found);
      assertThat(found).isEqualTo(ids(0, 3));
    }
    SplitPosition filled;
    try (SourceReader reader = reader(latest, null)) {
      filled = begin(reader);
    }
    publish(3, 5);
    try (SourceReader reader = reader(latest, filled)) {
      List<Long> found = new ArrayList<>();
      read(reader, 2, found);
      assertThat(found).isEqualTo(ids(3, 5));
    }
  }

  @Test
  void offsetAndProperties_areBesideTheFields() {
    publish(0, 3);
    Map<String, Object> options = options("metadata", Map.of("at", "offset"));
    Schema wanted = Schema.builder().field("id", DataType.LONG).field("at", DataType.LONG).build();
    List<EventRecord> rows = new ArrayList<>();
    try (SourceReader reader = source(options).createReader(SourceReading.context(wanted, 100))) {
      reader.assign(source(options).discoverSplits().get(0), position("1"));
      while (rows.size() < 2) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows some) {
          rows.addAll(SourceReading.records(some.batch()));
        }
      }
    }
    assertThat(rows.stream().map(row -> row.getLong("at")).toList()).containsExactly(1L, 2L);
    EventRecord last = rows.get(1);
    assertThat(last.timestamp()).isEqualTo(2_000);
    assertThat(last.key()).isEqualTo(name);
    assertThat(last.id()).isEqualTo("m2");
  }

  @Test
  void slowReader_getsEverything() throws Exception {
    publish(0, 3_000);
    for (int prefetch : new int[] {1, 100}) {
      List<Long> found = new ArrayList<>();
      try (SourceReader reader = reader(options("prefetch", prefetch), null)) {
        while (found.size() < 2_000) {
          TimeUnit.MILLISECONDS.sleep(20);
          read(reader, found.size() + 1, found);
        }
        read(reader, 3_000, found);
        assertNoMore(reader, Duration.ofMillis(100));
      }
      assertThat(found).isEqualTo(ids(0, 3_000));
    }
  }

  private TestStream shortStream() {
    name = "short-" + tests++;
    stream = new TestStream(server, name).declare(TestStream.SHORT);
    return stream;
  }

  /** Publishes until the oldest message is another one than before; gives the next id. */
  private long publishUntilTrimmed(long from) throws Exception {
    long next = from;
    long oldest = stream.first();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (stream.first() <= Math.max(oldest, from)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      stream.publish(next, next + 100, "x".repeat(200));
      next += 100;
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return next;
  }

  @Test
  void messagesThatWereReadAndDeleted_areNotMissed() throws Exception {
    shortStream();
    List<Long> found = new ArrayList<>();
    publish(0, 20);
    try (SourceReader reader = reader(options(), null)) {
      long next = 20;
      read(reader, 20, found);
      while (stream.first() == 0) {
        stream.publish(next, next + 50, "x".repeat(200));
        next += 50;
        read(reader, (int) next, found);
      }
      assertThat(found).isEqualTo(ids(0, next));
    }
  }

  @Test
  void messagesDeletedBeforeTheyWereRead_areAFailure_orAreToldAndPassedOver() throws Exception {
    shortStream();
    publish(0, 20);
    SplitPosition end;
    try (SourceReader reader = reader(options(), null)) {
      end = read(reader, 20, new ArrayList<>());
    }
    long next = publishUntilTrimmed(20);
    long first = stream.first();
    assertThat(first).isGreaterThan(20);
    assertFailsWith(options(), end, "FLX-RABBITMQ-0012", "about " + (first - 20), "onLostOffsets");
    try (SourceReader reader = reader(options("onLostOffsets", "earliest"), end)) {
      List<Long> found = new ArrayList<>();
      while (!found.contains(next - 1)) {
        read(reader, found.size() + 1, found);
      }
      assertThat(found.get(0)).isGreaterThan(20).isLessThanOrEqualTo(first);
      assertThat(found).isEqualTo(ids(found.get(0), next));
    }
    try (SourceReader reader = reader(options("onLostOffsets", "latest"), end)) {
      assertThat(begin(reader)).isEqualTo(end);
      assertThat(begin(reader).text()).startsWith("offset ");
      stream.publish(next, next + 1);
      List<Long> found = new ArrayList<>();
      read(reader, 1, found);
      assertThat(found).isEqualTo(ids(next, next + 1));
    }
  }

  private void assertFailsWith(Map<String, Object> options, SplitPosition from, String... words) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    assertThatThrownBy(
            () -> {
              try (SourceReader reader = reader(options, from)) {
                while (System.nanoTime() < deadline) {
                  if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
                    assertThat(rows.batch().size()).isZero();
                  }
                }
              }
            })
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void messagesDeletedWhileTheyAreRead_areNoticed() throws Exception {
    shortStream();
    stream.publish(0, 60, "x".repeat(200)); // less than a file of it
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options("prefetch", 10), null)) {
      read(reader, 1, found);
      long begun = found.get(0);
      publishUntilTrimmed(60);
      assertThatThrownBy(() -> read(reader, 100_000, found))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-RABBITMQ-0012");
      assertThat(found).isEqualTo(ids(begun, begun + found.size()));
    }
  }

  @Test
  void streamThatIsMadeAnew_isAFailure_orBegunAnew() {
    publish(0, 20);
    SplitPosition end;
    try (SourceReader reader = reader(options(), null)) {
      end = read(reader, 20, new ArrayList<>());
    }
    stream.delete();
    stream = new TestStream(server, name).declare(Map.of());
    publish(0, 3);
    assertFailsWith(options(), end, "FLX-RABBITMQ-0013", "no message 19", "last one is 2");
    try (SourceReader reader = reader(options("onLostOffsets", "earliest"), end)) {
      List<Long> found = new ArrayList<>();
      read(reader, 3, found);
      assertThat(found).isEqualTo(ids(0, 3));
    }
    try (SourceReader reader = reader(options("onLostOffsets", "latest"), end)) {
      assertThat(begin(reader)).isEqualTo(end);
      assertThat(begin(reader)).isEqualTo(position("offset 3"));
    }
  }

  @Test
  void streamThatIsDeleted_endsTheSource() {
    try (SourceReader reader = reader(options(), null)) {
      publish(0, 1);
      read(reader, 1, new ArrayList<>());
      stream.delete();
      assertFailsSoon(reader);
    }
  }

  @Test
  void streamThatIsDeclared_isMade() throws Exception {
    name = "declared";
    Map<String, Object> options = options("declare", true, "arguments", Map.of("x-max-age", "1h"));
    stream = new TestStream(server, name);
    try (SourceReader reader = reader(options, null)) {
      begin(reader);
      stream.publishWhenMade(0, 3);
      List<Long> found = new ArrayList<>();
      read(reader, 3, found);
      assertThat(found).isEqualTo(ids(0, 3));
    }
    source(options()).check();
  }

  @Test
  void queueAsAStream_andStreamAsAQueue_areToldAtSubmission_andByReaders(@TempDir Path directory) {
    new TestQueue(server, "classic").declareEmpty();
    Map<String, Object> classic = options("queue", "classic");
    assertThatThrownBy(source(classic)::check)
        .hasMessageContainingAll("FLX-RABBITMQ-0011", "'classic' is a queue, but no stream");
    assertFailsWith(classic, null, "FLX-RABBITMQ-0011", "x-stream-offset");
    Map<String, Object> asQueue = options("spool", directory.resolve("spool").toString());
    asQueue.remove("stream");
    assertThatThrownBy(source(asQueue)::check)
        .hasMessageContainingAll("FLX-RABBITMQ-0011", name, "set stream: true");
    assertFailsWith(asQueue, null, "FLX-RABBITMQ-0011", name, "set stream: true");
  }

  @Test
  void quorumQueue_isReadAsAQueue(@TempDir Path directory) {
    name = "quorum";
    TestQueue queue = new TestQueue(server, name);
    queue.with(
        channel ->
            channel.queueDeclare(name, true, false, false, Map.of("x-queue-type", "quorum")));
    Map<String, Object> options = options("spool", directory.resolve("spool").toString());
    options.remove("stream");
    source(options).check();
    new TestStream(server, name).publish(0, 3);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      read(reader, 3, found);
    }
    assertThat(found).isEqualTo(ids(0, 3));
  }

  @Test
  void positionOfAQueue_isRefused() {
    assertThatThrownBy(() -> reader(options(), position("event 7")))
        .hasMessageContainingAll("FLX-RABBITMQ-0014", "event 7");
  }

  @Test
  void optionsOfTheOtherKind_areAllRefused() {
    assertThatThrownBy(
            () ->
                source(options("spool", "/tmp/x", "acknowledge", "checkpoint", "requireId", true)))
        .hasMessageContainingAll("spool", "acknowledge", "requireId");
    Map<String, Object> queue =
        options(
            "startFrom",
            "latest",
            "onLostOffsets",
            "latest",
            "acknowledge",
            "checkpoint",
            "declare",
            true,
            "arguments",
            Map.of("x-queue-type", "stream"));
    queue.remove("stream");
    assertThatThrownBy(() -> source(queue))
        .hasMessageContainingAll("startFrom", "onLostOffsets", "arguments");
    assertThatThrownBy(
            () ->
                source(
                    Map.of(
                        "queue",
                        "q",
                        "acknowledge",
                        "checkpoint",
                        "metadata",
                        Map.of("at", "offset"))))
        .hasMessageContaining("'at' cannot be made of 'offset'");
  }
}
