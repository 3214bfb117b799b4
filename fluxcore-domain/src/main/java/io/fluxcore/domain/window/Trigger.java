package io.fluxcore.domain.window;

import io.fluxcore.domain.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a window gives results: on the watermark, which is when it is complete as far as can be
 * told, and early or late beside. How the results of one window relate is told by {@link
 * Accumulation}; {@code DISCARDING} is what Flink calls purging. Early firings look at each group
 * for itself and do not change what the window gives on the watermark, but under {@code DISCARDING}
 * that is what came since the last firing. Immutable.
 *
 * <p>Intervals are aligned to the epoch, from the first row of the group on, as in Flink's
 * continuous triggers: a row at 12:00:07 and an interval of 10 s have its group fire at 12:00:10,
 * and at every tenth second from then on, whether or not rows have come since. A watermark that
 * jumps over several of these times fires once.
 *
 * @param firesOnWatermark whether the window fires when the watermark passes its end; for a global
 *     window, at the end of the input. Without it what has not been given when the window closes is
 *     never given
 * @param earlyEvery interval of event time after which a group fires early, null for none
 * @param earlyEveryProcessingTime the same of processing time
 * @param earlyAfter rows after which a group fires early, 0 for none
 * @param late how often late rows make the window fire again
 */
public record Trigger(
    boolean firesOnWatermark,
    @Nullable Duration earlyEvery,
    @Nullable Duration earlyEveryProcessingTime,
    long earlyAfter,
    LateFiring late) {
  private static final Trigger ON_WATERMARK =
      new Trigger(true, null, null, 0, LateFiring.EACH_BATCH);

  /** Fires on the watermark, and once a batch for late rows: what windows do unless told. */
  public static Trigger onWatermark() {
    return ON_WATERMARK;
  }

  /** Fires after every so many rows of a group, and at no other time (Flink's CountTrigger). */
  public static Trigger afterCount(long rows) {
    return ON_WATERMARK.withEarlyAfter(rows).withoutWatermark();
  }

  /** Also fires each time that event time has passed a multiple of this. */
  public Trigger withEarlyEvery(Duration interval) {
    return new Trigger(firesOnWatermark, interval, earlyEveryProcessingTime, earlyAfter, late);
  }

  /** Also fires each time that the clock has passed a multiple of this. */
  public Trigger withEarlyEveryProcessingTime(Duration interval) {
    return new Trigger(firesOnWatermark, earlyEvery, interval, earlyAfter, late);
  }

  /** Also fires after every so many rows of a group. */
  public Trigger withEarlyAfter(long rows) {
    return new Trigger(firesOnWatermark, earlyEvery, earlyEveryProcessingTime, rows, late);
  }

  /** How often late rows make the window fire again. */
  public Trigger withLate(LateFiring firing) {
    return new Trigger(firesOnWatermark, earlyEvery, earlyEveryProcessingTime, earlyAfter, firing);
  }

  /** Only fires early. */
  public Trigger withoutWatermark() {
    return new Trigger(false, earlyEvery, earlyEveryProcessingTime, earlyAfter, late);
  }

  /** Whether it is what windows do unless told. */
  public boolean isUsual() {
    return equals(ON_WATERMARK);
  }

  /** Whether it fires before the watermark. */
  public boolean isEarly() {
    return earlyEvery != null || earlyEveryProcessingTime != null || earlyAfter != 0;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (firesOnWatermark) {
      parts.add("on watermark");
    }
    if (earlyEvery != null) {
      parts.add("early every " + DurationText.format(earlyEvery));
    }
    if (earlyEveryProcessingTime != null) {
      parts.add(
          "early every " + DurationText.format(earlyEveryProcessingTime) + " of processing time");
    }
    if (earlyAfter != 0) {
      parts.add("early after " + earlyAfter + " rows");
    }
    if (late == LateFiring.EACH_ROW) {
      parts.add("each late row");
    }
    return parts.isEmpty() ? "never" : String.join(", ", parts);
  }
}
