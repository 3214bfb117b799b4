package io.fluxcore.domain.keyed;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.time.TimeCharacteristic;

/**
 * The times by which state lives: that of the stream, which while event timers fire is that of the
 * timer, and that of the host. {@link Long#MIN_VALUE} where none is known.
 */
public final class StateClock {
  /** In place of the deadline of what does not expire. */
  public static final long NEVER = Long.MAX_VALUE;

  private long eventTime = Long.MIN_VALUE;
  private long processingTime = Long.MIN_VALUE;
  private long rowTime = EventBatch.NO_TIMESTAMP;

  public void eventTime(long millis) {
    eventTime = Math.max(eventTime, millis);
  }

  public void processingTime(long millis) {
    processingTime = Math.max(processingTime, millis);
  }

  public long processingTime() {
    return processingTime;
  }

  /** The time of the event at hand, or {@link EventBatch#NO_TIMESTAMP}. */
  public void rowTime(long millis) {
    rowTime = millis;
  }

  public long now(TimeCharacteristic time) {
    return time == TimeCharacteristic.EVENT ? eventTime : processingTime;
  }

  /** When what is used now expires. */
  public long deadline(TimeToLive life) {
    long used =
        life.time() == TimeCharacteristic.EVENT ? Math.max(eventTime, rowTime) : processingTime;
    if (used == Long.MIN_VALUE) {
      return NEVER;
    }
    long deadline = used + life.duration().toMillis();
    return deadline < used ? NEVER : deadline;
  }

  public boolean isOver(long deadline, TimeToLive life) {
    return deadline != NEVER && deadline <= now(life.time());
  }
}
