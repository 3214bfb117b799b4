package io.fluxcore.adapters.out.sse;

import com.sun.net.httpserver.HttpExchange;
import io.fluxcore.adapters.out.push.RecentEvents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client. One that says by {@code Last-Event-ID} what it had last goes on after that, as far as
 * the events are still there; if they are not, an event {@code reset} tells it how many it missed.
 */
final class SseClient {
  private static final long BYTES_AT_ONCE = 256 * 1024;
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final byte[] DATA = {'d', 'a', 't', 'a', ':', ' '};

  private final HttpExchange exchange;
  private final String epoch;
  private final RecentEvents events;
  private final Duration heartbeat;
  private final AtomicLong missed;

  /** When the write began that goes on, in nanoseconds; 0: none does. */
  private volatile long writingSince;

  private volatile boolean leaving;
  private volatile boolean isDropped;

  SseClient(
      HttpExchange exchange,
      String epoch,
      RecentEvents events,
      Duration heartbeat,
      AtomicLong missed) {
    this.exchange = exchange;
    this.epoch = epoch;
    this.events = events;
    this.heartbeat = heartbeat;
    this.missed = missed;
  }

  /** Sends events until the client goes, or is to. */
  void run() throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    long at = begin(text); // before the client hears that it is let in, and may count on events
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    send(out, text);
    while (true) {
      boolean isLast = leaving; // it still gets what there is
      RecentEvents.Portion portion =
          events.after(at, BYTES_AT_ONCE, isLast ? 0 : heartbeat.toNanos());
      if (isLast && portion.events().isEmpty()) {
        return;
      }
      if (portion.missed() > 0) {
        missed.addAndGet(portion.missed());
        reset(text, portion.missed());
      }
      long number = portion.first();
      for (byte[] event : portion.events()) {
        write(text, number++, event);
      }
      if (portion.events().isEmpty()) {
        write(text, ": alive\n\n");
      }
      at = Math.max(at, portion.last());
      send(out, text);
    }
  }

  /** Where it goes on. */
  private long begin(ByteArrayOutputStream text) {
    String shown = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    long newest = events.last();
    write(text, ": fluxcore\n\n");
    if (shown == null || shown.isEmpty()) {
      return newest;
    }
    long number = number(shown);
    if (number >= 0 && number <= newest) {
      return number;
    }
    reset(text, -1);
    return 0;
  }

  /** The number of an event of this epoch; -1: it is of another one. */
  private long number(String id) {
    if (!id.startsWith(epoch + "-")) {
      return -1;
    }
    try {
      return Long.parseLong(id.substring(epoch.length() + 1));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /**
   * Tells that events are missing.
   *
   * @param number how many; -1: nobody knows
   */
  private static void reset(ByteArrayOutputStream text, long number) {
    write(
        text,
        "event: reset\ndata: {\"missed\":"
            + (number < 0 ? "null" : Long.toString(number))
            + "}\n\n");
  }

  /** An event; each line of it is a line of data. */
  private void write(ByteArrayOutputStream text, long number, byte[] event) {
    write(text, "id: " + epoch + "-" + number + "\n");
    int from = 0;
    for (int i = 0; i <= event.length; i++) {
      boolean isEnd = i == event.length || event[i] == '\n' || event[i] == '\r';
      if (isEnd) {
        text.writeBytes(DATA);
        text.write(event, from, i - from);
        text.write('\n');
        if (i + 1 < event.length && event[i] == '\r' && event[i + 1] == '\n') {
          i++;
        }
        from = i + 1;
      }
    }
    text.write('\n');
  }

  private static void write(ByteArrayOutputStream text, String line) {
    text.writeBytes(line.getBytes(StandardCharsets.UTF_8));
  }

  /** In pieces, so that a client is not stuck that takes some of it. */
  private void send(OutputStream out, ByteArrayOutputStream text) throws IOException {
    byte[] all = text.toByteArray();
    text.reset();
    try {
      for (int at = 0; at < all.length; at += CHUNK_BYTES) {
        long now = System.nanoTime();
        writingSince = now == 0 ? 1 : now;
        out.write(all, at, Math.min(CHUNK_BYTES, all.length - at));
        out.flush();
      }
    } finally {
      writingSince = 0;
    }
  }

  /** Whether it has taken nothing for so long. */
  boolean isStuck(long nanos) {
    long since = writingSince;
    return !isDropped && since != 0 && System.nanoTime() - since > nanos;
  }

  /** Ends it when it has what is being sent. */
  void leave() {
    leaving = true;
  }

  /** Ends it at once. */
  void drop() {
    isDropped = true;
    leaving = true;
    exchange.close();
  }

  @Override
  public String toString() {
    return String.valueOf(exchange.getRemoteAddress());
  }
}
