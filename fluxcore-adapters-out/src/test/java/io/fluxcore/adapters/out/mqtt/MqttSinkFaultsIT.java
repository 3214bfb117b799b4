package io.fluxcore.adapters.out.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import io.fluxcore.application.kit.MosquittoServer;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults of the broker, and rows that give no topic. */
final class MqttSinkFaultsIT extends SinkFaultsContract {
  private static MosquittoServer server;
  private static int tests;

  private final String name = "faults-" + tests++;
  private final TestSubscriber subscriber = new TestSubscriber(server, name);

  @BeforeAll
  static void start() {
    server = MosquittoServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected SinkConnector connector() {
    return new MqttSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.uri());
    options.put("topic", name + "/rows");
    options.put("acknowledgeTimeout", "1s");
    return options;
  }

  @Override
  protected List<Long> visibleIds() {
    return subscriber.messages().stream().map(MqttSinkFaultsIT::id).toList();
  }

  private static long id(Mqtt5Publish message) {
    String json = new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8);
    return Long.parseLong(json.replaceAll("\\{\"id\":(\\d+),.*", "$1"));
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
  void everyVersionAndQuality_writesAllRows(String version, String qos) {
    Map<String, Object> options = options();
    options.put("version", version);
    options.put("qos", qos);
    options.put("clientId", name + "-writer");
    options.put("user", MosquittoServer.USER);
    options.put("password", MosquittoServer.PASSWORD);
    assertThat(sink(options).guarantee())
        .isEqualTo(qos.equals("0") ? DeliveryGuarantee.AT_MOST_ONCE : null);
    try (SinkWriter writer = sink(options).createWriter("sink", 0, 1)) {
      writer.write(rows(0, 300), RecordFailures.FAIL);
      writer.write(rows(300, 600), RecordFailures.FAIL);
      writer.flush();
    }
    // Nobody keeps messages of quality 0 for a session that is not connected.
    assertThat(visibleIds()).isEqualTo(qos.equals("0") ? List.of() : ids(0, 600));
  }

  @Test
  void topic_isMadeOfFields_andRowsThatGiveNone_areFailedRows() {
    Map<String, Object> options = options();
    options.put("topic", name + "/{name}/{id}");
    options.put("propertyFields", List.of("name"));
    options.put("contentType", "application/json");
    List<String> failed = new ArrayList<>();
    RecordFailures failures =
        (batch, row, error) -> failed.add(batch.column(0).get(row) + " " + error.code());
    try (SinkWriter writer = sink(options).createWriter("sink", 0, 1)) {
      writer.write(
          new EventBatchBuilder(SCHEMA)
              .row(0, 1L, "höhe 😀")
              .row(0, 2L, "a#b")
              .row(0, 3L, null)
              .row(0, 4L, "x".repeat(70_000))
              .row(0, 5L, "b/c")
              .build(),
          failures);
      writer.flush();
    }
    List<Mqtt5Publish> messages = subscriber.messages();
    assertThat(messages.stream().map(message -> message.getTopic().toString()).toList())
        .containsExactly(name + "/höhe 😀/1", name + "/b/c/5");
    assertThat(messages.get(0).getUserProperties().asList())
        .anyMatch(p -> p.getName().toString().equals("name"));
    assertThat(messages.get(0).getContentType()).hasToString("Optional[application/json]");
    assertThat(failed).containsExactly("2 FLX-MQTT-0005", "3 FLX-MQTT-0005", "4 FLX-MQTT-0005");
  }

  @Test
  void retainedMessage_isKeptForWhoComesLater() {
    Map<String, Object> options = options();
    options.put("retain", true);
    try (SinkWriter writer = sink(options).createWriter("sink", 0, 1)) {
      writer.write(rows(0, 3), RecordFailures.FAIL);
      writer.flush();
    }
    assertThat(visibleIds()).isEqualTo(ids(0, 3));
    TestSubscriber later = new TestSubscriber(server, name);
    assertThat(later.messages()).hasSize(1).allMatch(Mqtt5Publish::isRetain);
  }

  @Test
  void conflictingOptions_areAllTold() {
    Map<String, Object> options = options();
    options.put("topic", "a/+/{nothing}");
    options.put("version", "3.1.1");
    options.put("propertyFields", List.of("what"));
    options.put("batchSize", 0);
    options.put("user", "me");
    options.put("password", "x");
    options.put("passwordFile", "y");
    assertThatThrownBy(() -> sink(options))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(6));
  }
}
