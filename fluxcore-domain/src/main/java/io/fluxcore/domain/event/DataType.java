package io.fluxcore.domain.event;

import java.util.Locale;

/**
 * The type of a field. Values are nullable in every type.
 *
 * <p>How a value is held (the unit is part of the contract of every column, function and codec):
 *
 * <ul>
 *   <li>{@code DATE}: days since 1970-01-01.
 *   <li>{@code TIMESTAMP}: microseconds since 1970-01-01T00:00 on the wall clock, without zone.
 *   <li>{@code TIMESTAMP_TZ}: microseconds since the epoch, an instant.
 *   <li>{@code DECIMAL(p,s)}: exact, 1 ≤ p ≤ 38, 0 ≤ s ≤ p.
 *   <li>{@code NESTED}: list, map or JSON value: {@link java.util.List}, {@link java.util.Map} with
 *       string keys, String, Long, Double, BigDecimal, Boolean or null, to any depth.
 * </ul>
 *
 * <p>Event timestamps, which are not fields, are epoch <em>milliseconds</em>.
 *
 * @param kind the family
 * @param precision digits of a decimal, 0 otherwise
 * @param scale digits after the point of a decimal, 0 otherwise
 */
public record DataType(Kind kind, int precision, int scale) {
  /** The families of types. */
  public enum Kind {
    BOOLEAN,
    LONG,
    DOUBLE,
    DECIMAL,
    STRING,
    BYTES,
    DATE,
    TIMESTAMP,
    TIMESTAMP_TZ,
    NESTED
  }

  public static final int MAX_DECIMAL_PRECISION = 38;

  public static final DataType BOOLEAN = new DataType(Kind.BOOLEAN, 0, 0);
  public static final DataType LONG = new DataType(Kind.LONG, 0, 0);
  public static final DataType DOUBLE = new DataType(Kind.DOUBLE, 0, 0);
  public static final DataType STRING = new DataType(Kind.STRING, 0, 0);
  public static final DataType BYTES = new DataType(Kind.BYTES, 0, 0);
  public static final DataType DATE = new DataType(Kind.DATE, 0, 0);
  public static final DataType TIMESTAMP = new DataType(Kind.TIMESTAMP, 0, 0);
  public static final DataType TIMESTAMP_TZ = new DataType(Kind.TIMESTAMP_TZ, 0, 0);
  public static final DataType NESTED = new DataType(Kind.NESTED, 0, 0);

  public DataType {
    if (kind == Kind.DECIMAL) {
      if (precision < 1 || precision > MAX_DECIMAL_PRECISION || scale < 0 || scale > precision) {
        throw new IllegalArgumentException(
            "decimal("
                + precision
                + ","
                + scale
                + "): precision is 1.."
                + MAX_DECIMAL_PRECISION
                + " and scale is 0..precision");
      }
    } else if (precision != 0 || scale != 0) {
      throw new IllegalArgumentException(kind + " has no precision or scale");
    }
  }

  public static DataType decimal(int precision, int scale) {
    return new DataType(Kind.DECIMAL, precision, scale);
  }

  public boolean isNumeric() {
    return kind == Kind.LONG || kind == Kind.DOUBLE || kind == Kind.DECIMAL;
  }

  /** Whether a value is held as one {@code long}: LONG, DATE and both timestamps. */
  public boolean isLongBacked() {
    return kind == Kind.LONG
        || kind == Kind.DATE
        || kind == Kind.TIMESTAMP
        || kind == Kind.TIMESTAMP_TZ;
  }

  /** The name as job files and expressions write it: {@code long}, {@code decimal(10,2)}. */
  @Override
  public String toString() {
    return kind == Kind.DECIMAL
        ? "decimal(" + precision + "," + scale + ")"
        : kind.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of a name as {@link #toString()} writes it, case-insensitive; {@code int}, {@code
   * bigint}, {@code float}, {@code varchar}, {@code json} and their like are accepted too.
   *
   * @throws IllegalArgumentException if there is no such type
   */
  public static DataType parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith("decimal") || name.startsWith("numeric")) {
      int open = name.indexOf('(');
      if (open < 0) {
        return decimal(MAX_DECIMAL_PRECISION, 9);
      }
      String[] parts =
          name.substring(open + 1, Math.max(open + 1, name.indexOf(')'))).split(",", 2);
      try {
        return decimal(
            Integer.parseInt(parts[0].strip()),
            parts.length > 1 ? Integer.parseInt(parts[1].strip()) : 0);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + text + "' is not decimal(precision,scale)", e);
      }
    }
    return switch (name) {
      case "boolean", "bool" -> BOOLEAN;
      case "long", "bigint", "int", "integer", "smallint", "tinyint" -> LONG;
      case "double", "float", "real" -> DOUBLE;
      case "string", "varchar", "char", "text" -> STRING;
      case "bytes", "varbinary", "binary" -> BYTES;
      case "date" -> DATE;
      case "timestamp" -> TIMESTAMP;
      case "timestamp_tz", "timestamptz", "timestamp_ltz", "instant" -> TIMESTAMP_TZ;
      case "nested", "json", "map", "list", "array" -> NESTED;
      default ->
          throw new IllegalArgumentException(
              "'"
                  + text
                  + "' is not a type; types are boolean, long, double, decimal(p,s), string,"
                  + " bytes, date, timestamp, timestamp_tz, nested");
    };
  }
}
