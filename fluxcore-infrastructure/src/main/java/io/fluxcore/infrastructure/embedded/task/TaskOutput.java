package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.StageOutput;
import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.channel.Element;
import io.fluxcore.infrastructure.embedded.channel.Signal;
import io.fluxcore.infrastructure.embedded.exchange.Exchange;
import io.fluxcore.infrastructure.embedded.exchange.Lane;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The outgoing edges of a task. A full channel blocks the task; a cancel ends the wait with {@link
 * TaskCancelled}.
 */
final class TaskOutput implements StageOutput {
  /** Waits look at the clock this often, so that metrics of a blocked task stay up to date. */
  private static final long WAIT_NANOS = 100_000_000;

  private final Exchange[] exchanges;
  private final Lane[] lanes;
  private final Signal signal;
  private final BooleanSupplier cancelled;
  private final TaskTimes times;
  private long nowNanos;
  private long readNanos;
  private volatile long watermark = Long.MIN_VALUE;

  TaskOutput(List<Exchange> exchanges, Signal signal, BooleanSupplier cancelled, TaskTimes times) {
    this.exchanges = exchanges.toArray(Exchange[]::new);
    this.lanes = exchanges.stream().flatMap(e -> e.lanes().stream()).toArray(Lane[]::new);
    this.signal = signal;
    this.cancelled = cancelled;
    this.times = times;
  }

  /** What a lane does while its channel is full. */
  static Lane.Blocker blocker(Signal signal, BooleanSupplier cancelled, TaskTimes times) {
    return (channel, forRows) -> block(channel, forRows, signal, cancelled, times);
  }

  private static void block(
      Channel channel, boolean forRows, Signal signal, BooleanSupplier cancelled, TaskTimes times) {
    long start = System.nanoTime();
    signal.await(
        () -> cancelled.getAsBoolean() || (forRows ? channel.hasRoom() : channel.hasSlot()),
        WAIT_NANOS);
    times.backPressured(System.nanoTime() - start);
    if (cancelled.getAsBoolean()) {
      throw new TaskCancelled();
    }
  }

  /**
   * What follows is caused by this.
   *
   * @param read when a source read it
   * @param now the time now
   */
  void cause(long read, long now) {
    readNanos = read;
    nowNanos = now;
  }

  long readNanos() {
    return readNanos;
  }

  @Override
  public void emit(int edge, EventBatch batch) {
    exchanges[edge].send(batch, readNanos, nowNanos);
  }

  @Override
  public void watermark(long newWatermark) {
    watermark = newWatermark;
    broadcast(new Element.Watermark(newWatermark, readNanos));
  }

  /** The last watermark sent. Any thread. */
  long currentWatermark() {
    return watermark;
  }

  @Override
  public boolean hasCapacity() {
    for (Lane lane : lanes) {
      if (!lane.hasRoom()) {
        return false;
      }
    }
    return true;
  }

  /** Waits until there is capacity, or a while, or until something else asks for attention. */
  void awaitCapacity(BooleanSupplier attention) {
    awaitCapacity(attention, WAIT_NANOS);
  }

  /** As {@link #awaitCapacity(BooleanSupplier)}, but no longer than this. */
  void awaitCapacity(BooleanSupplier attention, long nanos) {
    long start = System.nanoTime();
    signal.await(
        () -> hasCapacity() || cancelled.getAsBoolean() || attention.getAsBoolean(), nanos);
    times.backPressured(System.nanoTime() - start);
    if (cancelled.getAsBoolean()) {
      throw new TaskCancelled();
    }
  }

  /** Sends a control element along all edges, after the rows that wait. */
  void broadcast(Element element) {
    for (Lane lane : lanes) {
      lane.control(element);
    }
  }

  /** Sends all rows that wait, as far as there is room. */
  void flushRows() {
    for (Lane lane : lanes) {
      if (lane.isWaiting() && lane.hasRoom()) {
        lane.flush();
      }
    }
  }

  /** Sends rows that waited for the linger. */
  void flushOverdue(long now, long lingerNanos) {
    for (Lane lane : lanes) {
      if (lane.isOverdue(now, lingerNanos) && lane.hasRoom()) {
        lane.flush();
      }
    }
  }

  /**
   * For a task with nothing to do: sends rows to receivers with nothing to do.
   *
   * @return whether rows still wait
   */
  boolean flushDue(long now, long lingerNanos) {
    boolean waiting = false;
    for (Lane lane : lanes) {
      if (lane.isDue(now, lingerNanos) && lane.hasRoom()) {
        lane.flush();
      }
      waiting |= lane.isWaiting();
    }
    return waiting;
  }
}
