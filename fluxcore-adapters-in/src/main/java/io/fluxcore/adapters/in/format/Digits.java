package io.fluxcore.adapters.in.format;

/** Numbers in ASCII, and days of the calendar. */
final class Digits {
  private static final int[] DAYS_BEFORE_MONTH = {
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
  };

  private Digits() {}

  /** The number of exactly the bytes from..to, which are digits; -1 if one is not. At most 9. */
  static int unsigned(byte[] text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Days since 1970-01-01 of a date of the years 0 to 9999, or Long.MIN_VALUE if it is none. */
  static long epochDay(int year, int month, int day) {
    if (year < 0 || month < 1 || month > 12 || day < 1) {
      return Long.MIN_VALUE;
    }
    boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    int length =
        month == 2
            ? (leap ? 29 : 28)
            : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    if (day > length) {
      return Long.MIN_VALUE;
    }
    int before = year - 1;
    long leaps = year == 0 ? -1 : before / 4 - before / 100 + before / 400;
    long days = 365L * year + leaps + DAYS_BEFORE_MONTH[month - 1] + day - 1;
    return days + (month > 2 && leap ? 1 : 0) - 719_162 - 365;
  }
}
