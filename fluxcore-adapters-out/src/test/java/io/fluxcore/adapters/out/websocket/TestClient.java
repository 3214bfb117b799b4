package io.fluxcore.adapters.out.websocket;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps the texts that it is sent. */
final class TestClient implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final List<String> texts = new ArrayList<>();
  private final StringBuilder part = new StringBuilder();
  private @Nullable WebSocket socket;
  private int status = -1;

  static WebSocket.Builder builder() {
    return CLIENT.newWebSocketBuilder();
  }

  static TestClient connect(int port, WebSocket.Builder builder) throws Exception {
    TestClient client = new TestClient();
    client.socket =
        builder
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/rows"), client)
            .get(30, TimeUnit.SECONDS);
    return client;
  }

  /** The status with which a server refuses. */
  static int refusal(String uri, WebSocket.Builder builder) throws Exception {
    try {
      builder
          .buildAsync(URI.create(uri), new WebSocket.Listener() {})
          .get(30, TimeUnit.SECONDS)
          .abort();
      return 101;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  @Override
  public synchronized @Nullable CompletionStage<?> onText(
      WebSocket from, CharSequence text, boolean last) {
    part.append(text);
    if (last) {
      texts.add(part.toString());
      part.setLength(0);
      notifyAll();
    }
    from.request(1);
    return null;
  }

  @Override
  public synchronized @Nullable CompletionStage<?> onClose(
      WebSocket from, int code, String reason) {
    status = code;
    notifyAll();
    return null;
  }

  synchronized List<String> texts() {
    return List.copyOf(texts);
  }

  synchronized int status() {
    return status;
  }

  synchronized void await(Predicate<TestClient> condition) {
    try {
      while (!condition.test(this)) {
        wait(100);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }
}
