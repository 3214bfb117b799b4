package io.fluxcore.adapters.in.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/**
 * A server of a test that sends what it has to the last one who called, and keeps what it has not
 * sent, over its own death too. At the path {@code /forbidden} nobody is let in.
 */
final class TestServer implements AutoCloseable {
  private final int port;
  private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final List<ClientHandshake> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger pings = new AtomicInteger();
  private volatile boolean paused;
  private @Nullable Running running;

  private final class Running extends WebSocketServer {
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Thread sending = new Thread(this::sendAll, "test server sends");
    private volatile @Nullable WebSocket last;
    private volatile boolean ended;

    Running() {
      super(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      setReuseAddr(true);
      setDaemon(true);
      setConnectionLostTimeout(0);
    }

    void begin() {
      start();
      started.join();
      sending.setDaemon(true);
      sending.start();
    }

    private void sendAll() {
      try {
        while (!ended) {
          WebSocket to = last;
          Object next =
              paused || to == null || !to.isOpen() || to.hasBufferedData()
                  ? null
                  : queue.poll(1, TimeUnit.MILLISECONDS);
          if (next instanceof String text) {
            to.send(text);
          } else if (next instanceof byte[] bytes) {
            to.send(bytes);
          } else if (next == null) {
            TimeUnit.MILLISECONDS.sleep(1);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
        WebSocket connection, Draft draft, ClientHandshake request) throws InvalidDataException {
      if (request.getResourceDescriptor().startsWith("/nowhere")) {
        throw new InvalidDataException(CloseFrame.REFUSE); // the library says 404
      }
      return super.onWebsocketHandshakeReceivedAsServer(connection, draft, request);
    }

    @Override
    public void onOpen(WebSocket connection, ClientHandshake call) {
      calls.add(call);
      last = connection;
    }

    @Override
    public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

    @Override
    public void onMessage(WebSocket connection, String text) {
      received.add(text);
    }

    @Override
    public void onMessage(WebSocket connection, ByteBuffer bytes) {}

    @Override
    public void onWebsocketPing(WebSocket connection, org.java_websocket.framing.Framedata frame) {
      pings.incrementAndGet();
      if (!paused) {
        super.onWebsocketPing(connection, frame);
      }
    }

    @Override
    public void onError(@Nullable WebSocket connection, Exception error) {
      started.completeExceptionally(error);
    }

    @Override
    public void onStart() {
      started.complete(null);
    }

    void end() {
      ended = true;
      try {
        sending.join();
        stop(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  TestServer(int port) {
    this.port = port;
    restart();
  }

  void send(String text) {
    queue.add(text);
  }

  void send(byte[] bytes) {
    queue.add(bytes);
  }

  int waiting() {
    return queue.size();
  }

  /** What those who called have sent. */
  Queue<String> received() {
    return received;
  }

  List<ClientHandshake> calls() {
    return calls;
  }

  int pings() {
    return pings.get();
  }

  /** Sends nothing, and answers no ping. */
  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  void kill() {
    Running open = running;
    running = null;
    if (open != null) {
      open.end();
    }
  }

  void restart() {
    Running next = new Running();
    next.begin();
    running = next;
  }

  @Override
  public void close() {
    kill();
  }
}
