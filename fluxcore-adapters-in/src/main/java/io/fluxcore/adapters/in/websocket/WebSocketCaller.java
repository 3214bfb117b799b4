package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.backlog.KeptConnection;
import io.fluxcore.adapters.in.backlog.Line;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.adapters.in.backlog.PushInflow;
import io.fluxcore.application.connector.TlsStores;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a server, again and again. The next message is asked for when there is room for the last
 * one, so that the server is held back meanwhile.
 */
final class WebSocketCaller implements Line {
  private static final System.Logger LOG = System.getLogger(WebSocketCaller.class.getName());
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
  private static final int ANSWER_SECONDS = 15;
  private static final int CLOSE_SECONDS = 2;

  private final WebSocketSettings settings;
  private final WebSocketSettings.Call call;
  private final PushInflow messages;
  private final KeptConnection connection;
  private final ExecutorService threads = threads();
  private final HttpClient client;

  WebSocketCaller(
      WebSocketSettings settings,
      WebSocketSettings.Call call,
      PushInflow messages,
      Runnable ended) {
    this.settings = settings;
    this.call = call;
    this.messages = messages;
    this.client = client(settings, threads);
    this.connection = new KeptConnection(settings.toString(), this::receive, ended);
  }

  private static ExecutorService threads() {
    return Executors.newCachedThreadPool(
        work -> {
          Thread thread = new Thread(work, "websocket client");
          thread.setDaemon(true);
          return thread;
        });
  }

  private static HttpClient client(WebSocketSettings settings, ExecutorService threads) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_PATIENCE)
            .executor(threads);
    TlsStores tls = settings.tls();
    return (tls == null ? builder : builder.sslContext(tls.context())).build();
  }

  /**
   * Looks whether the server lets us in, if it answers.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if it never will
   */
  static void look(WebSocketSettings settings, WebSocketSettings.Call call) {
    ExecutorService threads = threads();
    try {
      connect(client(settings, threads), settings, call, new WebSocket.Listener() {}).abort();
    } catch (IOException e) {
      throw WebSocketErrors.unreachable(settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdown();
    }
  }

  private static WebSocket connect(
      HttpClient client,
      WebSocketSettings settings,
      WebSocketSettings.Call call,
      WebSocket.Listener listener)
      throws IOException, InterruptedException {
    WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(CONNECT_PATIENCE);
    call.headers().forEach(builder::header);
    String authorization = settings.access().authorization();
    if (authorization != null) {
      builder.header("Authorization", authorization);
    }
    String subprotocol = call.subprotocol();
    if (subprotocol != null) {
      builder.subprotocols(subprotocol);
    }
    CompletableFuture<WebSocket> connecting = builder.buildAsync(call.uri(), listener);
    try {
      return connecting.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw WebSocketErrors.explained(e.getCause(), settings);
    } catch (TimeoutException e) {
      CompletableFuture<Void> unused = connecting.thenAccept(WebSocket::abort);
      throw new IOException("the server does not answer", e);
    }
  }

  @Override
  public void start() {
    connection.start();
  }

  /** One connection, from its beginning to its end. */
  private void receive(Runnable connected) throws IOException, InterruptedException {
    Reception reception = new Reception();
    WebSocket socket = connect(client, settings, call, reception);
    try {
      for (String subscription : call.subscribe()) {
        socket.sendText(subscription, true).get(ANSWER_SECONDS, TimeUnit.SECONDS);
      }
      connected.run();
      await(socket, reception);
    } catch (ExecutionException e) {
      throw WebSocketErrors.explained(e.getCause(), settings);
    } catch (TimeoutException e) {
      throw new IOException("the server takes no message", e);
    } finally {
      leave(socket, reception);
    }
  }

  /** Returns never; asks now and then whether the server lives. */
  private void await(WebSocket socket, Reception reception)
      throws IOException, InterruptedException, ExecutionException {
    long interval = settings.pingInterval().toMillis();
    while (true) {
      try {
        String why =
            interval == 0
                ? reception.end.get()
                : reception.end.get(interval, TimeUnit.MILLISECONDS);
        throw new IOException(why);
      } catch (TimeoutException e) {
        if (reception.isAsked && !reception.heard) {
          throw new IOException("the server has not answered a ping within " + interval + " ms", e);
        }
        reception.heard = false;
        reception.isAsked = !reception.isTaking;
        if (reception.isAsked) {
          CompletableFuture<WebSocket> unused = socket.sendPing(ByteBuffer.allocate(0));
        }
      }
    }
  }

  private static void leave(WebSocket socket, Reception reception) {
    if (!reception.end.isDone() && !socket.isOutputClosed()) {
      try {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        LOG.log(System.Logger.Level.DEBUG, "a connection was broken already", e);
      }
    }
    socket.abort();
  }

  /** Takes messages of one connection. */
  private final class Reception implements WebSocket.Listener {
    final CompletableFuture<String> end = new CompletableFuture<>();

    /** Whether anything came since this was set to false. */
    volatile boolean heard;

    /** Whether a message waits for room, so that nothing can be heard. */
    volatile boolean isTaking;

    /** Whether a ping is to be answered. Of the connection's thread. */
    boolean isAsked;

    private final MessageParts parts =
        new MessageParts(
            settings.maxRecordBytes(), new MessageProperties(null, settings.address(), Map.of()));

    @Override
    public void onOpen(WebSocket socket) {
      socket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      parts.add(part);
      return came(socket, last);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
      parts.add(part);
      return came(socket, last);
    }

    private @Nullable CompletionStage<?> came(WebSocket socket, boolean isLast) {
      heard = true;
      if (isLast) {
        isTaking = true;
        try {
          messages.put(parts.take());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } finally {
          isTaking = false;
          heard = true;
        }
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      heard = true;
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      heard = true;
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      end.complete("the server has ended the connection: " + status + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      end.complete(WebSocketErrors.text(error));
    }
  }

  @Override
  public void check() {
    connection.check();
  }

  @Override
  public void close() {
    messages.refuse();
    connection.close();
    threads.shutdown();
  }
}
