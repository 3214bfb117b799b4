package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.backlog.Line;
import io.fluxcore.adapters.in.backlog.PushInflow;
import io.fluxcore.application.connector.TlsStores;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.jspecify.annotations.Nullable;

/** Takes the calls of clients. */
final class WebSocketListener implements Line {
  private static final int CLOSE_MILLIS = 2_000;

  private final WebSocketSettings settings;
  private final WebSocketSettings.Listening listening;
  private final PushInflow messages;
  private @Nullable ClientConnections server;

  WebSocketListener(
      WebSocketSettings settings, WebSocketSettings.Listening listening, PushInflow messages) {
    this.settings = settings;
    this.listening = listening;
    this.messages = messages;
  }

  @Override
  public void start() {
    InetSocketAddress address = listening.address().resolve();
    tryPort(address);
    ClientConnections opened = new ClientConnections(settings, listening, address, messages);
    TlsStores tls = settings.tls();
    if (tls != null) {
      opened.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(tls.context()));
    }
    opened.start();
    server = opened;
    try {
      opened.awaitBegin();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The library binds on a thread of its own, too late to say that it cannot. */
  private void tryPort(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw listening.address().unusable(e);
    }
  }

  @Override
  public void check() {}

  @Override
  public void close() {
    ClientConnections open = server;
    server = null;
    if (open == null) {
      return;
    }
    open.leave();
    Thread ending =
        new Thread(
            () -> {
              try {
                open.stop(CLOSE_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "end of " + settings);
    ending.setDaemon(true);
    ending.start();
    try {
      ending.join(TimeUnit.SECONDS.toMillis(1));
      messages.refuse();
      ending.join(2 * CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    open.endAll();
  }
}
