package io.fluxcore.domain.window;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/** What a calendar window is as long as. */
public enum CalendarUnit {
  DAY,
  WEEK,
  MONTH,
  /** Of three months, from January. */
  QUARTER,
  YEAR;

  /** The first day of the period that holds a day. */
  LocalDate firstDay(LocalDate day, DayOfWeek firstDayOfWeek) {
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(firstDayOfWeek));
      case MONTH -> day.withDayOfMonth(1);
      case QUARTER -> LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1);
      case YEAR -> LocalDate.of(day.getYear(), 1, 1);
    };
  }

  /** The first day of another period, counted from a first day. */
  LocalDate plus(LocalDate firstDay, int periods) {
    return switch (this) {
      case DAY -> firstDay.plusDays(periods);
      case WEEK -> firstDay.plusWeeks(periods);
      case MONTH -> firstDay.plusMonths(periods);
      case QUARTER -> firstDay.plusMonths(3L * periods);
      case YEAR -> firstDay.plusYears(periods);
    };
  }
}
