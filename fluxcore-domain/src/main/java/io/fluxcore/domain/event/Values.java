package io.fluxcore.domain.event;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * Field values as objects, for row-wise edges (events, codecs, tests). The class of each type:
 * Boolean, Long, Double, {@link BigDecimal}, String, {@code byte[]}, {@link LocalDate}, {@link
 * LocalDateTime}, {@link Instant}; nested values as {@link DataType} says.
 */
public final class Values {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private Values() {}

  /** The object of a long-backed value. */
  public static Object ofLong(DataType type, long value) {
    return switch (type.kind()) {
      case LONG -> value;
      case DATE -> LocalDate.ofEpochDay(value);
      case TIMESTAMP ->
          LocalDateTime.ofEpochSecond(
              Math.floorDiv(value, MICROS_PER_SECOND),
              (int) Math.floorMod(value, MICROS_PER_SECOND) * 1000,
              ZoneOffset.UTC);
      case TIMESTAMP_TZ -> instant(value);
      default -> throw new IllegalArgumentException(type + " is not held as long");
    };
  }

  /**
   * The long that holds an object of {@link #ofLong}'s class, or a shorter integer; digits below a
   * microsecond are cut.
   *
   * @throws ClassCastException if the object is not of the type's class
   */
  public static long toLong(DataType type, Object value) {
    return switch (type.kind()) {
      case LONG ->
          value instanceof Integer || value instanceof Short || value instanceof Byte
              ? ((Number) value).longValue()
              : (Long) value;
      case DATE -> ((LocalDate) value).toEpochDay();
      case TIMESTAMP -> {
        LocalDateTime t = (LocalDateTime) value;
        yield Math.addExact(
            Math.multiplyExact(t.toEpochSecond(ZoneOffset.UTC), MICROS_PER_SECOND),
            t.get(java.time.temporal.ChronoField.MICRO_OF_SECOND));
      }
      case TIMESTAMP_TZ -> micros((Instant) value);
      default -> throw new IllegalArgumentException(type + " is not held as long");
    };
  }

  public static Instant instant(long epochMicros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(epochMicros, MICROS_PER_SECOND),
        Math.floorMod(epochMicros, MICROS_PER_SECOND) * 1000L);
  }

  public static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
        instant.get(java.time.temporal.ChronoField.MICRO_OF_SECOND));
  }

  /** Whether an object is of the class of this type. */
  public static boolean isOf(DataType type, Object value) {
    return switch (type.kind()) {
      case BOOLEAN -> value instanceof Boolean;
      case LONG -> value instanceof Long;
      case DOUBLE -> value instanceof Double;
      case DECIMAL -> value instanceof BigDecimal;
      case STRING -> value instanceof String;
      case BYTES -> value instanceof byte[];
      case DATE -> value instanceof LocalDate;
      case TIMESTAMP -> value instanceof LocalDateTime;
      case TIMESTAMP_TZ -> value instanceof Instant;
      case NESTED ->
          value instanceof List
              || value instanceof Map
              || value instanceof String
              || value instanceof Long
              || value instanceof Double
              || value instanceof BigDecimal
              || value instanceof Boolean;
    };
  }
}
