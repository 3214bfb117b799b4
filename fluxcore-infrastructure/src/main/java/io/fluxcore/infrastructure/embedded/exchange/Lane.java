package io.fluxcore.infrastructure.embedded.exchange;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowCollector;
import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.channel.Element;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sending end of a {@link Channel}: collects rows until a batch is worth sending. What waits is
 * sent when it is full, before every control element, and by {@link #flush()}. Used by the sending
 * task's thread.
 */
public final class Lane {
  private final Channel channel;
  private final Blocker blocker;
  private final int batchRows;
  private final int minKeyGroup;
  private final int maxKeyGroup;
  private @Nullable RowCollector waiting;
  private long waitingSinceNanos;
  private long waitingReadNanos;

  /** What a sender does while a channel is full. */
  @FunctionalInterface
  public interface Blocker {
    /**
     * Returns when the channel may have room.
     *
     * @param forRows whether room for rows is wanted, or just a slot
     */
    void await(Channel channel, boolean forRows);
  }

  /**
   * @param minKeyGroup smallest key group that this lane may carry, -1 for an exchange without keys
   */
  public Lane(Channel channel, Blocker blocker, int batchRows, int minKeyGroup, int maxKeyGroup) {
    this.channel = channel;
    this.blocker = blocker;
    this.batchRows = batchRows;
    this.minKeyGroup = minKeyGroup;
    this.maxKeyGroup = maxKeyGroup;
  }

  public boolean hasRoom() {
    return channel.hasRoom();
  }

  public boolean isWaiting() {
    return waiting != null && !waiting.isEmpty();
  }

  /** Whether rows wait here and the receiver has nothing else to do, or they wait for too long. */
  public boolean isDue(long nowNanos, long lingerNanos) {
    return isWaiting() && (nowNanos - waitingSinceNanos >= lingerNanos || channel.isEmpty());
  }

  /** Whether rows have been waiting for this long. */
  public boolean isOverdue(long nowNanos, long lingerNanos) {
    return isWaiting() && nowNanos - waitingSinceNanos >= lingerNanos;
  }

  /** Sends a whole batch: as it is if it is big and mostly selected, else with others. */
  public void send(EventBatch batch, int[] identity, long readNanos, long nowNanos) {
    int[] selection = batch.selection();
    boolean big = batch.size() >= batchRows / 2;
    if (big && batch.size() * 2L >= batch.rowCount() && !batch.isBorrowed()) {
      flush();
      put(batch, readNanos);
    } else {
      send(batch, selection == null ? identity : selection, 0, batch.size(), readNanos, nowNanos);
    }
  }

  /** Sends rows {@code rows[from..from+count)} of a batch, perhaps later. */
  public void send(
      EventBatch batch, int[] rows, int from, int count, long readNanos, long nowNanos) {
    if (count == 0) {
      return;
    }
    RowCollector collector = collectorFor(batch);
    if (collector == null) {
      flush();
      put(
          batch.gather(from == 0 ? rows : Arrays.copyOfRange(rows, from, from + count), count),
          readNanos);
      return;
    }
    int at = from;
    int left = count;
    while (left > 0) {
      if (collector.isEmpty()) {
        waitingSinceNanos = nowNanos;
        waitingReadNanos = readNanos;
      }
      int part = Math.min(left, collector.room());
      collector.add(batch, rows, at, part);
      at += part;
      left -= part;
      if (collector.isFull()) {
        flush();
      }
    }
  }

  private @Nullable RowCollector collectorFor(EventBatch batch) {
    if (waiting != null && waiting.accepts(batch)) {
      return waiting;
    }
    flush();
    RowCollector fresh = new RowCollector(batch.schema(), batchRows);
    if (!fresh.accepts(batch)) {
      return null;
    }
    waiting = fresh;
    return fresh;
  }

  /** Sends what waits. */
  public void flush() {
    RowCollector collector = waiting;
    if (collector != null && !collector.isEmpty()) {
      put(collector.build(), waitingReadNanos);
    }
  }

  private void put(EventBatch batch, long readNanos) {
    EventBatch marked = minKeyGroup < 0 ? batch : batch.withKeyGroups(minKeyGroup, maxKeyGroup);
    while (!channel.hasRoom()) {
      blocker.await(channel, true);
    }
    channel.offer(new Element.Rows(marked, marked.estimatedBytes(), readNanos));
  }

  /** Sends a control element after all rows. */
  public void control(Element element) {
    if (element instanceof Element.Barrier) {
      channel.announceBarrier();
    }
    flush();
    while (!channel.offer(element)) {
      blocker.await(channel, false);
    }
  }
}
