package io.fluxcore.domain.process;

import io.fluxcore.domain.time.TimeCharacteristic;

/**
 * A timer that is due.
 *
 * @param time {@link TimeCharacteristic#EVENT} or {@link TimeCharacteristic#PROCESSING}
 * @param timestampMillis what it was set to, epoch milliseconds
 */
public record Timer(TimeCharacteristic time, long timestampMillis) {
  public Timer {
    if (time == TimeCharacteristic.INGESTION) {
      throw new IllegalArgumentException("timers are in event time or in processing time");
    }
  }

  /** Whether the watermark has reached it, rather than the clock. */
  public boolean isEventTime() {
    return time == TimeCharacteristic.EVENT;
  }
}
