package io.fluxcore.adapters.out.mqtt;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.application.kit.MosquittoServer;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, on a real broker. */
final class MqttSinkIT extends SinkConnectorContract {
  private static MosquittoServer server;
  private static int tests;

  private final String name = "rows-" + tests++;
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
    return Map.of("uri", server.uri(), "topic", name + "/rows");
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    return JsonReadBack.rows(
        schema,
        subscriber.messages().stream()
            .map(message -> new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("\n")));
  }
}
