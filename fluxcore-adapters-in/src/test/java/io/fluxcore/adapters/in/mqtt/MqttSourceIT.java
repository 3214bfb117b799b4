package io.fluxcore.adapters.in.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.kit.MosquittoServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract, with messages that a real broker gave and that are in a spool since. Their time is
 * that at which they came, so the test asks the source for it.
 */
@Timeout(180)
final class MqttSourceIT extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();
  private static final int ROWS = 21;

  private static MosquittoServer server;
  private static int tests;

  @TempDir private Path directory;
  private final String name = "contract-" + tests++;
  private final List<Long> times = new ArrayList<>();

  @BeforeAll
  static void start() {
    server = MosquittoServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected SourceConnector connector() {
    return new MqttSourceConnector();
  }

  @Override
  protected boolean isBounded() {
    return false;
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = options(name);
    if (times.isEmpty()) {
      subscribe();
      TestTopic.with(
          server,
          client -> {
            for (int id = 0; id < ROWS; id++) {
              publish(client, "{\"id\":" + id + ",\"name\":\"ü\"}", "m" + id);
              if (id == ROWS - 2) {
                publish(client, "{\"id\":\"no\"}", "bad");
              }
            }
          });
      readAll(options);
    }
    return options;
  }

  private void publish(Mqtt5BlockingClient client, String text, String id) {
    client.publish(TestTopic.message(name + "/x", text, id));
  }

  /** Makes the session of the source, for which the broker keeps what is published from now on. */
  private void subscribe() {
    Mqtt5BlockingClient client =
        Mqtt5Client.builder()
            .identifier(name)
            .serverHost("127.0.0.1")
            .serverPort(server.port())
            .buildBlocking();
    client.connectWith().cleanStart(true).sessionExpiryInterval(3600).send();
    client.subscribeWith().topicFilter(name + "/#").qos(MqttQos.AT_LEAST_ONCE).send();
    client.disconnect();
  }

  private static void take(Poll poll, List<Long> times) {
    if (poll instanceof Poll.Rows rows) {
      SourceReading.records(rows.batch()).forEach(row -> times.add(row.timestamp()));
    }
  }

  private void readAll(Map<String, Object> options) {
    Source source = source(options);
    try (SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 100))) {
      reader.assign(source.discoverSplits().get(0), null);
      while (times.size() < ROWS) {
        take(reader.poll(Duration.ofMillis(50)), times);
      }
    }
  }

  private Map<String, Object> options(String clientId) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.uri());
    options.put("clientId", clientId);
    options.put("topic", clientId + "/#");
    options.put("idProperty", "id");
    options.put("spool", directory.resolve(clientId).toString());
    return options;
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    options();
    List<EventRecord> rows = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      rows.add(EventRecord.of(SCHEMA, times.get(id), (long) id, "ü"));
    }
    return List.of(rows);
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of(name + "@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return options(name + "-empty");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", "tcp://me:secret@host/");
    options.put("clientId", "c");
    options.put("topic", List.of("a/b#", "$share//x"));
    options.put("version", "3.1.1");
    options.put("idProperty", "id");
    options.put("receiveMaximum", 0);
    options.put("keepAlive", "0s");
    options.put("acknowledge", "checkpoint");
    options.put("spool", directory.toString());
    options.put("tlsTrustStore", "/tmp/ca.pem");
    options.put("metadata", Map.of("k", "nonsense"));
    assertThat(options).hasSize(11);
    return options;
  }
}
