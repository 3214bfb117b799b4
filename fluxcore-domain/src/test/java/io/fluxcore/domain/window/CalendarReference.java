package io.fluxcore.domain.window;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Calendar windows in the most naive way: from the first instant whose local date is in the period
 * or later. It is looked for by the offsets around it, not by the library's own start of a day.
 */
final class CalendarReference {
  private CalendarReference() {}

  static WindowReference.Bounds windowOf(CalendarWindows windows, long time) {
    // 54 hours before the local date may be the one before last, where clocks have gone back a day
    LocalDate day =
        LocalDateTime.ofEpochSecond(Math.floorDiv(time, 1000L), 0, ZoneOffset.UTC)
            .toLocalDate()
            .minusDays(3);
    LocalDate period = first(windows, day);
    while (start(windows, next(windows, period)) <= time) {
      period = next(windows, period);
    }
    return new WindowReference.Bounds(
        start(windows, period), start(windows, next(windows, period)));
  }

  private static LocalDate first(CalendarWindows windows, LocalDate day) {
    LocalDate at = day;
    while (!isFirst(windows, at)) {
      at = at.minusDays(1);
    }
    return at;
  }

  private static LocalDate next(CalendarWindows windows, LocalDate period) {
    LocalDate at = period.plusDays(1);
    while (!isFirst(windows, at)) {
      at = at.plusDays(1);
    }
    return at;
  }

  private static boolean isFirst(CalendarWindows windows, LocalDate day) {
    return switch (windows.unit()) {
      case DAY -> true;
      case WEEK -> day.getDayOfWeek() == windows.firstDayOfWeek();
      case MONTH -> day.getDayOfMonth() == 1;
      case QUARTER -> day.getDayOfMonth() == 1 && day.getMonthValue() % 3 == 1;
      case YEAR -> day.getDayOfYear() == 1;
    };
  }

  /** The first instant at which clocks show this midnight or something later. */
  private static long start(CalendarWindows windows, LocalDate day) {
    ZoneRules rules = windows.zone().getRules();
    LocalDateTime midnight = LocalDateTime.of(day, LocalTime.MIDNIGHT);
    ZoneOffsetTransition change = rules.getTransition(midnight);
    long second =
        change == null
            ? midnight.toEpochSecond(rules.getOffset(midnight))
            : change.isGap()
                ? change.toEpochSecond()
                : midnight.toEpochSecond(change.getOffsetBefore());
    return second * 1000;
  }
}
