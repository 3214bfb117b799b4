package io.fluxcore.adapters.out.websocket;

import io.fluxcore.adapters.out.push.RecentEvents;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.java_websocket.WebSocket;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.framing.CloseFrame;

/**
 * One client, which gets what comes from its connection on. The next messages are given to the
 * library when it has sent the last ones, so that nothing piles up there.
 */
final class PushedClient {
  private static final System.Logger LOG = System.getLogger(PushedClient.class.getName());
  private static final long BYTES_AT_ONCE = 256 * 1024;
  private static final long LOOK_MILLIS = 2;
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WebSocket connection;
  private final WebSocketOptions options;
  private final RecentEvents messages;
  private final AtomicLong missed;
  private final AtomicLong dropped;
  private final Thread thread = new Thread(this::run, "websocket client");
  private long at;
  private volatile boolean leaving;

  PushedClient(
      WebSocket connection,
      WebSocketOptions options,
      RecentEvents messages,
      long after,
      AtomicLong missed,
      AtomicLong dropped) {
    this.connection = connection;
    this.options = options;
    this.messages = messages;
    this.missed = missed;
    this.dropped = dropped;
    this.at = after;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (sendNext()) {
        awaitSent();
      }
    } catch (WebsocketNotConnectedException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0}: a client has gone: {1}", options, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether to go on. */
  private boolean sendNext() throws InterruptedException {
    boolean isLast = leaving; // it still gets what there is
    RecentEvents.Portion portion = messages.after(at, BYTES_AT_ONCE, isLast ? 0 : WAIT_NANOS);
    if (portion.missed() > 0) {
      missed.addAndGet(portion.missed());
      connection.send("{\"$missed\":" + portion.missed() + "}");
    }
    for (byte[] message : portion.events()) {
      if (options.isText()) {
        connection.send(new String(message, StandardCharsets.UTF_8));
      } else {
        connection.send(message);
      }
    }
    at = Math.max(at, portion.last());
    return connection.isOpen() && !(isLast && portion.events().isEmpty());
  }

  private void awaitSent() throws InterruptedException {
    long begun = System.nanoTime();
    while (connection.hasBufferedData() && connection.isOpen()) {
      if (System.nanoTime() - begun > options.push().sendTimeout().toNanos()) {
        dropped.incrementAndGet();
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}: the client {1} takes nothing, and is dropped",
            options,
            connection.getRemoteSocketAddress());
        connection.closeConnection(CloseFrame.TRY_AGAIN_LATER, "too slow");
        return;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** Ends it when it has what there is. */
  void leave() {
    leaving = true;
  }

  /** The connection has ended. */
  void gone() {
    leaving = true;
    thread.interrupt();
  }

  void join(long nanos) throws InterruptedException {
    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
  }
}
