package io.fluxcore.adapters.out.websocket;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.application.kit.FreePort;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** The contract, as a client sees it that is connected before the first row. */
@Timeout(120)
final class WebSocketSinkContractTest extends SinkConnectorContract {
  private final int port = FreePort.next();
  private @Nullable TestClient client;
  private @Nullable WebSocketSink sink;

  @AfterEach
  void end() {
    if (client != null) {
      client.close();
    }
  }

  @Override
  protected SinkConnector connector() {
    SinkConnector real = new WebSocketSinkConnector();
    return new SinkConnector() {
      @Override
      public ConnectorDescriptor descriptor() {
        return real.descriptor();
      }

      @Override
      public Sink create(ConnectorOptions options, Schema schema) {
        return watched((WebSocketSink) real.create(options, schema));
      }
    };
  }

  /** With a client at it from the beginning. */
  private Sink watched(WebSocketSink real) {
    sink = real;
    return (operatorId, subtask, parallelism) -> {
      SinkWriter writer = real.createWriter(operatorId, subtask, parallelism);
      try {
        client = TestClient.connect(port, TestClient.builder());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return writer;
    };
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("host", "127.0.0.1", "port", port, "path", "/rows", "bufferEvents", 100_000);
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    TestClient reading = client;
    WebSocketSink written = sink;
    if (reading == null || written == null) {
      return List.of();
    }
    long last = written.events().last();
    reading.await(c -> c.texts().size() >= last);
    return JsonReadBack.rows(schema, String.join("\n", reading.texts()));
  }
}
