package io.fluxcore.boot.conformance;

import io.fluxcore.domain.event.DataType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Values of SQL cases: as rows hold them, and as texts that are equal where values are. */
final class SqlValues {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d*)?([eE][+-]?\\d+)?");
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z?");
  private static final DateTimeFormatter SECONDS =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);
  private static final MathContext DIGITS = new MathContext(7);

  private SqlValues() {}

  /** A value of the input as a field of this type holds it. */
  static Object held(JsonNode value, DataType type) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (value.has("$decimal")) {
      return held(new BigDecimal(value.path("$decimal").asString()), type);
    }
    if (value.has("$ts_ltz_ms")) {
      return Instant.ofEpochMilli(value.path("$ts_ltz_ms").longValue());
    }
    if (value.has("$ts")) {
      return time(value.path("$ts").asString());
    }
    return switch (type.kind()) {
      case BOOLEAN -> value.booleanValue();
      case LONG -> value.isString() ? Long.valueOf(value.asString()) : value.longValue();
      case DOUBLE -> value.isString() ? Double.valueOf(value.asString()) : value.doubleValue();
      case DECIMAL -> held(new BigDecimal(value.asString()), type);
      case DATE -> LocalDate.parse(value.asString());
      case TIMESTAMP ->
          value.isIntegralNumber()
              ? LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
                  .plusNanos(value.longValue() * 1_000_000)
              : time(value.asString());
      case TIMESTAMP_TZ ->
          value.isIntegralNumber()
              ? Instant.ofEpochMilli(value.longValue())
              : time(value.asString()).toInstant(ZoneOffset.UTC);
      case NESTED -> nested(value);
      default -> value.asString();
    };
  }

  private static Object held(BigDecimal number, DataType type) {
    return switch (type.kind()) {
      case DECIMAL -> number.setScale(type.scale(), java.math.RoundingMode.HALF_UP);
      case LONG -> number.longValue();
      case DOUBLE -> number.doubleValue();
      default -> number.toPlainString();
    };
  }

  static LocalDateTime time(String text) {
    String iso = text.replace(' ', 'T').replace("Z", "").replaceFirst("[+]00(:00)?$", "");
    return LocalDateTime.parse(iso.contains("T") ? iso : iso + "T00:00");
  }

  private static Object nested(JsonNode value) {
    JsonNode inner = value.has("row") ? value.path("row") : value;
    if (inner.isArray()) {
      List<Object> list = new ArrayList<>();
      inner.forEach(element -> list.add(nested(element)));
      return list;
    }
    if (inner.isObject()) {
      Map<String, Object> map = new LinkedHashMap<>();
      inner.propertyNames().forEach(name -> map.put(name, nested(inner.path(name))));
      return map;
    }
    return inner.isIntegralNumber()
        ? (Object) inner.longValue()
        : inner.isNumber()
            ? (Object) inner.doubleValue()
            : inner.isBoolean()
                ? (Object) inner.booleanValue()
                : inner.isNull() ? null : inner.asString();
  }

  /** A row of the engine as a text. */
  static String text(Iterable<Object> values) {
    List<String> parts = new ArrayList<>();
    for (Object value : values) {
      parts.add(String.valueOf(value));
    }
    return canonical(String.join(",", parts));
  }

  /** A row of the engine as words, as PostgreSQL would print it. */
  static String words(Iterable<Object> values) {
    List<String> parts = new ArrayList<>();
    for (Object value : values) {
      parts.add(printed(value));
    }
    return words(String.join(" ", parts));
  }

  private static String printed(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "t" : "f";
    }
    if (value instanceof LocalDateTime time) {
      return time.format(SECONDS);
    }
    if (value instanceof Instant instant) {
      return instant.atZone(ZoneOffset.UTC).format(SECONDS) + "+00:00";
    }
    if (value instanceof List<?> list) {
      return "{" + String.join(",", list.stream().map(SqlValues::printed).toList()) + "}";
    }
    return value == null ? "NULL" : value.toString();
  }

  /** A printed row as words, so that equal values read the same. */
  static String words(String row) {
    List<String> parts = new ArrayList<>();
    for (String part : row.strip().split("\\s+")) {
      boolean isFraction = part.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d+");
      parts.add(isFraction ? part.replaceAll("\\.?0+$", "") : part(part));
    }
    return String.join(" ", parts);
  }

  /** A row of a case as a text. */
  static String text(JsonNode row) {
    if (row.has("text")) {
      return canonical(row.path("text").asString());
    }
    List<String> parts = new ArrayList<>();
    for (JsonNode value : row.path("row")) {
      if (value.has("$decimal")) {
        parts.add(value.path("$decimal").asString());
      } else if (value.has("$ts_ltz_ms")) {
        parts.add(Instant.ofEpochMilli(value.path("$ts_ltz_ms").longValue()).toString());
      } else if (value.has("$ts")) {
        parts.add(value.path("$ts").asString());
      } else if (value.isArray()) {
        parts.add(String.valueOf(nested(value)));
      } else {
        parts.add(value.isNull() ? "null" : value.isString() ? value.asString() : value.toString());
      }
    }
    return canonical(String.join(",", parts));
  }

  /** Its parts, so that equal values read the same. */
  private static String canonical(String row) {
    List<String> parts = new ArrayList<>();
    for (String part : row.split(",", -1)) {
      parts.add(part(part.strip()));
    }
    return String.join(", ", parts);
  }

  private static String part(String text) {
    if (NUMBER.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      boolean whole = number.stripTrailingZeros().scale() <= 0;
      BigDecimal shown = whole ? number : number.round(DIGITS);
      return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
    }
    if (TIME.matcher(text).matches()) {
      return time(text).toString();
    }
    return text.equals("(NULL)") ? "null" : text;
  }
}
