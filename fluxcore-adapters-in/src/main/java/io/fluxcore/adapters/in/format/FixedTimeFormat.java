package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Patterns whose parts have fixed widths, such as {@code dd/MMM/yyyy:HH:mm:ss Z}, parsed without an
 * object per value. English month names. What it does not know is left to {@link JdkTimeFormat}.
 */
final class FixedTimeFormat implements TimeFormat {
  private static final byte[] MONTHS =
      "janfebmaraprmayjunjulaugsepoctnovdec".getBytes(StandardCharsets.US_ASCII);
  private static final int NEEDED_DATE = 0b111;
  private static final int HOUR = 0b1000;

  private final DataType type;
  private final String pattern;
  private final ZoneId zone;
  private final Part[] parts;

  /**
   * A part of the pattern.
   *
   * @param symbol letter of the pattern, or 0 for a literal
   * @param width bytes
   * @param literal the byte of a literal
   */
  private record Part(char symbol, int width, byte literal) {}

  private FixedTimeFormat(DataType type, String pattern, ZoneId zone, List<Part> parts) {
    this.type = type;
    this.pattern = pattern;
    this.zone = zone;
    this.parts = parts.toArray(new Part[0]);
  }

  /** The format, or null where the pattern has parts that it does not know. */
  static @Nullable FixedTimeFormat compile(DataType type, String pattern, ZoneId zone) {
    List<Part> parts = new ArrayList<>();
    int found = 0;
    for (int i = 0; i < pattern.length(); ) {
      char c = pattern.charAt(i);
      if (c == '\'') {
        int close = pattern.indexOf('\'', i + 1);
        if (close + 1 < pattern.length() && pattern.charAt(close + 1) == '\'') {
          return null;
        }
        String literal = close == i + 1 ? "'" : pattern.substring(i + 1, close);
        for (byte b : literal.getBytes(StandardCharsets.UTF_8)) {
          parts.add(new Part((char) 0, 1, b));
        }
        i = close + 1;
        continue;
      }
      if (!Character.isLetter(c)) {
        if (c >= 0x80 || c == '[' || c == ']' || c == '{' || c == '}' || c == '#') {
          return null;
        }
        parts.add(new Part((char) 0, 1, (byte) c));
        i++;
        continue;
      }
      int end = i;
      while (end < pattern.length() && pattern.charAt(end) == c) {
        end++;
      }
      int bit = bit(c, end - i);
      if (bit < 0 || (found & bit) != 0) {
        return null;
      }
      found |= bit;
      int width = c == 'Z' ? 5 : c == 'x' || c == 'X' ? 6 : end - i;
      if (width != end - i && c != 'Z' && end < pattern.length()) {
        return null;
      }
      parts.add(new Part(c, width, (byte) 0));
      i = end;
    }
    boolean whole =
        (found & NEEDED_DATE) == NEEDED_DATE
            && (type.kind() == DataType.Kind.DATE || (found & HOUR) != 0);
    return whole ? new FixedTimeFormat(type, pattern, zone, parts) : null;
  }

  /** One bit for each part that a time has; -1 for what is not known. */
  private static int bit(char symbol, int width) {
    return switch (symbol) {
      case 'y', 'u' -> width == 4 ? 1 : -1;
      case 'M' -> width == 2 || width == 3 ? 2 : -1;
      case 'd' -> width == 2 ? 4 : -1;
      case 'H' -> width == 2 ? HOUR : -1;
      case 'm' -> width == 2 ? 16 : -1;
      case 's' -> width == 2 ? 32 : -1;
      case 'S' -> width <= 9 ? 64 : -1;
      case 'Z' -> width <= 3 ? 128 : -1;
      case 'X', 'x' -> width == 3 ? 128 : -1;
      default -> -1;
    };
  }

  @Override
  public String pattern() {
    return pattern;
  }

  @Override
  public long parse(byte[] text, int from, int to) {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    long micro = 0;
    int offset = Offsets.NONE;
    int at = from;
    for (Part part : parts) {
      char symbol = part.symbol;
      int end = symbol == 'X' || symbol == 'x' ? to : at + part.width;
      if (end > to) {
        return NONE;
      }
      switch (symbol) {
        case 0 -> {
          if (text[at] != part.literal) {
            return NONE;
          }
        }
        case 'y', 'u' -> year = Digits.unsigned(text, at, end);
        case 'M' -> month = part.width == 3 ? month(text, at) : Digits.unsigned(text, at, end);
        case 'd' -> day = Digits.unsigned(text, at, end);
        case 'H' -> hour = Digits.unsigned(text, at, end);
        case 'm' -> minute = Digits.unsigned(text, at, end);
        case 's' -> second = Digits.unsigned(text, at, end);
        case 'S' -> micro = micros(text, at, end);
        default -> {
          offset = Offsets.seconds(text, at, end);
          if (offset == Offsets.NONE) {
            return NONE;
          }
        }
      }
      at = end;
    }
    long date = Digits.epochDay(year, month, day);
    if (at != to
        || date == NONE
        || micro < 0
        || Integer.compareUnsigned(hour, 23) > 0
        || Integer.compareUnsigned(minute, 59) > 0
        || Integer.compareUnsigned(second, 59) > 0) {
      return NONE;
    }
    long micros = (((date * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000L + micro;
    if (offset != Offsets.NONE && type.kind() == DataType.Kind.TIMESTAMP_TZ) {
      return micros - offset * 1_000_000L;
    }
    return TimeFormat.local(type, micros, zone);
  }

  private static int month(byte[] text, int at) {
    int a = text[at] | 0x20;
    int b = text[at + 1] | 0x20;
    int c = text[at + 2] | 0x20;
    for (int i = 0; i < MONTHS.length; i += 3) {
      if (MONTHS[i] == a && MONTHS[i + 1] == b && MONTHS[i + 2] == c) {
        return i / 3 + 1;
      }
    }
    return -1;
  }

  private static long micros(byte[] text, int from, int to) {
    long value = Digits.unsigned(text, from, to);
    if (value < 0) {
      return -1;
    }
    int digits = to - from;
    for (; digits < 6; digits++) {
      value *= 10;
    }
    for (; digits > 6; digits--) {
      value /= 10;
    }
    return value;
  }
}
