package io.fluxcore.domain.window;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;

/**
 * What the clocks of a zone show, in milliseconds from 1970-01-01T00:00 on them, and when they do.
 * Remembers the offset of the last instant, so it belongs to one thread.
 */
final class WallClock {
  /** What clocks show at the times that windows take, and what windows of such end at. */
  private static final long FARTHEST = 2 * WindowSpec.MAX_TIME;

  /** Clocks are never set back by more. */
  private static final long MOST_SET_BACK = 36 * 3_600_000L;

  private final ZoneRules rules;

  /** The offset from here to there, in milliseconds. */
  private long from = Long.MAX_VALUE;

  private long until = Long.MIN_VALUE;
  private long offset;

  WallClock(ZoneId zone) {
    this.rules = zone.getRules();
  }

  /** What the clocks show at an instant; one that no window takes stays as it is. */
  long shown(long instant) {
    if (!EventTimes.isUsable(instant)) {
      return instant;
    }
    if (instant < from || instant >= until) {
      look(instant);
    }
    return instant + offset;
  }

  private void look(long time) {
    Instant instant = Instant.ofEpochMilli(time);
    offset = millis(rules.getOffset(instant));
    ZoneOffsetTransition next = rules.nextTransition(instant);
    ZoneOffsetTransition last = rules.previousTransition(instant.plusNanos(1));
    until = next == null ? Long.MAX_VALUE : next.toEpochSecond() * 1000;
    from = last == null ? Long.MIN_VALUE : last.toEpochSecond() * 1000;
  }

  private static long millis(ZoneOffset offset) {
    return offset.getTotalSeconds() * 1000L;
  }

  /**
   * What the clocks never show again after an instant, nor anything less: a watermark, as they show
   * it. Where they will be set back it waits for that.
   */
  long passed(long watermark) {
    if (!EventTimes.isUsable(watermark)) {
      return watermark;
    }
    long after = watermark + 1;
    long least = shown(after);
    ZoneOffsetTransition next = rules.nextTransition(Instant.ofEpochMilli(after));
    while (next != null && next.toEpochSecond() * 1000 <= after + MOST_SET_BACK) {
      least = Math.min(least, next.toEpochSecond() * 1000 + millis(next.getOffsetAfter()));
      next = rules.nextTransition(next.getInstant());
    }
    return least - 1;
  }

  /** The last instant at which the clocks show no more than this. */
  long instant(long shown) {
    if (!isShown(shown)) {
      return shown;
    }
    LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochMilli(shown), ZoneOffset.UTC);
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return offsets.isEmpty()
        ? rules.getTransition(local).toEpochSecond() * 1000 - 1
        : shown - millis(offsets.get(offsets.size() - 1));
  }

  /** The largest watermark behind which is every result that is to come, once this has passed. */
  long heldBack(long shown) {
    return isShown(shown) ? instant(shown + 1) - 1 : shown;
  }

  private static boolean isShown(long shown) {
    return shown >= -FARTHEST && shown < FARTHEST;
  }
}
