package io.fluxcore.domain.operator;

import java.math.BigDecimal;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state of one key, as it was when it was asked for: a copy for people.
 *
 * @param state its name
 * @param kind value, list, map, reducing, aggregating or window
 * @param value null, Boolean, Long, Double, BigDecimal, String, or a List or Map (with String keys)
 *     of these; times and what is of another class as text, bytes in hexadecimal
 */
public record KeyState(String state, String kind, @Nullable Object value) {
  /** A state with any value made plain. */
  public static KeyState of(String state, String kind, @Nullable Object value) {
    return new KeyState(state, kind, plain(value));
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double
        || value instanceof BigDecimal
        || value instanceof String) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(plain(item)));
      return copy;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(text(key), plain(item)));
      return copy;
    }
    return text(value);
  }

  /** A value of a key as text. */
  public static String text(Object value) {
    return value instanceof byte[] bytes
        ? HexFormat.of().formatHex(bytes)
        : value instanceof Temporal ? value.toString() : String.valueOf(value);
  }
}
