package io.fluxcore.domain.window;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;

/**
 * Windows side by side that are days, weeks, months, quarters or years of a time zone, from
 * midnight to midnight there, so that a day has 23 or 25 hours where clocks change.
 *
 * <p>A period starts at the first instant of its first day: after midnight where clocks skip it
 * (America/Sao_Paulo until 2018), and at the first of two midnights where they go back over it. A
 * day that a zone skipped altogether (Pacific/Apia, 30 December 2011) has no window. What days a
 * zone has is what the Java runtime's time-zone data say; later data may move future midnights.
 *
 * @param unit length of a window
 * @param zone whose midnights count
 * @param firstDayOfWeek where weeks start; of no account for other units
 */
public record CalendarWindows(CalendarUnit unit, ZoneId zone, DayOfWeek firstDayOfWeek)
    implements TimeWindows {

  /** The first instant of a day. */
  private long startOf(LocalDate day) {
    return day.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  /**
   * The first day of the period that holds a time. The local date tells it but where clocks go back
   * over midnight: then the date comes again after the next period has started.
   */
  private LocalDate period(long time) {
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(time), zone);
    LocalDate first = unit.firstDay(day, firstDayOfWeek);
    while (startOf(first) > time) {
      first = unit.plus(first, -1);
    }
    LocalDate next = unit.plus(first, 1);
    while (startOf(next) <= time) {
      first = next;
      next = unit.plus(first, 1);
    }
    return first;
  }

  @Override
  public boolean isTumbling() {
    return true;
  }

  @Override
  public long sliceStart(long time) {
    return startOf(period(time));
  }

  @Override
  public long sliceEnd(long sliceStart) {
    return startOf(unit.plus(period(sliceStart), 1));
  }

  @Override
  public boolean isGap(long sliceStart) {
    return false;
  }

  @Override
  public long firstEnd(long sliceStart) {
    return sliceEnd(sliceStart);
  }

  @Override
  public long lastEnd(long sliceStart) {
    return sliceEnd(sliceStart);
  }

  @Override
  public long nextEnd(long end) {
    return sliceEnd(end);
  }

  @Override
  public long start(long end) {
    return sliceStart(end - 1);
  }

  @Override
  public String toString() {
    return "calendar "
        + unit.name().toLowerCase(Locale.ROOT)
        + " in "
        + zone
        + (unit == CalendarUnit.WEEK && firstDayOfWeek != DayOfWeek.MONDAY
            ? " from " + firstDayOfWeek.name().toLowerCase(Locale.ROOT)
            : "");
  }
}
