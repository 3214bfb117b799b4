package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Parses the texts of one field straight into its column. Immutable. */
final class TextField {
  private static final int MAX_NUMBER = 1000;

  /** Powers of ten that a double holds exactly. */
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private final String name;
  private final DataType type;
  private final boolean latin1;
  private final @Nullable TimeFormat times;

  TextField(String name, DataType type, FieldSettings settings) {
    this.name = name;
    this.type = type;
    this.latin1 = settings.latin1();
    this.times =
        switch (type.kind()) {
          case DATE, TIMESTAMP, TIMESTAMP_TZ -> settings.timeFormat(name, type);
          default -> null;
        };
  }

  /**
   * Appends the value of a text that does not stand for null.
   *
   * @throws BadValue if it is not of the type
   */
  void append(byte[] text, int start, int end, ColumnBuilder column) {
    if (type.kind() == DataType.Kind.STRING) {
      column.appendString(string(name, text, start, end, latin1));
      return;
    }
    int from = start;
    int to = end;
    while (from < to && text[from] == ' ') {
      from++;
    }
    while (to > from && text[to - 1] == ' ') {
      to--;
    }
    switch (type.kind()) {
      case LONG -> column.appendLong(integer(text, from, to));
      case DOUBLE -> column.appendDouble(number(text, from, to));
      case BOOLEAN -> column.appendBoolean(bool(text, from, to));
      case DECIMAL -> column.append(decimal(text, from, to));
      case BYTES -> column.append(base64(text, from, to));
      case NESTED -> column.append(JsonValues.parse(name, Arrays.copyOfRange(text, from, to)));
      default -> column.appendLong(time(text, from, to));
    }
  }

  /**
   * A text as string.
   *
   * @throws BadValue if it is not UTF-8
   */
  static String string(String name, byte[] text, int from, int to, boolean latin1) {
    if (latin1) {
      return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }
    String value = new String(text, from, to - from, StandardCharsets.UTF_8);
    if (value.indexOf('\uFFFD') >= 0
        && !Arrays.equals(
            value.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(text, from, to))) {
      throw new BadValue(
          BadValue.ENCODING, "field '" + name + "' is not UTF-8: " + BadValue.shorten(value));
    }
    return value;
  }

  private BadValue wrong(byte[] text, int from, int to) {
    return BadValue.wrongType(
        name,
        times == null ? type : type + " of the format " + times.pattern(),
        new String(text, from, Math.min(to - from, 400), StandardCharsets.UTF_8));
  }

  private long integer(byte[] text, int from, int to) {
    int digits = from < to && (text[from] == '-' || text[from] == '+') ? from + 1 : from;
    int length = to - digits;
    if (length < 1 || length > 19) {
      return longInteger(text, from, to);
    }
    long value = 0;
    for (int i = digits; i < to; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        throw wrong(text, from, to);
      }
      value = value * 10 + digit;
    }
    if (value < 0) {
      return longInteger(text, from, to);
    }
    return text[from] == '-' ? -value : value;
  }

  /** With leading zeros, or at the end of the range. */
  private long longInteger(byte[] text, int from, int to) {
    try {
      return Long.parseLong(latin1(text, from, to));
    } catch (NumberFormatException e) {
      throw wrong(text, from, to);
    }
  }

  /**
   * Up to 15 digits and a power of ten up to 22 are exact in a double, so that one rounding is
   * right (Clinger 1990); the rest is left to the JDK.
   */
  private double number(byte[] text, int from, int to) {
    int at = from < to && (text[from] == '-' || text[from] == '+') ? from + 1 : from;
    long mantissa = 0;
    int digits = 0;
    int point = -1;
    int i = at;
    for (; i < to; i++) {
      int c = text[i];
      if (c == '.' && point < 0) {
        point = digits;
      } else if (c >= '0' && c <= '9') {
        mantissa = mantissa * 10 + (c - '0');
        digits++;
      } else {
        break;
      }
    }
    int scale = point < 0 ? 0 : digits - point;
    if (i == to && digits > 0 && digits <= 15 && scale < POWERS.length) {
      double value = mantissa / POWERS[scale];
      return text[from] == '-' ? -value : value;
    }
    return slowNumber(text, from, to);
  }

  private double slowNumber(byte[] text, int from, int to) {
    String number = latin1(text, from, to);
    if (number.equals("NaN") || number.equals("Infinity") || number.equals("-Infinity")) {
      return Double.parseDouble(number);
    }
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      // The JDK also reads 1d, 1f and 0x1p3.
      if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        throw wrong(text, from, to);
      }
    }
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException e) {
      throw wrong(text, from, to);
    }
  }

  private boolean bool(byte[] text, int from, int to) {
    String value = latin1(text, from, to);
    if (value.equalsIgnoreCase("true")) {
      return true;
    }
    if (value.equalsIgnoreCase("false")) {
      return false;
    }
    throw wrong(text, from, to);
  }

  private BigDecimal decimal(byte[] text, int from, int to) {
    if (to - from <= MAX_NUMBER) {
      try {
        BigDecimal value = Decimals.fit(type, new BigDecimal(latin1(text, from, to)));
        if (value != null) {
          return value;
        }
      } catch (NumberFormatException e) {
        throw wrong(text, from, to);
      }
    }
    throw wrong(text, from, to);
  }

  private byte[] base64(byte[] text, int from, int to) {
    try {
      return Base64.getDecoder().decode(Arrays.copyOfRange(text, from, to));
    } catch (IllegalArgumentException e) {
      throw wrong(text, from, to);
    }
  }

  private long time(byte[] text, int from, int to) {
    long value = times == null ? TimeFormat.NONE : times.parse(text, from, to);
    if (value == TimeFormat.NONE) {
      throw wrong(text, from, to);
    }
    return value;
  }

  private static String latin1(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
