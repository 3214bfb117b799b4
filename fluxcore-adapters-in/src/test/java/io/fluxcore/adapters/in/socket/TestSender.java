package io.fluxcore.adapters.in.socket;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a source: a server that sends what it has to who calls, or a client that calls
 * until it is answered. It keeps what it has not sent, over its own death too.
 */
final class TestSender implements AutoCloseable {
  private final int port;
  private final boolean isServer;
  private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean paused;
  private @Nullable Line line;

  /** What lives from start to death. */
  private final class Line {
    private final Thread thread = new Thread(this::run, "test sender");
    private final @Nullable ServerSocket server;
    private volatile @Nullable Socket socket;
    private volatile boolean ended;

    Line() throws IOException {
      ServerSocket opened = null;
      if (isServer) {
        opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      }
      server = opened;
      thread.start();
    }

    private void run() {
      while (!ended) {
        try (Socket connected = connect()) {
          socket = connected;
          connections.incrementAndGet();
          send(connected);
        } catch (IOException e) {
          Thread.onSpinWait(); // nobody is there: the next connection goes on
        }
      }
    }

    private Socket connect() throws IOException {
      if (server != null) {
        return server.accept();
      }
      return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Sends what there is, and looks in between whether the other side has gone. */
    private void send(Socket connected) throws IOException {
      connected.setSoTimeout(1);
      OutputStream out = connected.getOutputStream();
      while (!ended) {
        byte[] next = paused ? null : queue.poll();
        if (next != null) {
          out.write(next);
        } else if (isOver(connected)) {
          throw new EOFException();
        }
      }
    }

    private boolean isOver(Socket connected) throws IOException {
      try {
        return connected.getInputStream().read() < 0;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }

    void kill() {
      ended = true;
      try {
        if (server != null) {
          server.close();
        }
        Socket open = socket;
        if (open != null && !open.isClosed()) {
          open.setSoLinger(true, 0); // the connection is reset
          open.close();
        }
        thread.join();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private TestSender(int port, boolean isServer) {
    this.port = port;
    this.isServer = isServer;
    restart();
  }

  static TestSender server(int port) {
    return new TestSender(port, true);
  }

  static TestSender client(int port) {
    return new TestSender(port, false);
  }

  void send(byte[] bytes) {
    queue.add(bytes);
  }

  /** How much it has that is not sent. */
  int waiting() {
    return queue.size();
  }

  /** How many connections there were. */
  int connections() {
    return connections.get();
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  void kill() {
    Line open = line;
    line = null;
    if (open != null) {
      open.kill();
    }
  }

  void restart() {
    try {
      line = new Line();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
