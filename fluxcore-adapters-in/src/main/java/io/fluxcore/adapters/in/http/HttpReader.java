package io.fluxcore.adapters.in.http;

import io.fluxcore.adapters.in.backlog.Backlog;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.adapters.in.format.RecordDecoder;
import io.fluxcore.adapters.in.format.RecordSlices;
import io.fluxcore.adapters.in.format.SingleRecord;
import io.fluxcore.adapters.in.http.PublishHub.OpenStream;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what is published into a stream. The stream is there for publishers from {@link #assign}
 * to {@link #close}. Events carry the time at which they were published.
 */
final class HttpReader implements SourceReader {
  private static final int MAX_BATCH_BYTES = 4 << 20;
  private static final int MICROS_PER_MILLI = 1000;

  private final HttpSource source;
  private final ReaderContext context;
  private final EventIds ids;
  private final RecordDecoder decoder;
  private final RecordSlices slices = new RecordSlices();
  private final TreeMap<Long, Long> checkpoints = new TreeMap<>();
  private final WakeUp wakeUp = new WakeUp();
  private byte[] buffer = new byte[64 * 1024];
  private int filled;
  private long[] millis;
  private int taken;
  private int[] starts;
  private @Nullable OpenStream stream;

  HttpReader(HttpSource source, ReaderContext context) {
    this.source = source;
    this.context = context;
    this.ids = new EventIds(context.schema(), source.settings().idField());
    this.decoder = source.format().decoder(ids.decoded(), context.keepRaw(), null);
    this.millis = new long[context.batchRows()];
    this.starts = new int[context.batchRows() + 1];
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    Backlog backlog = source.backlog(position);
    OpenStream opened =
        new OpenStream(split.id(), backlog, source.settings().maxEventBytes(), this::wakeUp);
    try {
      source.hub().open(opened);
    } catch (RuntimeException e) {
      backlog.close();
      throw e;
    }
    stream = opened;
  }

  @Override
  public Poll poll(Duration maxWait) {
    Poll found = next();
    if (found == null && !maxWait.isZero()) {
      wakeUp.await(maxWait);
      found = next();
    }
    return found == null ? Poll.Nothing.INSTANCE : found;
  }

  private @Nullable Poll next() {
    OpenStream open = stream;
    if (open == null) {
      return null;
    }
    Backlog backlog = open.backlog();
    long first = backlog.offset();
    filled = 0;
    taken = 0;
    if (backlog.read(this::take) == 0) {
      return null;
    }
    slices.reset(buffer);
    for (int i = 0; i < taken; i++) {
      slices.add(starts[i], starts[i + 1] - 1, first + i);
    }
    List<BadRecord> bad = new ArrayList<>();
    boolean[] isBad = new boolean[taken];
    decoder.decode(
        slices,
        (record, code, message) -> {
          isBad[record] = true;
          bad.add(
              new BadRecord(
                  slices.copy(record), open.name() + "@" + slices.line(record), code, message));
        });
    return new Poll.Rows(
        open.name(),
        ids.finish(decoder.build(), Envelope.ofSource(context.operatorId()))
            .withTimestamps(timestamps(isBad)),
        HttpSource.position(backlog.offset()),
        bad,
        0);
  }

  /** Collects events one behind the other, with a line end between. */
  private boolean take(long micros, MessageProperties properties, byte[] bytes, int from, int to) {
    int length = to - from;
    if (filled + length + 1 > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, filled + length + 1));
    }
    starts[taken] = filled;
    System.arraycopy(bytes, from, buffer, filled, length);
    filled += length;
    buffer[filled++] = '\n';
    millis[taken++] = Math.floorDiv(micros, MICROS_PER_MILLI);
    starts[taken] = filled;
    return taken < context.batchRows() && filled < MAX_BATCH_BYTES;
  }

  private long[] timestamps(boolean[] isBad) {
    long[] timestamps = new long[taken];
    int rows = 0;
    for (int i = 0; i < taken; i++) {
      if (!isBad[i]) {
        timestamps[rows++] = millis[i];
      }
    }
    return timestamps;
  }

  /** As if it were published now. */
  @Override
  public Decoded decode(String split, byte[] record) {
    RecordDecoder single = source.format().decoder(ids.decoded(), context.keepRaw(), null);
    Decoded decoded = SingleRecord.decode(single, record);
    EventBatch batch = ids.finish(decoded.batch(), Envelope.ofSource(context.operatorId()));
    long[] now = new long[batch.rowCount()];
    Arrays.fill(now, System.currentTimeMillis());
    return new Decoded(batch.withTimestamps(now), decoded.bad());
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void checkpointStarted(long checkpointId) {
    OpenStream open = stream;
    if (open != null) {
      checkpoints.put(checkpointId, open.backlog().offset());
    }
  }

  @Override
  public void checkpointCompleted(long checkpointId) {
    OpenStream open = stream;
    NavigableMap<Long, Long> covered = checkpoints.headMap(checkpointId, true);
    Map.Entry<Long, Long> last = covered.lastEntry();
    if (open != null && last != null) {
      open.backlog().release(last.getValue());
      covered.clear();
    }
  }

  @Override
  public void close() {
    OpenStream open = stream;
    stream = null;
    if (open != null) {
      source.hub().close(open);
      open.backlog().close();
    }
  }
}
