package io.fluxcore.adapters.in.http;

import io.fluxcore.adapters.in.backlog.Backlog;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.MessageRows;
import io.fluxcore.adapters.in.http.PublishHub.OpenStream;
import io.fluxcore.application.connector.CheckpointMarks;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what is published into a stream. The stream is there for publishers from {@link #assign}
 * to {@link #close}. Events carry the time at which they were published.
 */
final class HttpReader implements SourceReader {
  private static final int MICROS_PER_MILLI = 1000;

  private final HttpSource source;
  private final EventIds ids;
  private final MessageRows messages;
  private final CheckpointMarks<Long> checkpoints = new CheckpointMarks<>();
  private final WakeUp wakeUp = new WakeUp();
  private long nextOffset;
  private @Nullable OpenStream stream;

  HttpReader(HttpSource source, ReaderContext context) {
    this.source = source;
    this.ids = new EventIds(context.schema(), source.settings().idField());
    this.messages =
        new MessageRows(source.format(), MessageFields.NONE, context, ids.decoded(), null);
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    Backlog backlog = source.backlog(position);
    OpenStream opened =
        new OpenStream(
            split.id(),
            backlog,
            source.settings().maxEventBytes(),
            source.settings().access(),
            source.refused(),
            this::wakeUp);
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
    nextOffset = backlog.offset();
    if (backlog.read(this::take) == 0) {
      return null;
    }
    Poll.Rows read =
        messages.rows(
            open.name(),
            HttpSource.position(backlog.offset()),
            offset -> open.name() + "@" + offset);
    return new Poll.Rows(
        read.split(), ids.finish(read.batch()), read.end(), read.bad(), read.filtered());
  }

  private boolean take(long micros, MessageProperties properties, byte[] bytes, int from, int to) {
    messages.add(bytes, from, to, nextOffset++, Math.floorDiv(micros, MICROS_PER_MILLI));
    return !messages.isFull();
  }

  /** As if it were published now. */
  @Override
  public Decoded decode(String split, byte[] record) {
    Decoded decoded = messages.decode(record, System.currentTimeMillis());
    return new Decoded(ids.finish(decoded.batch()), decoded.bad());
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void checkpointStarted(long checkpointId) {
    OpenStream open = stream;
    if (open != null) {
      checkpoints.started(checkpointId, open.backlog().offset());
    }
  }

  @Override
  public void checkpointCompleted(long checkpointId) {
    OpenStream open = stream;
    Long offset = checkpoints.completed(checkpointId);
    if (open != null && offset != null) {
      open.backlog().release(offset);
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
