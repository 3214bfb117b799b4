package io.fluxcore.adapters.out.websocket;

import io.fluxcore.adapters.out.push.PushClients;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.TlsStores;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** Sends messages to each client by a thread of its own, at the client's pace. */
final class PushServer extends WebSocketServer implements PushClients {
  private static final System.Logger LOG = System.getLogger(PushServer.class.getName());
  private static final String NO_PORT = "FLX-WEBSOCKET-0004";
  private static final int MOST_OF_CLIENTS_BYTES = 64 * 1024;
  private static final int CLOSE_MILLIS = 2_000;

  private final WebSocketOptions options;
  private final RecentEvents messages;
  private final Map<WebSocket, PushedClient> clients = new ConcurrentHashMap<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private volatile @Nullable Exception failure;
  private volatile boolean leaving;

  private PushServer(WebSocketOptions options, InetSocketAddress address, RecentEvents messages) {
    super(address, 1, List.of(new Draft_6455(List.of(), MOST_OF_CLIENTS_BYTES)));
    this.options = options;
    this.messages = messages;
    setReuseAddr(true);
    setDaemon(true);
    setConnectionLostTimeout((int) Math.min(Integer.MAX_VALUE, options.pingInterval().toSeconds()));
    TlsStores tls = options.push().tls();
    if (tls != null) {
      setWebSocketFactory(new DefaultSSLWebSocketServerFactory(tls.context()));
    }
  }

  /**
   * Starts one.
   *
   * @throws FluxCoreException if it cannot listen
   */
  static PushServer start(WebSocketOptions options, RecentEvents messages) {
    InetSocketAddress address = new InetSocketAddress(options.push().host(), options.push().port());
    try (ServerSocket free = new ServerSocket()) {
      free.setReuseAddress(true); // the library would tell it on a thread of its own
      free.bind(address);
    } catch (IOException e) {
      throw noPort(options, e);
    }
    PushServer server = new PushServer(options, address, messages);
    server.start();
    try {
      server.started.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Exception why = server.failure;
    if (why != null) {
      throw noPort(options, why);
    }
    return server;
  }

  private static FluxCoreException noPort(WebSocketOptions options, Exception cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                NO_PORT,
                Place.of("port"),
                "cannot listen at " + options + ": " + cause.getMessage(),
                "give an address of this machine, and a port that nobody else listens at and"
                    + " that this user may have")),
        cause);
  }

  /** Requests that were not let in. */
  long refused() {
    return refused.get();
  }

  @Override
  public long missed() {
    return missed.get();
  }

  /** Clients that were dropped because they took nothing. */
  long dropped() {
    return dropped.get();
  }

  @Override
  public void onStart() {
    started.countDown();
  }

  @Override
  public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
      WebSocket connection, Draft draft, ClientHandshake request) throws InvalidDataException {
    if (!request.getResourceDescriptor().split("\\?", 2)[0].equals(options.push().path())) {
      throw refusal(connection, "404 Not Found", "");
    }
    String origin = header(request, "Origin");
    if (origin != null && !options.push().allowsOrigin(origin)) {
      throw refusal(connection, "403 Forbidden", "");
    }
    if (!isAdmitted(header(request, "Authorization"))) {
      StringBuilder challenges = new StringBuilder();
      options
          .push()
          .access()
          .challenges()
          .forEach(c -> challenges.append("WWW-Authenticate: ").append(c).append("\r\n"));
      throw refusal(connection, "401 Unauthorized", challenges.toString());
    }
    if (leaving || getConnections().size() >= options.push().maxClients()) {
      throw refusal(connection, "503 Service Unavailable", "Retry-After: 10\r\n");
    }
    connection.setAttachment(messages.last()); // before the client hears that it is let in
    return super.onWebsocketHandshakeReceivedAsServer(connection, draft, request);
  }

  private static @Nullable String header(ClientHandshake request, String name) {
    return request.hasFieldValue(name) ? request.getFieldValue(name) : null;
  }

  private boolean isAdmitted(@Nullable String authorization) {
    try {
      return options.push().access().admits(authorization);
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.ERROR, "{0}: nobody is let in: {1}", options, e.getMessage());
      return false;
    }
  }

  /**
   * An answer other than the library's, which is 404 whatever the reason: it is what the client
   * reads first.
   */
  private InvalidDataException refusal(WebSocket connection, String status, String headers) {
    String answer =
        "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\nConnection: close\r\n\r\n";
    if (connection instanceof WebSocketImpl open) {
      open.outQueue.add(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }
    long number = refused.incrementAndGet();
    if (Long.bitCount(number) == 1) { // the first, second, fourth, eighth …
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: a client at {1} was refused with status {2}; refused so far: {3}",
          options,
          connection.getRemoteSocketAddress(),
          status,
          number);
    }
    return new InvalidDataException(CloseFrame.POLICY_VALIDATION, status);
  }

  @Override
  public void onOpen(WebSocket connection, ClientHandshake request) {
    Long last = connection.getAttachment();
    PushedClient client = new PushedClient(connection, options, messages, last, missed, dropped);
    clients.put(connection, client);
    client.start();
  }

  @Override
  public void onClose(WebSocket connection, int code, String reason, boolean remote) {
    PushedClient client = clients.remove(connection);
    if (client != null) {
      client.gone();
    }
  }

  /** Clients have nothing to say here. */
  @Override
  public void onMessage(WebSocket connection, String text) {}

  @Override
  public void onMessage(WebSocket connection, ByteBuffer bytes) {}

  @Override
  public void onError(@Nullable WebSocket connection, Exception error) {
    if (connection == null && started.getCount() > 0) {
      failure = error;
      started.countDown();
    } else {
      LOG.log(System.Logger.Level.INFO, "{0}: a connection has broken: {1}", options, error);
    }
  }

  @Override
  public void end() {
    leaving = true;
    List<PushedClient> all = List.copyOf(clients.values());
    all.forEach(PushedClient::leave);
    messages.wake();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
    try {
      for (PushedClient client : all) {
        client.join(deadline - System.nanoTime());
      }
      stop(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (missed.get() + dropped.get() + refused.get() > 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: clients missed {1} messages, {2} clients were dropped, {3} requests refused",
          options,
          missed,
          dropped,
          refused);
    }
  }
}
