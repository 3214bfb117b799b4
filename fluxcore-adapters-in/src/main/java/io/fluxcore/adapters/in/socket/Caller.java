package io.fluxcore.adapters.in.socket;

import io.fluxcore.adapters.in.backlog.KeptConnection;
import io.fluxcore.adapters.in.backlog.Line;
import io.fluxcore.adapters.in.backlog.PushInflow;
import io.fluxcore.application.connector.TlsStores;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Calls a server, again and again. */
final class Caller implements Line {
  private static final int CONNECT_MILLIS = 10_000;

  private final SocketSettings settings;
  private final PushInflow messages;
  private final KeptConnection connection;
  private @Nullable Socket current;
  private boolean closed;

  Caller(SocketSettings settings, PushInflow messages, Runnable ended) {
    this.settings = settings;
    this.messages = messages;
    this.connection = new KeptConnection(settings.toString(), this::receive, ended);
  }

  @Override
  public void start() {
    connection.start();
  }

  /** One connection, from its beginning to its end. It is well when the first bytes have come. */
  private void receive(Runnable received) throws IOException, InterruptedException {
    try (Socket plain = new Socket()) {
      keep(plain);
      Socket socket;
      try {
        socket = connect(plain);
      } catch (IOException e) {
        throw SocketErrors.explained(e, settings);
      }
      new Peer(settings, messages, socket).read(received);
    } catch (IOException e) {
      if (isClosed()) {
        throw new InterruptedException();
      }
      throw e;
    } finally {
      ended();
    }
  }

  private synchronized void keep(Socket socket) throws InterruptedException {
    if (closed) {
      throw new InterruptedException();
    }
    current = socket;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void ended() {
    current = null;
    notifyAll();
  }

  private Socket connect(Socket plain) throws IOException {
    plain.connect(new InetSocketAddress(settings.host(), settings.port()), CONNECT_MILLIS);
    plain.setSoTimeout(CONNECT_MILLIS);
    TlsStores tls = settings.tls();
    Socket socket = tls == null ? plain : secure(plain, tls);
    Peer.prepare(socket, settings);
    return socket;
  }

  private Socket secure(Socket plain, TlsStores tls) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.context()
                .getSocketFactory()
                .createSocket(plain, settings.host(), settings.port(), true);
    if (tls.options().verifyHostname()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }

  @Override
  public void check() {
    connection.check();
  }

  @Override
  public void close() {
    try {
      hangUp();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    messages.refuse();
    connection.close();
  }

  /** Ends the connection, and gives the records that were read from it a moment to be taken. */
  private synchronized void hangUp() throws InterruptedException {
    closed = true;
    long deadline = System.nanoTime() + Closing.PATIENCE.toNanos();
    if (current != null) {
      Closing.quietly(current);
    }
    for (long left = 1; current != null && left > 0; ) {
      left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      wait(Math.max(1, left));
    }
  }
}
