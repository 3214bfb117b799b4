package io.fluxcore.domain.time;

import io.fluxcore.domain.event.EventBatch;

/**
 * Watermark of one source partition after bounded out-of-orderness: the largest timestamp seen −
 * the bound − 1 ms; monotonous timestamps are the bound 0. Never goes back. Not thread-safe.
 */
public final class WatermarkGenerator {
  private final long boundMillis;
  private long largest;

  /**
   * @param largest the largest timestamp seen before a restore, or {@link EventBatch#NO_TIMESTAMP}
   */
  public WatermarkGenerator(WatermarkStrategy strategy, long largest) {
    this.boundMillis = strategy.maxOutOfOrderness().toMillis();
    this.largest = largest;
  }

  public WatermarkGenerator(WatermarkStrategy strategy) {
    this(strategy, EventBatch.NO_TIMESTAMP);
  }

  /** Takes note of a timestamp; {@link EventBatch#NO_TIMESTAMP} says nothing. */
  public void observe(long timestamp) {
    if (timestamp > largest) {
      largest = timestamp;
    }
  }

  /** The largest timestamp seen, or {@link EventBatch#NO_TIMESTAMP}. */
  public long largest() {
    return largest;
  }

  /** {@link Long#MIN_VALUE} before the first timestamp. */
  public long watermark() {
    long floor = Long.MIN_VALUE + boundMillis + 1;
    return largest <= floor ? Long.MIN_VALUE : largest - boundMillis - 1;
  }

  /**
   * The largest timestamp of the selected rows, {@link EventBatch#NO_TIMESTAMP} if none has one.
   */
  public static long largest(EventBatch batch) {
    long[] timestamps = batch.timestamps();
    int[] selection = batch.selection();
    int size = batch.size();
    long largest = EventBatch.NO_TIMESTAMP;
    if (selection == null) {
      for (int row = 0; row < size; row++) {
        largest = Math.max(largest, timestamps[row]);
      }
    } else {
      for (int i = 0; i < size; i++) {
        largest = Math.max(largest, timestamps[selection[i]]);
      }
    }
    return largest;
  }
}
