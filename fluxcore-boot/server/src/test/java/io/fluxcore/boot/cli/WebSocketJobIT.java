package io.fluxcore.boot.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A client pushes messages into a source that listens, and FluxCore is killed. */
final class WebSocketJobIT extends KilledSourceContract {
  private final HttpClient client = HttpClient.newHttpClient();

  @Override
  String source() {
    return """
    connector: websocket
    mode: server
    host: 127.0.0.1
    port: %d
    path: /in
    token: geheim
    """
        .formatted(port);
  }

  @Override
  void push(long fromId, long toId) throws Exception {
    WebSocket socket = connect();
    for (long id = fromId; id < toId; id++) {
      socket.sendText("{\"id\":" + id + "}", true).get();
    }
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get();
  }

  private WebSocket connect() throws Exception {
    while (true) {
      try {
        return client
            .newWebSocketBuilder()
            .header("Authorization", "Bearer geheim")
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/in"), new WebSocket.Listener() {})
            .get(30, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        TimeUnit.MILLISECONDS.sleep(50); // the job has not begun
      }
    }
  }
}
