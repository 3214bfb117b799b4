package io.fluxcore.adapters.out.clickhouse;

import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;

/**
 * A column of a table and the field that fills it. Looks at what the server would take and change
 * without a word: it cuts integers, dates and times that are out of range.
 *
 * @param kind of values
 * @param isNullable whether it takes nulls
 * @param min smallest integer, date or time that it takes
 * @param max largest integer, date or time that it takes
 * @param scale digits after the point of decimals and times
 * @param precision digits of decimals
 */
record TableColumn(
    String field,
    String name,
    String type,
    Kind kind,
    boolean isNullable,
    BigInteger min,
    BigInteger max,
    int precision,
    int scale) {
  private static final Pattern WRAPPED = Pattern.compile("(Nullable|LowCardinality)\\((.*)\\)");
  private static final Pattern INTEGER = Pattern.compile("(U?)Int(8|16|32|64|128|256)");
  private static final Pattern DECIMAL = Pattern.compile("Decimal\\((\\d+), *(\\d+)\\)");
  private static final Pattern TIME64 = Pattern.compile("DateTime64\\((\\d+).*\\)");
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MAX_DATE_TIME = (1L << 32) - 1;
  private static final long MAX_DATE = 49_709; // 2106-02-07, the last that version 18 knows
  private static final long MIN_DATE32 = -25_567; // 1900-01-01
  private static final long MAX_DATE32 = 120_529; // 2299-12-31

  /** What a column holds, as far as writing goes. */
  enum Kind {
    INTEGER,
    FLOAT,
    DECIMAL,
    STRING,
    DATE,
    DATE_TIME,
    DATE_TIME_64,
    /** Arrays, maps, enumerations and all else: the server judges. */
    OTHER
  }

  static TableColumn of(Field field, String name, String type) {
    String inner = type;
    boolean isNullable = false;
    for (Matcher m = WRAPPED.matcher(inner); m.matches(); m = WRAPPED.matcher(inner)) {
      isNullable |= m.group(1).equals("Nullable");
      inner = m.group(2);
    }
    Matcher integer = INTEGER.matcher(inner);
    if (integer.matches()) {
      int bits = Integer.parseInt(integer.group(2));
      boolean isUnsigned = !integer.group(1).isEmpty();
      BigInteger range = BigInteger.ONE.shiftLeft(isUnsigned ? bits : bits - 1);
      return new TableColumn(
          field.name(),
          name,
          type,
          Kind.INTEGER,
          isNullable,
          isUnsigned ? BigInteger.ZERO : range.negate(),
          range.subtract(BigInteger.ONE),
          0,
          0);
    }
    Matcher decimal = DECIMAL.matcher(inner);
    if (decimal.matches()) {
      return plain(field, name, type, Kind.DECIMAL, isNullable)
          .digits(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    Matcher time = TIME64.matcher(inner);
    if (time.matches()) {
      return plain(field, name, type, Kind.DATE_TIME_64, isNullable)
          .digits(0, Integer.parseInt(time.group(1)));
    }
    if (inner.equals("DateTime") || inner.startsWith("DateTime(")) {
      return plain(field, name, type, Kind.DATE_TIME, isNullable).range(0, MAX_DATE_TIME);
    }
    return switch (inner) {
      case "Bool" -> plain(field, name, type, Kind.INTEGER, isNullable).range(0, 1);
      case "Float32", "Float64" -> plain(field, name, type, Kind.FLOAT, isNullable);
      case "String" -> plain(field, name, type, Kind.STRING, isNullable);
      case "Date" -> plain(field, name, type, Kind.DATE, isNullable).range(0, MAX_DATE);
      case "Date32" ->
          plain(field, name, type, Kind.DATE, isNullable).range(MIN_DATE32, MAX_DATE32);
      default -> plain(field, name, type, Kind.OTHER, isNullable);
    };
  }

  private static TableColumn plain(
      Field field, String name, String type, Kind kind, boolean isNullable) {
    return new TableColumn(
        field.name(), name, type, kind, isNullable, BigInteger.ZERO, BigInteger.ZERO, 0, 0);
  }

  private TableColumn range(long newMin, long newMax) {
    return new TableColumn(
        field,
        name,
        type,
        kind,
        isNullable,
        BigInteger.valueOf(newMin),
        BigInteger.valueOf(newMax),
        precision,
        scale);
  }

  private TableColumn digits(int newPrecision, int newScale) {
    return new TableColumn(field, name, type, kind, isNullable, min, max, newPrecision, newScale);
  }

  /** Whether it takes values of a type. */
  boolean takes(DataType fieldType) {
    if (kind == Kind.STRING || kind == Kind.OTHER) {
      return true;
    }
    return switch (fieldType.kind()) {
      case BOOLEAN -> kind == Kind.INTEGER;
      case LONG -> kind == Kind.INTEGER || kind == Kind.FLOAT || kind == Kind.DECIMAL;
      case DOUBLE -> kind == Kind.FLOAT;
      case DECIMAL -> kind == Kind.DECIMAL || kind == Kind.FLOAT;
      case DATE -> kind == Kind.DATE;
      case TIMESTAMP, TIMESTAMP_TZ -> kind == Kind.DATE_TIME || kind == Kind.DATE_TIME_64;
      case STRING, BYTES, NESTED -> false;
    };
  }

  /**
   * Writes the value of a row.
   *
   * @throws RecordException if the column does not take it
   */
  void write(Column column, int row, TextValues texts, JsonGenerator generator) {
    if (column.isNull(row)) {
      if (!isNullable) {
        throw refused("it is null, and the column is a " + type);
      }
      generator.writeNull();
    } else if (kind == Kind.STRING) {
      generator.writeString(texts.text(column, row));
    } else if (column instanceof BooleanColumn booleans) {
      generator.writeNumber(booleans.value(row) ? 1 : 0);
    } else if (column instanceof DoubleColumn doubles) {
      number(doubles.value(row), generator);
    } else if (column instanceof DecimalColumn decimals) {
      generator.writeNumber(decimal(decimals.value(row)));
    } else if (column instanceof LongColumn longs) {
      writeLong(longs, row, texts, generator);
    } else if (column.type().kind() == DataType.Kind.NESTED) {
      generator.writeRawValue(texts.text(column, row));
    } else {
      generator.writeString(texts.text(column, row));
    }
  }

  private static void number(double value, JsonGenerator generator) {
    if (Double.isFinite(value)) {
      generator.writeNumber(value);
    } else {
      generator.writeString(Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
    }
  }

  private BigDecimal decimal(BigDecimal value) {
    if (kind != Kind.DECIMAL) {
      return value;
    }
    BigDecimal scaled;
    try {
      scaled = value.setScale(scale, RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw refused(value + " has more digits after the point than " + type);
    }
    if (scaled.precision() > precision) {
      throw refused(value + " has more digits than " + type);
    }
    return scaled;
  }

  private void writeLong(LongColumn longs, int row, TextValues texts, JsonGenerator generator) {
    long value = longs.value(row);
    DataType.Kind of = longs.type().kind();
    switch (kind) {
      case INTEGER -> {
        check(value, Long.toString(value));
        generator.writeNumber(value);
      }
      case DECIMAL -> generator.writeNumber(decimal(BigDecimal.valueOf(value)));
      case DATE -> {
        check(value, texts.text(longs, row));
        generator.writeString(texts.text(longs, row));
      }
      case DATE_TIME -> {
        long seconds = Math.floorDiv(value, MICROS_PER_SECOND);
        check(seconds, texts.text(longs, row));
        if (of == DataType.Kind.TIMESTAMP_TZ) {
          generator.writeNumber(seconds);
        } else {
          generator.writeString(texts.text(longs, row).substring(0, 19).replace('T', ' '));
        }
      }
      case DATE_TIME_64 -> {
        if (of == DataType.Kind.TIMESTAMP_TZ) {
          generator.writeString(
              BigDecimal.valueOf(value, 6).setScale(scale, RoundingMode.FLOOR).toPlainString());
        } else {
          generator.writeString(texts.text(longs, row).replace('T', ' '));
        }
      }
      default -> {
        if (of == DataType.Kind.LONG) {
          generator.writeNumber(value);
        } else {
          generator.writeString(texts.text(longs, row));
        }
      }
    }
  }

  private void check(long value, String text) {
    BigInteger exact = BigInteger.valueOf(value);
    if (exact.compareTo(min) < 0 || exact.compareTo(max) > 0) {
      throw refused(text + " is out of the range of " + type);
    }
  }

  private RecordException refused(String why) {
    return ClickHouseErrors.value(field, name, why);
  }
}
