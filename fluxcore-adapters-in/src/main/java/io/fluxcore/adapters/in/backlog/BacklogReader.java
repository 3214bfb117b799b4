package io.fluxcore.adapters.in.backlog;

import io.fluxcore.adapters.in.backlog.MessageProperties.Flaw;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.MessageRows;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.CheckpointMarks;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes what is pushed into a source of one split, from {@link #assign} to {@link #close}. */
public final class BacklogReader implements SourceReader {
  private static final int MICROS_PER_MILLI = 1000;
  private static final int MAX_FLAWED = 1000;
  private static final Flaw NAMELESS =
      new Flaw(
          "FLX-BACKLOG-0004", "the message has no id, by which it could be known if it came again");

  private final Opener opener;
  private final MessageRows messages;
  private final boolean idsAreRequired;
  private final CheckpointMarks<Long> checkpoints = new CheckpointMarks<>();
  private final WakeUp wakeUp = new WakeUp();
  private final List<BadRecord> flawed = new ArrayList<>();
  private String split = "";
  private long nextOffset;
  private @Nullable Inflow inflow;

  /** Lets messages in. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Begins.
     *
     * @param position where to go on; null: at the start
     * @param arrived to be called when there is something to read, or an end
     */
    Inflow open(@Nullable SplitPosition position, Runnable arrived);
  }

  /**
   * A reader.
   *
   * @param idsAreRequired whether a message without an id is bad
   */
  public BacklogReader(
      Opener opener,
      RecordFormat format,
      MessageFields fields,
      ReaderContext context,
      boolean idsAreRequired) {
    this.opener = opener;
    this.messages = new MessageRows(format, fields, context, null);
    this.idsAreRequired = idsAreRequired;
  }

  @Override
  public void assign(Split assigned, @Nullable SplitPosition position) {
    split = assigned.id();
    inflow = opener.open(position, this::wakeUp);
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
    Inflow open = inflow;
    if (open == null) {
      return null;
    }
    nextOffset = open.backlog().offset();
    int read = open.backlog().read(this::take);
    int duplicates = open.takeDuplicates();
    if (read == 0 && duplicates == 0) {
      open.check();
      return null;
    }
    Poll.Rows rows = messages.rows(split, open.position(), this::coordinates);
    List<BadRecord> bad = new ArrayList<>(rows.bad());
    bad.addAll(flawed);
    flawed.clear();
    return new Poll.Rows(rows.split(), rows.batch(), rows.end(), bad, rows.filtered() + duplicates);
  }

  private String coordinates(long offset) {
    return split + "@" + offset;
  }

  private boolean take(long micros, MessageProperties properties, byte[] bytes, int from, int to) {
    long offset = nextOffset++;
    Flaw flaw = idsAreRequired && properties.id() == null ? NAMELESS : properties.flaw();
    if (flaw != null) {
      flawed.add(
          new BadRecord(
              Arrays.copyOfRange(bytes, from, to),
              coordinates(offset),
              flaw.code(),
              flaw.message()));
      return flawed.size() < MAX_FLAWED;
    }
    messages.add(bytes, from, to, offset, Math.floorDiv(micros, MICROS_PER_MILLI));
    String key = properties.key();
    if (key != null) {
      messages.key(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
    }
    String id = properties.id();
    if (id != null) {
      messages.id(id);
    }
    messages.headers(properties.headers());
    return !messages.isFull();
  }

  /** As if it came now. */
  @Override
  public @Nullable Decoded decode(String ofSplit, byte[] record) {
    return messages.decode(record, System.currentTimeMillis());
  }

  @Override
  public long lost(String ofSplit) {
    Inflow open = inflow;
    return open == null ? -1 : open.lost();
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void checkpointStarted(long checkpointId) {
    Inflow open = inflow;
    if (open != null) {
      checkpoints.started(checkpointId, open.backlog().offset());
    }
  }

  @Override
  public void checkpointCompleted(long checkpointId) {
    Inflow open = inflow;
    Long offset = checkpoints.completed(checkpointId);
    if (open != null && offset != null) {
      open.backlog().release(offset);
    }
  }

  @Override
  public void close() {
    Inflow open = inflow;
    inflow = null;
    if (open != null) {
      open.close();
    }
  }
}
