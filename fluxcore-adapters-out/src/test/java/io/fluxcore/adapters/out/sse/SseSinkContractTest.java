package io.fluxcore.adapters.out.sse;

import io.fluxcore.adapters.out.push.PushSinkContract;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import java.util.List;

final class SseSinkContractTest extends PushSinkContract {
  @Override
  protected SinkConnector pushing() {
    return new SseSinkConnector();
  }

  @Override
  protected RecentEvents eventsOf(Sink sink) {
    return ((SseSink) sink).events();
  }

  @Override
  protected Client connect(int toPort) {
    TestClient client = TestClient.connect(TestClient.request(toPort));
    return new Client() {
      @Override
      public List<String> rows(long count) {
        client.await(c -> c.events().size() >= count);
        return client.data();
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }
}
