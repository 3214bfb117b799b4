package io.fluxcore.adapters.in.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.kit.MosquittoServer;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults of the broker and of messages; with a spool unless a test says otherwise. */
final class MqttFaultsIT extends SourceFaultsContract {
  private static MosquittoServer server;
  private static int tests;

  @TempDir private Path directory;
  private final String name = "faults-" + tests++;

  @BeforeAll
  static void start() {
    server = MosquittoServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @AfterEach
  void forgetSession() {
    TestTopic.forget(server, List.of(name));
  }

  @Override
  protected SourceConnector connector() {
    return new MqttSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.uri());
    options.put("clientId", name);
    options.put("topic", name + "/#");
    options.put("idProperty", "id");
    options.put("spool", directory.resolve("spool").toString());
    return options;
  }

  private Map<String, Object> withCheckpoints() {
    Map<String, Object> options = options();
    options.remove("spool");
    options.put("acknowledge", "checkpoint");
    return options;
  }

  /** Once the source has subscribed, so that the broker keeps what is published. */
  private void subscribed(SourceReader reader) {
    List<Long> found = new ArrayList<>();
    while (found.isEmpty()) {
      TestTopic.publish(server, name + "/first", -1, 0);
      if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
        SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
      }
    }
  }

  @Override
  protected SourceReader started(Map<String, Object> options) {
    SourceReader reader = reader(options, null);
    subscribed(reader);
    return reader;
  }

  @Override
  protected void publish(long fromId, long toId) {
    TestTopic.publish(server, name + "/ü", fromId, toId);
  }

  @Override
  protected void killServer() {
    server.stop();
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
    options.put("user", MosquittoServer.USER);
    options.put("password", "wrong");
    return options;
  }

  /** Any topic is there. */
  @Override
  protected Map<String, Object> missing() {
    return null;
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "5, 1", "5, 2", "3.1.1, 0", "3.1.1, 1", "3.1.1, 2"})
  void everyVersionAndQuality_givesAllMessagesOnce(String version, int qos) {
    Map<String, Object> options = options();
    if (!version.equals("5")) {
      options.remove("idProperty");
    }
    options.put("version", version);
    options.put("qos", qos);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      subscribed(reader);
      TestTopic.with(
          server,
          client -> {
            for (int id = 0; id < 200; id++) {
              client.publish(
                  Mqtt5Publish.builder()
                      .topic(name + "/x")
                      .payload(("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8))
                      .qos(MqttQos.EXACTLY_ONCE)
                      .build());
            }
          });
      readNew(reader, 200, found);
    }
    assertThat(found).isEqualTo(ids(0, 200));
  }

  /** Without those by which it is found out whether the source has subscribed. */
  private static SplitPosition readNew(SourceReader reader, int rows, List<Long> found) {
    SplitPosition end = null;
    while (found.size() < rows) {
      List<Long> some = new ArrayList<>();
      SplitPosition next = read(reader, 1, some);
      end = next == null ? end : next;
      some.stream().filter(id -> id >= 0).forEach(found::add);
    }
    return end;
  }

  @Test
  void topicAndProperties_areBesideTheFields() {
    try (SourceReader reader = started(options())) {
      TestTopic.with(
          server, client -> client.publish(TestTopic.message(name + "/höhe", "{\"id\":1}", "😀")));
      EventRecord row = next(reader);
      assertThat(row.getLong("id")).isEqualTo(1);
      assertThat(row.key()).isEqualTo(name + "/höhe");
      assertThat(row.id()).isEqualTo("😀");
      assertThat(row.headers()).containsEntry("id", "😀").doesNotContainKey("retained");
    }
  }

  private static EventRecord next(SourceReader reader) {
    while (true) {
      if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
        for (EventRecord row : SourceReading.records(rows.batch())) {
          if (row.getLong("id") >= 0) {
            return row;
          }
        }
      }
    }
  }

  @Test
  void retainedMessage_isGiven_andSaysSo() {
    TestTopic.with(
        server,
        client ->
            client.publish(
                Mqtt5Publish.builder()
                    .topic(name + "/kept")
                    .payload("{\"id\":5}".getBytes(StandardCharsets.UTF_8))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(true)
                    .build()));
    try (SourceReader reader = reader(options(), null)) {
      EventRecord row = next(reader);
      assertThat(row.getLong("id")).isEqualTo(5);
      assertThat(row.headers()).containsEntry("retained", "true");
    }
  }

  @Test
  void sharedSubscription_dividesTheMessages() {
    Map<String, Object> first = options();
    first.put("topic", List.of("$share/g/" + name + "/#"));
    Map<String, Object> second = new HashMap<>(first);
    second.put("clientId", name + "-b");
    second.put("spool", directory.resolve("b").toString());
    List<Long> found = new ArrayList<>();
    int[] of = new int[2];
    try (SourceReader a = reader(first, null);
        SourceReader b = reader(second, null)) {
      subscribed(a);
      subscribed(b);
      publish(0, 100);
      while (found.size() < 100) {
        for (int i = 0; i < 2; i++) {
          if ((i == 0 ? a : b).poll(Duration.ofMillis(20)) instanceof Poll.Rows rows) {
            for (EventRecord row : SourceReading.records(rows.batch())) {
              if (row.getLong("id") >= 0) {
                found.add(row.getLong("id"));
                of[i]++;
              }
            }
          }
        }
      }
    } finally {
      TestTopic.forget(server, List.of(name + "-b"));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(ids(0, 100));
    assertThat(of[0]).isPositive();
    assertThat(of[1]).isPositive();
  }

  @Test
  void messagesOfAnAbsence_areGivenAfterwards_andThoseThatComeTwiceAreLeftOut() {
    List<Long> found = new ArrayList<>();
    SplitPosition end;
    try (SourceReader reader = started(options())) {
      publish(0, 20);
      end = readNew(reader, 20, found);
    }
    publish(10, 50);
    try (SourceReader reader = reader(options(), end)) {
      readNew(reader, 50, found);
      assertNoMore(reader, Duration.ofMillis(200));
    }
    assertThat(found).isEqualTo(ids(0, 50));
  }

  @Test
  void withCheckpoints_messagesAreAcknowledgedWhenOneIsComplete() {
    List<Long> found = new ArrayList<>();
    SplitPosition end;
    try (SourceReader reader = reader(withCheckpoints(), null)) {
      subscribed(reader);
      reader.checkpointStarted(1);
      reader.checkpointCompleted(1);
      publish(0, 50);
      // Mosquitto gives no more than twenty without acknowledgement.
      readNew(reader, 10, found);
      while (found.size() < 50) {
        reader.checkpointStarted(2 + found.size());
        reader.checkpointCompleted(2 + found.size());
        readNew(reader, found.size() + 1, found);
      }
      reader.checkpointStarted(100);
      reader.checkpointCompleted(100);
      publish(50, 60);
      readNew(reader, 60, found);
    }
    try (SourceReader reader = reader(withCheckpoints(), null)) {
      List<Long> again = new ArrayList<>();
      end = readNew(reader, 10, again);
      assertThat(again).isEqualTo(ids(50, 60));
      assertNoMore(reader, Duration.ofMillis(100));
    }
    try (SourceReader reader = reader(withCheckpoints(), end)) {
      assertNoMore(reader, Duration.ofMillis(300));
    }
    assertThat(found).isEqualTo(ids(0, 60));
  }

  /** It kept nothing: what was sent in between is lost, and no message comes twice afterwards. */
  @Test
  void sessionThatTheBrokerHasLost_isMadeAgain() {
    Map<String, Object> options = options();
    options.remove("idProperty");
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = started(options)) {
      server.kill();
      server.restart();
      subscribed(reader);
      publish(0, 20);
      readNew(reader, 20, found);
      assertNoMore(reader, Duration.ofMillis(200));
    }
    assertThat(found).isEqualTo(ids(0, 20));
  }

  @Test
  void hugeEmptyAndPoisonousMessages_areReadOrBad() {
    List<BadRecord> bad = new ArrayList<>();
    try (SourceReader reader = started(options())) {
      String huge = "{\"id\":1,\"text\":\"" + "é".repeat(1_000_000) + "\"}";
      TestTopic.with(
          server,
          client -> {
            client.publish(TestTopic.message(name + "/a", huge, "a"));
            client.publish(TestTopic.message(name + "/b", "", "b"));
            client.publish(TestTopic.message(name + "/c", "nonsense", "c"));
            client.publish(TestTopic.message(name + "/d", "{\"id\":2}", "d"));
          });
      List<Long> found = new ArrayList<>();
      while (found.size() < 2) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
          bad.addAll(rows.bad());
          SourceReading.records(rows.batch()).stream()
              .map(row -> row.getLong("id"))
              .filter(id -> id >= 0)
              .forEach(found::add);
        }
      }
      assertThat(found).containsExactly(1L, 2L);
    }
    assertThat(bad).hasSize(2).allMatch(b -> b.coordinates().startsWith(name + "@"));
  }

  @Test
  void fullSpool_leavesMessagesAtTheBroker_untilThereIsRoom() {
    Map<String, Object> options = options();
    options.put("spoolBytes", "64kb");
    options.put("spoolSegmentBytes", "8kb");
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = started(options)) {
      TestTopic.with(
          server,
          client -> {
            for (int id = 0; id < 300; id++) {
              String text = "{\"id\":" + id + ",\"text\":\"" + "x".repeat(1_000) + "\"}";
              client.publish(TestTopic.message(name + "/x", text, "m" + id));
            }
          });
      for (long checkpoint = 1; found.size() < 300; checkpoint++) {
        reader.checkpointStarted(checkpoint);
        reader.checkpointCompleted(checkpoint);
        readNew(reader, found.size() + 1, found);
      }
    }
    assertThat(found).isEqualTo(ids(0, 300));
  }

  @Test
  void guarantee_isWhatCanBeKept() {
    assertThat(source(options()).guarantee()).isNull();
    assertThat(source(withCheckpoints()).guarantee()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
    Map<String, Object> careless = options();
    careless.put("qos", 0);
    assertThat(source(careless).guarantee()).isEqualTo(DeliveryGuarantee.AT_MOST_ONCE);
    Map<String, Object> forgetful = options();
    forgetful.put("sessionExpiry", "0s");
    assertThat(source(forgetful).guarantee()).isEqualTo(DeliveryGuarantee.AT_MOST_ONCE);
  }
}
