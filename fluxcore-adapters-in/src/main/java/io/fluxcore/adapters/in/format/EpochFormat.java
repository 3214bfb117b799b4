package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** A number of seconds, milliseconds or microseconds since 1970-01-01T00:00Z, fractions allowed. */
record EpochFormat(DataType type, long microsPerUnit, String pattern) implements TimeFormat {
  private static final int MAX_DIGITS = 40;

  /** What bare numbers of a field mean: what its format says, or else milliseconds. */
  static EpochFormat of(Field field, FieldSettings settings) {
    String given = settings.timeFormats().get(field.name());
    return given != null
            && TimeFormat.of(field.type(), given, settings.zone()) instanceof EpochFormat epoch
        ? epoch
        : new EpochFormat(field.type(), 1000, "epoch-millis");
  }

  @Override
  public long parse(byte[] text, int from, int to) {
    if (to == from || to - from > MAX_DIGITS) {
      return NONE;
    }
    int digits = text[from] == '-' ? from + 1 : from;
    long value = 0;
    for (int i = digits; i < to && to - digits <= 12; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return exact(text, from, to);
      }
      value = value * 10 + digit;
    }
    if (to - digits > 12 || to == digits) {
      return exact(text, from, to);
    }
    return ofMicros((digits > from ? -value : value) * microsPerUnit);
  }

  private long exact(byte[] text, int from, int to) {
    try {
      return of(new BigDecimal(new String(text, from, to - from, StandardCharsets.ISO_8859_1)));
    } catch (NumberFormatException e) {
      return NONE;
    }
  }

  /** The value of a number; fractions of a microsecond are cut. */
  long of(BigDecimal number) {
    BigDecimal micros = number.multiply(BigDecimal.valueOf(microsPerUnit));
    if (micros.precision() - (long) micros.scale() > 18 || micros.scale() > 1000) {
      return NONE;
    }
    return ofMicros(micros.setScale(0, RoundingMode.FLOOR).longValueExact());
  }

  /** The value of a whole number. */
  long of(long number) {
    long largest = Long.MAX_VALUE / microsPerUnit;
    if (number > largest || number < -largest) {
      return NONE;
    }
    return ofMicros(number * microsPerUnit);
  }

  private long ofMicros(long micros) {
    return type.kind() == DataType.Kind.DATE ? Math.floorDiv(micros, 86_400_000_000L) : micros;
  }
}
