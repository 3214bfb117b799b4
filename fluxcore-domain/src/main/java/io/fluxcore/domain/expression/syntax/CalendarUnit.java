package io.fluxcore.domain.expression.syntax;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Units of intervals and of truncation, and how long those of fixed length are. */
public enum CalendarUnit {
  MICROSECOND(1, 0),
  MILLISECOND(1_000, 0),
  SECOND(1_000_000, 0),
  MINUTE(60_000_000L, 0),
  HOUR(3_600_000_000L, 0),
  DAY(86_400_000_000L, 0),
  WEEK(7 * 86_400_000_000L, 0),
  MONTH(0, 1),
  QUARTER(0, 3),
  YEAR(0, 12);

  private final long micros;
  private final int months;

  CalendarUnit(long micros, int months) {
    this.micros = micros;
    this.months = months;
  }

  /** Length of a unit of fixed length; 0 of those counted in months. */
  public long micros() {
    return micros;
  }

  /** Months of a unit that is counted in months, otherwise 0. */
  public int months() {
    return months;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The unit of this name, singular or plural, or null. */
  public static @Nullable CalendarUnit find(String name) {
    String singular = name.toUpperCase(Locale.ROOT);
    if (singular.endsWith("S")) {
      singular = singular.substring(0, singular.length() - 1);
    }
    for (CalendarUnit unit : values()) {
      if (unit.name().equals(singular)) {
        return unit;
      }
    }
    return null;
  }
}
