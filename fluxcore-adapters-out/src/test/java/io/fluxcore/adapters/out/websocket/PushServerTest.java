package io.fluxcore.adapters.out.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.push.PushOptions;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.kit.FreePort;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PushServerTest {
  private static final Access TOKEN =
      new Access(new Secret("token", "geheim", null), null, new Secret("password", null, null));

  private final int port = FreePort.next();
  private final String uri = "ws://127.0.0.1:" + port + "/rows";
  private final RecentEvents messages = new RecentEvents(100, 64 << 20);

  private PushServer server(Access access, int maxClients, Duration sendTimeout) {
    return PushServer.start(
        new WebSocketOptions(
            new PushOptions(
                "websocket",
                "127.0.0.1",
                port,
                "/rows",
                access,
                null,
                List.of("https://example.com"),
                maxClients,
                100,
                64 << 20,
                sendTimeout),
            true,
            Duration.ofSeconds(30)),
        messages);
  }

  private void add(String... texts) {
    messages.add(Stream.of(texts).map(t -> t.getBytes(StandardCharsets.UTF_8)).toList());
  }

  @Test
  void clientsGetWhatComesAfterTheyConnected_allTheSame_andTheLastBeforeTheEnd() throws Exception {
    PushServer server = server(Access.OPEN, 10, Duration.ofSeconds(30));
    add("before");
    try (TestClient one = TestClient.connect(port, TestClient.builder());
        TestClient two = TestClient.connect(port, TestClient.builder())) {
      add("a", "{\"ü\":\"😀\"}", "");
      one.await(c -> c.texts().size() == 3);
      add("last");
      server.end();
      for (TestClient client : List.of(one, two)) {
        client.await(c -> c.status() >= 0);
        assertThat(client.texts()).containsExactly("a", "{\"ü\":\"😀\"}", "", "last");
      }
    }
    assertThat(server.refused() + server.missed() + server.dropped()).isZero();
  }

  @Test
  void whoShowsNoSecret_asksForAnotherPath_orIsOfAnotherOrigin_isRefused() throws Exception {
    PushServer server = server(TOKEN, 1, Duration.ofSeconds(30));
    try {
      assertThat(TestClient.refusal(uri, TestClient.builder())).isEqualTo(401);
      assertThat(
              TestClient.refusal(uri, TestClient.builder().header("Authorization", "Bearer other")))
          .isEqualTo(401);
      assertThat(TestClient.refusal(uri + "/more", TestClient.builder())).isEqualTo(404);
      assertThat(
              TestClient.refusal(
                  uri, TestClient.builder().header("Origin", "https://evil.example")))
          .isEqualTo(403);
      try (TestClient good =
          TestClient.connect(
              port,
              TestClient.builder()
                  .header("Authorization", "Bearer geheim")
                  .header("Origin", "https://example.com"))) {
        add("a");
        good.await(c -> c.texts().size() == 1);
        assertThat(
                TestClient.refusal(
                    uri, TestClient.builder().header("Authorization", "Bearer geheim")))
            .as("one too many")
            .isEqualTo(503);
      }
      assertThat(server.refused()).isEqualTo(5);
    } finally {
      server.end();
    }
  }

  /** The job does not wait for it, and others get everything. */
  @Test
  void clientThatTakesNothing_isDropped_andHoldsUpNobody() throws Exception {
    PushServer server = server(Access.OPEN, 10, Duration.ofMillis(300));
    try (Socket stuck = new Socket(InetAddress.getLoopbackAddress(), port);
        TestClient good = TestClient.connect(port, TestClient.builder())) {
      stuck
          .getOutputStream()
          .write(
              ("GET /rows HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                      + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      + "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(stuck.getInputStream().read()).isEqualTo('H');
      String message = "x".repeat(100_000);
      int added = 0;
      while (server.dropped() == 0) {
        if (added < 500) {
          add(message);
          added++;
          int all = added;
          good.await(c -> c.texts().size() == all);
        } else {
          TimeUnit.MILLISECONDS.sleep(10);
        }
      }
      int all = added;
      good.await(c -> c.texts().size() == all);
      assertThat(server.dropped()).isEqualTo(1);
    } finally {
      server.end();
    }
  }

  @Test
  void portThatIsTaken_isTold_andFreeAfterwards() {
    PushServer server = server(Access.OPEN, 1, Duration.ofSeconds(1));
    assertThatThrownBy(() -> server(Access.OPEN, 1, Duration.ofSeconds(1)))
        .hasMessageContaining("FLX-WEBSOCKET-0004");
    server.end();
    server.end();
    server(Access.OPEN, 1, Duration.ofSeconds(1)).end();
  }
}
