package io.fluxcore.adapters.out.rabbitmq;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, on a real server. */
final class RabbitMqSinkIT extends SinkConnectorContract {
  private static RabbitMqServer server;
  private static int tests;

  private final String name = "rows-" + tests++;
  private final TestQueue queue = new TestQueue(server, name);

  @BeforeAll
  static void start() {
    server = RabbitMqServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected SinkConnector connector() {
    return new RabbitMqSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("uri", server.uri(), "routingKey", name);
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    return JsonReadBack.rows(
        schema,
        queue.messages().stream()
            .map(message -> new String(message.getBody(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("\n")));
  }
}
