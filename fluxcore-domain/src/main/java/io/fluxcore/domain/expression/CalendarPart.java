package io.fluxcore.domain.expression;

import io.fluxcore.domain.expression.syntax.CalendarUnit;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code extract} takes out of microseconds on the wall clock. */
enum CalendarPart {
  YEAR,
  QUARTER,
  MONTH,
  WEEK,
  DAY,
  DOW,
  ISODOW,
  DOY,
  HOUR,
  MINUTE,
  SECOND,
  MILLISECOND,
  MICROSECOND,
  EPOCH;

  static @Nullable CalendarPart find(String name) {
    for (CalendarPart part : values()) {
      if (part.name().equals(name.toUpperCase(Locale.ROOT))) {
        return part;
      }
    }
    return null;
  }

  long of(long micros) {
    return switch (this) {
      case HOUR -> ofDay(micros) / CalendarUnit.HOUR.micros();
      case MINUTE -> ofDay(micros) / CalendarUnit.MINUTE.micros() % 60;
      case SECOND -> ofMinute(micros) / CalendarUnit.SECOND.micros();
      case MILLISECOND -> ofMinute(micros) / CalendarUnit.MILLISECOND.micros();
      case MICROSECOND -> ofMinute(micros);
      case EPOCH -> Math.floorDiv(micros, CalendarUnit.SECOND.micros());
      default -> ofDate(date(micros));
    };
  }

  private static long ofDay(long micros) {
    return Math.floorMod(micros, CalendarUnit.DAY.micros());
  }

  private static long ofMinute(long micros) {
    return Math.floorMod(micros, CalendarUnit.MINUTE.micros());
  }

  private static LocalDate date(long micros) {
    return LocalDate.ofEpochDay(Math.floorDiv(micros, CalendarUnit.DAY.micros()));
  }

  private long ofDate(LocalDate date) {
    return switch (this) {
      case YEAR -> date.getYear();
      case QUARTER -> date.get(IsoFields.QUARTER_OF_YEAR);
      case MONTH -> date.getMonthValue();
      case WEEK -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case DAY -> date.getDayOfMonth();
      case DOW -> date.getDayOfWeek().getValue() % 7 + 1;
      case ISODOW -> date.getDayOfWeek().getValue();
      default -> date.getDayOfYear();
    };
  }

  /** The start, on the wall clock, of the day or longer unit. */
  static long startOf(CalendarUnit unit, long micros) {
    LocalDate date = date(micros);
    LocalDate start =
        switch (unit) {
          case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case MONTH -> date.withDayOfMonth(1);
          case QUARTER -> date.with(IsoFields.DAY_OF_QUARTER, 1L);
          case YEAR -> date.withDayOfYear(1);
          default -> date;
        };
    return Math.multiplyExact(start.toEpochDay(), CalendarUnit.DAY.micros());
  }
}
