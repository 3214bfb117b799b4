package io.fluxcore.adapters.in.http;

import io.fluxcore.application.publish.PublishRefused;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/** Events in memory: gone with the process. */
final class MemoryBacklog implements Backlog {
  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  /** What an event costs beside its bytes. */
  private static final int OVERHEAD_BYTES = 24;

  private final String stream;
  private final long maxBytes;
  private final long maxRows;
  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private long bytes;
  private long rows;
  private long offset;

  /** Events that came together, read up to a point. */
  private static final class Chunk {
    final List<byte[]> events;
    final long micros;
    int next;

    Chunk(List<byte[]> events, long micros) {
      this.events = events;
      this.micros = micros;
    }
  }

  MemoryBacklog(String stream, long maxBytes, long maxRows) {
    this.stream = stream;
    this.maxBytes = maxBytes;
    this.maxRows = maxRows;
  }

  @Override
  public synchronized void append(List<byte[]> events, long micros) {
    long more = cost(events);
    if (more > maxBytes || events.size() > maxRows) {
      throw tooLarge(stream, events.size(), more, maxRows, maxBytes);
    }
    if (bytes + more > maxBytes || rows + events.size() > maxRows) {
      throw new PublishRefused(
          Diagnostic.error(
              "FLX-PUBLISH-0002",
              Place.of(stream),
              "stream '"
                  + stream
                  + "' has no room for "
                  + events.size()
                  + " more events: "
                  + rows
                  + " wait for its job",
              "try again a little later; if it lasts, the job is slower than its publishers"),
          0,
          RETRY_AFTER,
          null);
    }
    chunks.add(new Chunk(events, micros));
    bytes += more;
    rows += events.size();
  }

  static FluxCoreException tooLarge(
      String stream, int events, long bytes, long maxRows, long maxBytes) {
    return FluxCoreException.user(
        "FLX-PUBLISH-0003",
        Place.of(stream),
        events
            + " events of "
            + bytes
            + " bytes are more than stream '"
            + stream
            + "' ever has room for: "
            + maxRows
            + " events of "
            + maxBytes
            + " bytes",
        "publish fewer at a time, or give the stream a larger buffer");
  }

  private static long cost(List<byte[]> events) {
    long cost = 0;
    for (byte[] event : events) {
      cost += event.length + OVERHEAD_BYTES;
    }
    return cost;
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public synchronized long offset() {
    return offset;
  }

  @Override
  public synchronized int read(Taker taker) {
    int taken = 0;
    boolean wanted = true;
    while (wanted) {
      Chunk chunk = chunks.peek();
      if (chunk == null) {
        break;
      }
      byte[] event = chunk.events.get(chunk.next++);
      wanted = taker.take(chunk.micros, event, 0, event.length);
      taken++;
      rows--;
      bytes -= event.length + OVERHEAD_BYTES;
      if (chunk.next == chunk.events.size()) {
        chunks.remove();
      }
    }
    offset += taken;
    return taken;
  }

  @Override
  public void release(long upTo) {}

  /** What was not read stays for the job's next attempt. */
  @Override
  public void close() {}
}
