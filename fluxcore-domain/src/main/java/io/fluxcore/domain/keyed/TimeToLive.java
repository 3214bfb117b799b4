package io.fluxcore.domain.keyed;

import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * How long state is kept after its last use: a value as a whole, of a list or map each element by
 * itself. What has expired is never returned, and is removed in the course of normal processing.
 *
 * <p>In event time an element counts from the time of the event, or from the watermark where that
 * is further, and expires when the watermark reaches the end; in {@code onTimer} of an event timer
 * the timer's time counts. What is written before any time is known does not expire until it is
 * written again. A changed duration counts for what is written from then on.
 *
 * @param duration whole milliseconds, positive
 * @param renewal which uses count
 * @param time {@link TimeCharacteristic#EVENT} or {@link TimeCharacteristic#PROCESSING}
 */
public record TimeToLive(Duration duration, Renewal renewal, TimeCharacteristic time) {
  /** State that stays until it is cleared, also where the function has a time-to-live. */
  public static final TimeToLive NEVER =
      new TimeToLive(
          Duration.ofMillis(Long.MAX_VALUE), Renewal.ON_WRITE, TimeCharacteristic.PROCESSING);

  /** Which uses of state prolong its life. */
  public enum Renewal {
    ON_WRITE,
    ON_READ_AND_WRITE
  }

  public TimeToLive {
    Objects.requireNonNull(renewal);
    if (duration.isNegative() || duration.toMillis() == 0) {
      throw new IllegalArgumentException(
          "a time-to-live of " + duration + ": give at least a millisecond");
    }
    if (time == TimeCharacteristic.INGESTION) {
      throw new IllegalArgumentException("a time-to-live is in event time or in processing time");
    }
  }

  /** After the last write, in processing time. */
  public static TimeToLive ofProcessingTime(Duration duration) {
    return new TimeToLive(duration, Renewal.ON_WRITE, TimeCharacteristic.PROCESSING);
  }

  /** After the last write, in event time. */
  public static TimeToLive ofEventTime(Duration duration) {
    return new TimeToLive(duration, Renewal.ON_WRITE, TimeCharacteristic.EVENT);
  }

  /** The same with reading as a use. */
  public TimeToLive renewedByReads() {
    return new TimeToLive(duration, Renewal.ON_READ_AND_WRITE, time);
  }

  /** Whether state stays until it is cleared. */
  public boolean isNever() {
    return equals(NEVER);
  }

  @Override
  public String toString() {
    return isNever()
        ? "never"
        : DurationText.format(duration)
            + " of "
            + time.name().toLowerCase(Locale.ROOT)
            + " time"
            + (renewal == Renewal.ON_WRITE ? "" : ", renewed by reads");
  }
}
