package io.fluxcore.adapters.out.websocket;

import io.fluxcore.adapters.out.push.PushSinkContract;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import java.util.List;

final class WebSocketSinkContractTest extends PushSinkContract {
  @Override
  protected SinkConnector pushing() {
    return new WebSocketSinkConnector();
  }

  @Override
  protected RecentEvents eventsOf(Sink sink) {
    return ((WebSocketSink) sink).events();
  }

  @Override
  protected Client connect(int toPort) {
    TestClient client;
    try {
      client = TestClient.connect(toPort, TestClient.builder());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return new Client() {
      @Override
      public List<String> rows(long count) {
        client.await(c -> c.texts().size() >= count);
        return client.texts();
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }
}
