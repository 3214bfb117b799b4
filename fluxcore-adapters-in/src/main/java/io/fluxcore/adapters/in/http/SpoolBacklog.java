package io.fluxcore.adapters.in.http;

import io.fluxcore.adapters.in.spool.Spool;
import io.fluxcore.adapters.in.spool.SpoolCursor;
import io.fluxcore.adapters.in.spool.SpoolFull;
import io.fluxcore.application.publish.PublishRefused;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Events in a spool, each with the time at which it came in front. */
final class SpoolBacklog implements Backlog {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final String stream;
  private final Spool spool;
  private final SpoolCursor cursor;

  /** Reads on from an offset. Closes the spool in the end. */
  SpoolBacklog(String stream, Spool spool, long from) {
    this.stream = stream;
    this.spool = spool;
    this.cursor = spool.cursor(from);
  }

  @Override
  public void append(List<byte[]> events, long micros) {
    List<byte[]> records = new ArrayList<>(events.size());
    long bytes = 0;
    for (byte[] event : events) {
      records.add(
          ByteBuffer.allocate(Long.BYTES + event.length).putLong(micros).put(event).array());
      bytes += Long.BYTES + event.length;
    }
    long needed = Spool.framedBytes(records.size(), bytes);
    if (needed > spool.capacityBytes()) {
      throw MemoryBacklog.tooLarge(
          stream, events.size(), needed, Integer.MAX_VALUE, spool.capacityBytes());
    }
    try {
      spool.append(records);
    } catch (SpoolFull e) {
      throw new PublishRefused(e.diagnostics().get(0), 0, RETRY_AFTER, e);
    }
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public long offset() {
    return cursor.offset();
  }

  @Override
  public int read(Taker taker) {
    return cursor.read(
        (bytes, from, to) -> {
          long micros = ByteBuffer.wrap(bytes, from, Long.BYTES).getLong();
          return taker.take(micros, bytes, from + Long.BYTES, to);
        });
  }

  @Override
  public void release(long offset) {
    spool.release(offset);
  }

  @Override
  public void close() {
    cursor.close();
    spool.close();
  }
}
