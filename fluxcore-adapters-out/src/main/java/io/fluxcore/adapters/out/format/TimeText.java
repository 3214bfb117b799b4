package io.fluxcore.adapters.out.format;

import java.time.LocalDate;

/** Dates and timestamps as ISO-8601, without an object per value for years 0 to 9999. */
final class TimeText {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private long cachedDay = Long.MIN_VALUE;
  private String cachedDate = "";

  String date(long epochDay) {
    if (epochDay != cachedDay) {
      cachedDate = LocalDate.ofEpochDay(epochDay).toString();
      cachedDay = epochDay;
    }
    return cachedDate;
  }

  /** {@code 2026-01-31T10:00:00}, with as many of six fraction digits as are needed, in threes. */
  void timestamp(long micros, boolean zone, StringBuilder out) {
    out.append(date(Math.floorDiv(micros, MICROS_PER_DAY))).append('T');
    long ofDay = Math.floorMod(micros, MICROS_PER_DAY);
    int seconds = (int) (ofDay / 1_000_000);
    twoDigits(seconds / 3600, out).append(':');
    twoDigits(seconds / 60 % 60, out).append(':');
    twoDigits(seconds % 60, out);
    int fraction = (int) (ofDay % 1_000_000);
    if (fraction != 0) {
      out.append('.');
      threeDigits(fraction / 1000, out);
      if (fraction % 1000 != 0) {
        threeDigits(fraction % 1000, out);
      }
    }
    if (zone) {
      out.append('Z');
    }
  }

  private static StringBuilder twoDigits(int value, StringBuilder out) {
    return out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }

  private static void threeDigits(int value, StringBuilder out) {
    out.append((char) ('0' + value / 100));
    twoDigits(value % 100, out);
  }
}
