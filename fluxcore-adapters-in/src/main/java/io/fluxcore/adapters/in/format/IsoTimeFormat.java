package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import java.time.ZoneId;

/**
 * ISO-8601: {@code 2026-01-31}, {@code 2026-01-31T10:00}, with seconds, a fraction and an offset,
 * with a space in place of the T. Years have four digits, or more with a sign. Digits below a
 * microsecond are cut; a leap second is none.
 */
record IsoTimeFormat(DataType type, ZoneId zone) implements TimeFormat {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  @Override
  public String pattern() {
    return "iso";
  }

  @Override
  public long parse(byte[] text, int from, int to) {
    int at = from;
    int sign = 1;
    int yearDigits = 4;
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      sign = text[at] == '-' ? -1 : 1;
      at++;
      int dash = LineEnds.indexOf(text, at, Math.min(to, at + 10), (byte) '-');
      yearDigits = dash < 0 ? -1 : dash - at;
      if (yearDigits < 4 || yearDigits > 6) {
        return NONE;
      }
    }
    if (to - at < yearDigits + 6
        || text[at + yearDigits] != '-'
        || text[at + yearDigits + 3] != '-') {
      return NONE;
    }
    int year = Digits.unsigned(text, at, at + yearDigits);
    at += yearDigits + 1;
    int month = Digits.unsigned(text, at, at + 2);
    int day = Digits.unsigned(text, at + 3, at + 5);
    at += 5;
    long date = year < 0 ? NONE : date(sign * year, month, day);
    if (date == NONE) {
      return NONE;
    }
    if (at == to) {
      return type.kind() == DataType.Kind.DATE
          ? date
          : TimeFormat.local(type, date * 86_400 * MICROS_PER_SECOND, zone);
    }
    if (type.kind() == DataType.Kind.DATE || (text[at] != 'T' && text[at] != ' ')) {
      return NONE;
    }
    return time(date, text, at + 1, to);
  }

  private static long date(int year, int month, int day) {
    if (year >= 0) {
      return Digits.epochDay(year, month, day);
    }
    // 400 years have 146,097 days.
    int cycles = (-year + 399) / 400;
    long shifted = Digits.epochDay(year + cycles * 400, month, day);
    return shifted == NONE ? NONE : shifted - cycles * 146_097L;
  }

  private long time(long date, byte[] text, int from, int to) {
    if (to - from < 5 || text[from + 2] != ':') {
      return NONE;
    }
    int hour = Digits.unsigned(text, from, from + 2);
    int minute = Digits.unsigned(text, from + 3, from + 5);
    int second = 0;
    int micro = 0;
    int at = from + 5;
    if (at < to && text[at] == ':') {
      if (to - at < 3) {
        return NONE;
      }
      second = Digits.unsigned(text, at + 1, at + 3);
      at += 3;
      if (at < to && text[at] == '.') {
        int scale = 100_000;
        int first = ++at;
        for (; at < to && text[at] >= '0' && text[at] <= '9'; at++) {
          micro += (text[at] - '0') * scale;
          scale /= 10;
        }
        if (at == first) {
          return NONE;
        }
      }
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return NONE;
    }
    long micros = (((date * 24 + hour) * 60 + minute) * 60 + second) * MICROS_PER_SECOND + micro;
    if (at == to) {
      return TimeFormat.local(type, micros, zone);
    }
    int offset = Offsets.seconds(text, at, to);
    if (offset == Offsets.NONE) {
      return NONE;
    }
    return type.kind() == DataType.Kind.TIMESTAMP_TZ ? micros - offset * MICROS_PER_SECOND : micros;
  }
}
