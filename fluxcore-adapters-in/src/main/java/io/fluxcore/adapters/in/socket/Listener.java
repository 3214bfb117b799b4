package io.fluxcore.adapters.in.socket;

import io.fluxcore.adapters.in.backlog.Line;
import io.fluxcore.adapters.in.backlog.ListeningAddress;
import io.fluxcore.adapters.in.backlog.PushInflow;
import io.fluxcore.application.connector.TlsStores;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Takes the calls of clients; each connection is read by a thread of its own. */
final class Listener implements Line {
  private static final System.Logger LOG = System.getLogger(Listener.class.getName());
  private static final int CALLS_THAT_WAIT = 50;
  private static final int HANDSHAKE_MILLIS = 10_000;
  private static final long NO_CALL_MILLIS = 100;

  private final SocketSettings settings;
  private final PushInflow messages;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable ServerSocket server;
  private @Nullable SSLContext tls;

  // What follows is guarded by this.
  private final Map<Socket, Thread> connections = new HashMap<>();
  private long refused;
  private boolean isFull;

  Listener(SocketSettings settings, PushInflow messages) {
    this.settings = settings;
    this.messages = messages;
  }

  @Override
  public void start() {
    ListeningAddress local = settings.listening();
    InetSocketAddress address = local.resolve();
    TlsStores stores = settings.tls();
    tls = stores == null ? null : stores.context();
    ServerSocket opened;
    try {
      opened = new ServerSocket();
      opened.setReuseAddress(true);
      opened.bind(address, CALLS_THAT_WAIT);
    } catch (IOException e) {
      throw local.unusable(e);
    }
    server = opened;
    thread("listening at " + settings.address(), () -> accept(opened)).start();
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void accept(ServerSocket opened) {
    try {
      while (!isClosed()) {
        try {
          take(opened.accept());
        } catch (IOException e) {
          if (!isClosed()) {
            LOG.log(System.Logger.Level.WARNING, "{0}: cannot take a call: {1}", settings, e);
            closed.await(NO_CALL_MILLIS, TimeUnit.MILLISECONDS);
          }
        }
      }
    } catch (RuntimeException e) {
      messages.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void take(Socket socket) {
    if (isClosed()) {
      Closing.quietly(socket);
      return;
    }
    if (connections.size() >= settings.maxConnections()) {
      refused++;
      if (!isFull) {
        isFull = true;
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}: {1} clients are connected, the most that maxConnections allows; others are"
                + " refused",
            settings,
            connections.size());
      }
      Closing.quietly(socket);
      return;
    }
    Thread reading = thread("socket of " + socket.getRemoteSocketAddress(), () -> read(socket));
    connections.put(socket, reading);
    reading.start();
  }

  private void read(Socket plain) {
    try {
      Socket socket = prepared(plain);
      new Peer(settings, messages, socket).read(() -> {});
    } catch (IOException e) {
      if (!isClosed()) {
        LOG.log(
            System.Logger.Level.INFO,
            "{0}: the connection of {1} has broken: {2}",
            settings,
            plain.getRemoteSocketAddress(),
            e);
      }
    } catch (RuntimeException e) {
      messages.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Closing.quietly(plain);
      forget(plain);
    }
  }

  private Socket prepared(Socket plain) throws IOException {
    SSLContext context = tls;
    Socket socket = plain;
    if (context != null) {
      plain.setSoTimeout(HANDSHAKE_MILLIS);
      SSLSocket secure =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(
                      plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
      secure.setUseClientMode(false);
      TlsStores stores = settings.tls();
      secure.setNeedClientAuth(stores != null && stores.options().trustStore() != null);
      secure.startHandshake();
      socket = secure;
    }
    Peer.prepare(socket, settings);
    return socket;
  }

  private synchronized void forget(Socket socket) {
    connections.remove(socket);
    if (isFull) {
      isFull = false;
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: there is room for clients again; {1} were refused since it was opened",
          settings,
          refused);
    }
  }

  @Override
  public void check() {}

  @Override
  public void close() {
    closed.countDown();
    if (server != null) {
      Closing.quietly(server);
    }
    long deadline = System.nanoTime() + Closing.PATIENCE.toNanos();
    List<Thread> reading;
    synchronized (this) {
      connections.keySet().forEach(Closing::quietly);
      reading = List.copyOf(connections.values());
    }
    join(reading, deadline);
    messages.refuse();
    join(reading, System.nanoTime() + Closing.PATIENCE.toNanos());
  }

  private static void join(List<Thread> threads, long deadline) {
    try {
      for (Thread thread : threads) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        thread.join(Math.max(1, left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
