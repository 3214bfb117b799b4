package io.fluxcore.application.connector;

import java.nio.ByteBuffer;

/**
 * Which events of a source are wanted, by their event time: an operator-wide entry of the source's
 * snapshot, so that it holds as long as the state does that was begun with it. Others are counted
 * as filtered.
 *
 * @param fromMillis the earliest event time, epoch milliseconds; {@link Long#MIN_VALUE}: any
 * @param untilMillis the event time from which on none is wanted; the source is read until nothing
 *     earlier can come, and its watermark stops there. {@link Long#MAX_VALUE}: there is no such
 */
public record TimeBounds(long fromMillis, long untilMillis) {
  /** Name of the entry. */
  public static final String ENTRY = "time-bounds";

  /** All events. */
  public static final TimeBounds NONE = new TimeBounds(Long.MIN_VALUE, Long.MAX_VALUE);

  private static final byte FORMAT = 1;
  private static final int BYTES = 1 + 2 * Long.BYTES;

  public TimeBounds {
    if (fromMillis >= untilMillis) {
      throw new IllegalArgumentException(
          "nothing is between " + fromMillis + " and " + untilMillis);
    }
  }

  /** Events of a time and later ones. */
  public static TimeBounds from(long millis) {
    return new TimeBounds(millis, Long.MAX_VALUE);
  }

  /** The same, but only earlier ones than a time. */
  public TimeBounds until(long millis) {
    return new TimeBounds(fromMillis, millis);
  }

  /** Whether there is a time from which on no event is wanted. */
  public boolean hasEnd() {
    return untilMillis != Long.MAX_VALUE;
  }

  /** Whether an event of this time is wanted. */
  public boolean holds(long millis) {
    return millis >= fromMillis && (millis < untilMillis || !hasEnd());
  }

  /** The bytes that snapshots hold. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).put(FORMAT).putLong(fromMillis).putLong(untilMillis).array();
  }

  /**
   * What {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if they are others
   */
  public static TimeBounds parse(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length != BYTES || in.get() != FORMAT) {
      throw new IllegalArgumentException("these are no time bounds that are known here");
    }
    return new TimeBounds(in.getLong(), in.getLong());
  }
}
