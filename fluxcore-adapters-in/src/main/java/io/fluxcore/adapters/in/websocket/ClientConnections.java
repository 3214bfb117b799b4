package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.adapters.in.backlog.PushInflow;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/**
 * The library's server with what is asked of clients here. Its threads take messages, and wait with
 * them while there is no room; then it reads no more from any connection.
 */
final class ClientConnections extends WebSocketServer {
  private static final System.Logger LOG = System.getLogger(ClientConnections.class.getName());
  private static final int THREADS = 2;

  private final WebSocketSettings settings;
  private final WebSocketSettings.Listening listening;
  private final PushInflow messages;
  private final AtomicLong refused = new AtomicLong();
  private final Set<SelectableChannel> channels = ConcurrentHashMap.newKeySet();
  private final CountDownLatch begun = new CountDownLatch(1);
  private volatile boolean leaving;

  ClientConnections(
      WebSocketSettings settings,
      WebSocketSettings.Listening listening,
      InetSocketAddress address,
      PushInflow messages) {
    super(address, THREADS, List.of(new Draft_6455(List.of(), settings.maxRecordBytes())));
    this.settings = settings;
    this.listening = listening;
    this.messages = messages;
    setReuseAddr(true);
    setDaemon(true);
    setConnectionLostTimeout(
        (int)
            Math.min(
                Integer.MAX_VALUE,
                TimeUnit.MILLISECONDS.toSeconds(settings.pingInterval().toMillis())));
  }

  /** Waits until calls are taken, or cannot be, which the messages' reader is told. */
  void awaitBegin() throws InterruptedException {
    begun.await();
  }

  /** No call is taken any more. */
  void leave() {
    leaving = true;
  }

  @Override
  protected boolean onConnect(SelectionKey key) {
    channels.removeIf(channel -> !channel.isOpen());
    channels.add(key.channel());
    return !leaving && super.onConnect(key);
  }

  /** Ends what the library leaves when it is stopped: connections that are not open yet. */
  void endAll() {
    for (SelectableChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "a connection was broken already", e);
      }
    }
  }

  @Override
  public void onStart() {
    begun.countDown();
  }

  @Override
  public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
      WebSocket connection, Draft draft, ClientHandshake request) throws InvalidDataException {
    String path = request.getResourceDescriptor().split("\\?", 2)[0];
    if (!path.equals(listening.path())) {
      throw refusal(connection, "404 Not Found", "");
    }
    if (!isAdmitted(request)) {
      StringBuilder challenges = new StringBuilder();
      settings
          .access()
          .challenges()
          .forEach(c -> challenges.append("WWW-Authenticate: ").append(c).append("\r\n"));
      throw refusal(connection, "401 Unauthorized", challenges.toString());
    }
    if (leaving || getConnections().size() >= listening.maxConnections()) {
      throw refusal(connection, "503 Service Unavailable", "Retry-After: 10\r\n");
    }
    return super.onWebsocketHandshakeReceivedAsServer(connection, draft, request);
  }

  private boolean isAdmitted(ClientHandshake request) {
    try {
      return settings.access().admits(header(request, "Authorization"));
    } catch (FluxCoreException e) {
      messages.fail(e); // its secret cannot be read
      return false;
    }
  }

  private static @Nullable String header(ClientHandshake request, String name) {
    return request.hasFieldValue(name) ? request.getFieldValue(name) : null;
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
          settings,
          connection.getRemoteSocketAddress(),
          status,
          number);
    }
    return new InvalidDataException(CloseFrame.POLICY_VALIDATION, status);
  }

  @Override
  public void onOpen(WebSocket connection, ClientHandshake request) {}

  @Override
  public void onMessage(WebSocket connection, String text) {
    take(connection, text.getBytes(StandardCharsets.UTF_8), null);
  }

  @Override
  public void onMessage(WebSocket connection, ByteBuffer bytes) {
    byte[] taken = new byte[bytes.remaining()];
    bytes.get(taken);
    take(connection, taken, null);
  }

  private void take(WebSocket connection, byte[] bytes, MessageProperties.@Nullable Flaw flaw) {
    try {
      messages.put(
          new Message(
              bytes,
              MessageParts.nowMicros(),
              new MessageProperties(null, peer(connection), Map.of(), flaw)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable String peer(WebSocket connection) {
    InetSocketAddress address = connection.getRemoteSocketAddress();
    return address == null ? null : address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** A message that is too long ends its connection: the library does not read past it. */
  @Override
  public void onClose(WebSocket connection, int code, String reason, boolean remote) {
    if (code == CloseFrame.TOOBIG && !remote) {
      take(
          connection,
          new byte[0],
          MessageParts.tooLong("more bytes", settings.maxRecordBytes(), 0));
    }
  }

  @Override
  public void onError(@Nullable WebSocket connection, Exception error) {
    if (connection != null || error instanceof IOException) {
      LOG.log(System.Logger.Level.INFO, "{0}: a connection has broken: {1}", settings, error);
    }
    if (connection == null && !leaving) {
      messages.fail(
          error instanceof FluxCoreException known
              ? known
              : error instanceof IOException broken
                  ? listening.address().unusable(broken)
                  : new IllegalStateException(error));
    }
    if (connection == null) {
      begun.countDown();
    }
  }
}
