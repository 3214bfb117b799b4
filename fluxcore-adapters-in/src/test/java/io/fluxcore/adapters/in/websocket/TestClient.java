package io.fluxcore.adapters.in.websocket;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A client that calls until it is answered, and sends what it has on the connection that it has
 * then. It keeps what it has not sent.
 */
final class TestClient implements AutoCloseable {
  private final String uri;
  private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
  private volatile boolean paused;
  private volatile boolean ended;
  private @Nullable Thread thread;

  TestClient(String uri) {
    this.uri = uri;
    restart();
  }

  /** A connection, if the server lets one in. */
  static WebSocket connect(
      String uri, @Nullable String authorization, @Nullable SSLContext tls, Ending ending)
      throws ExecutionException, InterruptedException, TimeoutException {
    HttpClient.Builder client = HttpClient.newBuilder();
    if (tls != null) {
      client.sslContext(tls);
    }
    WebSocket.Builder builder = client.build().newWebSocketBuilder();
    if (authorization != null) {
      builder.header("Authorization", authorization);
    }
    return builder.buildAsync(URI.create(uri), ending).get(30, TimeUnit.SECONDS);
  }

  /** Tells when and how a connection ended. */
  static final class Ending implements WebSocket.Listener {
    final CompletableFuture<Integer> status = new CompletableFuture<>();

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      status.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      status.complete(-1);
    }
  }

  /** The status with which a server refuses. */
  static int refusal(String uri, @Nullable String authorization) throws Exception {
    try {
      connect(uri, authorization, null, new Ending()).abort();
      return 101;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  private void run() {
    while (!ended) {
      Ending ending = new Ending();
      try {
        WebSocket socket = connect(uri, null, null, ending);
        send(socket, ending);
        socket.abort();
      } catch (ExecutionException e) {
        Thread.onSpinWait(); // nobody is there: the next connection goes on
      } catch (InterruptedException | TimeoutException e) {
        return;
      }
    }
  }

  private void send(WebSocket socket, Ending ending)
      throws InterruptedException, ExecutionException, TimeoutException {
    while (!ended && !ending.status.isDone()) {
      String next = paused ? null : queue.poll(5, TimeUnit.MILLISECONDS);
      if (next != null) {
        socket.sendText(next, true).get(5, TimeUnit.MINUTES);
      }
    }
  }

  void send(String text) {
    queue.add(text);
  }

  int waiting() {
    return queue.size();
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  void kill() {
    ended = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void restart() {
    ended = false;
    Thread next = new Thread(this::run, "test client");
    next.setDaemon(true);
    next.start();
    thread = next;
  }

  @Override
  public void close() {
    kill();
  }
}
