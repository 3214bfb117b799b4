package io.fluxcore.adapters.in.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.MessageProperties;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of the server and of messages; with a spool unless a test says otherwise. */
final class RabbitMqFaultsIT extends SourceFaultsContract {
  private static RabbitMqServer server;
  private static int tests;

  @TempDir private Path directory;
  private String name;
  private TestQueue queue;

  @BeforeAll
  static void start() {
    server = RabbitMqServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void makeQueue() {
    name = "faults-" + tests++;
    queue = new TestQueue(server, name);
    queue.declareEmpty();
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
    options.put("spool", directory.resolve("spool").toString());
    return options;
  }

  private Map<String, Object> withCheckpoints() {
    Map<String, Object> options = options();
    options.remove("spool");
    options.put("acknowledge", "checkpoint");
    return options;
  }

  private static AMQP.BasicProperties id(String id) {
    return MessageProperties.PERSISTENT_BASIC.builder().messageId(id).build();
  }

  private static byte[] json(long id) {
    return ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void publish(long fromId, long toId) {
    queue.with(
        channel -> {
          for (long id = fromId; id < toId; id++) {
            channel.basicPublish("", name, id("m" + id), json(id));
          }
          return true;
        });
  }

  @Override
  protected void killServer() {
    server.kill();
  }

  @Override
  protected void restartServer() {
    server.restart();
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
    Map<String, Object> options = options();
    options.put("user", "guest");
    options.put("password", "wrong");
    return options;
  }

  @Override
  protected Map<String, Object> missing() {
    Map<String, Object> options = options();
    options.put("queue", "no-such-queue");
    return options;
  }

  @Test
  void virtualHostThatIsMissing_andQueueOfOtherProperties_areTold() {
    Map<String, Object> options = options();
    options.put("virtualHost", "nowhere");
    assertFailsSoon(options);
    Map<String, Object> declared = options();
    declared.put("declare", true);
    declared.put("durable", false);
    assertFailsSoon(declared);
  }

  @Test
  void queueThatIsDeclared_isMade() {
    queue.delete();
    Map<String, Object> options = options();
    options.put("declare", true);
    options.put("arguments", Map.of("x-max-length", 1000));
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!isThere() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      publish(0, 3);
      read(reader, 3, found);
    }
    assertThat(found).containsExactly(0L, 1L, 2L);
  }

  private boolean isThere() {
    try {
      queue.ready();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  void queueThatIsDeleted_endsTheSource() {
    try (SourceReader reader = reader(options(), null)) {
      publish(0, 1);
      read(reader, 1, new ArrayList<>());
      queue.delete();
      assertFailsSoon(reader);
    }
  }

  @Test
  void whatComesWithAMessage_isBesideItsFields() {
    queue.publish(
        new AMQP.BasicProperties.Builder()
            .messageId("id-1")
            .correlationId("c-1")
            .timestamp(new Date(1_700_000_000_000L))
            .type("reading")
            .headers(Map.of("site", "ünï 😀", "n", 7, "deep", List.of(1, 2)))
            .build(),
        json(1));
    try (SourceReader reader = reader(options(), null)) {
      EventRecord row = first(reader);
      assertThat(row.getLong("id")).isEqualTo(1);
      assertThat(row.timestamp()).isEqualTo(1_700_000_000_000L);
      assertThat(row.key()).isEqualTo(name);
      assertThat(row.id()).isEqualTo("id-1");
      assertThat(row.headers())
          .containsEntry("site", "ünï 😀")
          .containsEntry("n", "7")
          .containsEntry("message-id", "id-1")
          .containsEntry("correlation-id", "c-1")
          .containsEntry("type", "reading");
    }
  }

  private static EventRecord first(SourceReader reader) {
    while (true) {
      if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows && rows.batch().size() > 0) {
        return SourceReading.records(rows.batch()).get(0);
      }
    }
  }

  @Test
  void messages_areAcknowledgedWhenTheyAreInTheSpool_andOutliveTheServer() throws Exception {
    publish(0, 100);
    try (SourceReader reader = reader(options(), null)) {
      read(reader, 100, new ArrayList<>());
    }
    assertThat(queue.ready()).isZero();
    List<Long> again = new ArrayList<>();
    try (SourceReader reader = reader(options(), null)) {
      read(reader, 100, again);
    }
    assertThat(again).isEqualTo(ids(0, 100));
  }

  @Test
  void messagesThatComeTwice_areLeftOut_overARestart_andCounted() {
    List<Long> found = new ArrayList<>();
    SplitPosition end;
    try (SourceReader reader = reader(options(), null)) {
      publish(0, 50);
      publish(0, 50);
      end = read(reader, 50, found);
      reader.checkpointStarted(1);
      reader.checkpointCompleted(1);
    }
    int filtered = 0;
    try (SourceReader reader = reader(options(), end)) {
      publish(25, 75);
      while (found.size() < 75 || filtered < 25) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
          filtered += rows.filtered();
          SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
        }
      }
      assertNoMore(reader, Duration.ofMillis(200));
    }
    assertThat(found).isEqualTo(ids(0, 75));
  }

  @Test
  void hugeEmptyAndPoisonousMessages_areReadOrBad() {
    String huge = "{\"id\":1,\"text\":\"" + "é".repeat(3_000_000) + "\"}";
    queue.publish(id("a"), huge.getBytes(StandardCharsets.UTF_8));
    queue.publish(id("b"), new byte[0]);
    queue.publish(id("c"), "nonsense".getBytes(StandardCharsets.UTF_8));
    queue.publish(id("😀"), json(2));
    List<Long> found = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    try (SourceReader reader = reader(options(), null)) {
      while (found.size() < 2) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
          bad.addAll(rows.bad());
          SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
        }
      }
    }
    assertThat(found).containsExactly(1L, 2L);
    assertThat(bad.stream().map(BadRecord::coordinates).toList())
        .containsExactly(name + "@1", name + "@2");
  }

  @Test
  void fullSpool_leavesMessagesAtTheServer_untilThereIsRoom() throws Exception {
    Map<String, Object> options = options();
    options.put("spoolBytes", "64kb");
    options.put("spoolSegmentBytes", "8kb");
    options.put("prefetch", 100);
    byte[] padding =
        ("{\"id\":7,\"text\":\"" + "x".repeat(1_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    queue.with(
        channel -> {
          for (int i = 0; i < 1_000; i++) {
            channel.basicPublish("", name, MessageProperties.PERSISTENT_BASIC, padding);
          }
          return true;
        });
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      read(reader, 30, found);
      assertThat(queue.ready()).isBetween(700L, 960L);
      for (long checkpoint = 1; found.size() < 1_000; checkpoint++) {
        reader.checkpointStarted(checkpoint);
        reader.checkpointCompleted(checkpoint);
        read(reader, found.size() + 1, found);
      }
    }
    assertThat(found).hasSize(1_000);
    assertThat(queue.ready()).isZero();
  }

  @Test
  void messageThatIsLargerThanTheSpool_endsTheSource_andStaysAtTheServer() throws Exception {
    Map<String, Object> options = options();
    options.put("spoolBytes", "64kb");
    options.put("spoolSegmentBytes", "8kb");
    queue.publish(id("large"), new byte[70_000]);
    assertFailsSoon(options);
    awaitTrue(() -> queue.ready() == 1);
  }

  @Test
  void guarantee_isWhatCanBeKept() {
    assertThat(source(options()).guarantee()).isNull();
    assertThat(source(withCheckpoints()).guarantee()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
    Map<String, Object> required = withCheckpoints();
    required.put("requireId", true);
    assertThat(source(required).guarantee()).isNull();
    assertThat(source(required).isReplayable()).isTrue();
  }

  @Test
  void withCheckpoints_messagesStayAtTheServerUntilOneIsComplete() throws Exception {
    Map<String, Object> options = withCheckpoints();
    options.put("prefetch", 40);
    publish(0, 100);
    List<Long> found = new ArrayList<>();
    SplitPosition position;
    try (SourceReader reader = reader(options, null)) {
      read(reader, 40, found);
      assertNoMore(reader, Duration.ofMillis(200));
      reader.checkpointStarted(1);
      reader.checkpointCompleted(1);
      position = read(reader, 80, found);
      assertNoMore(reader, Duration.ofMillis(200));
    }
    awaitTrue(() -> queue.ready() == 60);
    assertThat(position).isNotNull();
    assertThat(found).isEqualTo(ids(0, 80));
  }

  /** The state of the job holds what came before the position, and the server gives it again. */
  @Test
  void withCheckpoints_whatTheServerGivesAgain_isKnownByItsId() throws Exception {
    Map<String, Object> options = withCheckpoints();
    publish(0, 100);
    List<Long> found = new ArrayList<>();
    SplitPosition position;
    try (SourceReader reader = reader(options, null)) {
      position = read(reader, 100, found);
      reader.checkpointStarted(1);
      // It was completed, but the process ends before anything is acknowledged.
    }
    awaitTrue(() -> queue.ready() == 100);
    publish(100, 120);
    try (SourceReader reader = reader(options, position)) {
      SplitPosition later = read(reader, 120, found);
      assertNoMore(reader, Duration.ofMillis(200));
      assertThat(later).isNotNull();
      reader.checkpointStarted(2);
      reader.checkpointCompleted(2);
      int next = 120;
      while (later.text().contains(" m119")) {
        assertThat(next).as("messages until the server has confirmed").isLessThan(10_000);
        publish(next, next + 1);
        later = read(reader, ++next, found);
        assertThat(later).isNotNull();
      }
      assertThat(later.text()).as("only what was not acknowledged").contains(" m" + (next - 1));
    }
    assertThat(found).isEqualTo(ids(0, found.size()));
  }

  @Test
  void withCheckpoints_aLostConnection_givesNothingTwice() throws Exception {
    Map<String, Object> options = withCheckpoints();
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      publish(0, 300);
      read(reader, 150, found);
      reader.checkpointStarted(1);
      server.kill();
      reader.checkpointCompleted(1);
      server.restart();
      publish(300, 400);
      read(reader, 400, found);
      assertNoMore(reader, Duration.ofMillis(300));
      reader.checkpointStarted(2);
      reader.checkpointCompleted(2);
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(ids(0, 400));
    assertThat(queue.ready()).isZero();
  }

  @Test
  void withRequiredIds_aMessageWithoutOne_isBad() {
    Map<String, Object> options = withCheckpoints();
    options.put("requireId", true);
    options.put("idFrom", "correlation-id");
    queue.publish(id("not this one"), json(1));
    queue.publish(new AMQP.BasicProperties.Builder().correlationId("c").build(), json(2));
    try (SourceReader reader = reader(options, null)) {
      List<BadRecord> bad = new ArrayList<>();
      int rows = 0;
      while (rows + bad.size() < 2) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows some) {
          EventBatch batch = some.batch();
          rows += batch.size();
          bad.addAll(some.bad());
        }
      }
      assertThat(bad.stream().map(BadRecord::code).toList()).containsExactly("FLX-BACKLOG-0004");
    }
  }

  @Test
  void positionOfTheOtherSetting_isRefused() {
    assertThatThrownBy(() -> reader(options(), new SplitPosition("read a b")))
        .hasMessageContaining("FLX-BACKLOG-0005");
    assertThatThrownBy(() -> reader(withCheckpoints(), new SplitPosition("event 7")))
        .hasMessageContaining("FLX-BACKLOG-0005");
  }
}
