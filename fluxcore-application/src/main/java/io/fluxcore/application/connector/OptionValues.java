package io.fluxcore.application.connector;

import io.fluxcore.domain.time.DurationText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Option values, as text or as a YAML reader gives them, to the class of their type. */
final class OptionValues {
  private OptionValues() {}

  /**
   * The value as {@link ConnectorOptions} hands it out.
   *
   * @throws IllegalArgumentException if it is not of the type; the message says what was wanted
   */
  static Object parse(OptionSpec.Type type, Object value) {
    return switch (type) {
      case STRING -> text(value);
      case BOOLEAN -> bool(value);
      case LONG -> integer(value);
      case DOUBLE -> number(value);
      case DURATION -> value instanceof Duration duration ? duration : duration(value);
      case SIZE -> value instanceof Number ? nonNegative(value) : SizeText.parse(text(value));
      case PATH -> path(value);
      case LIST -> list(value);
      case MAP -> map(value);
    };
  }

  private static String text(Object value) {
    if (value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum<?>
        || value instanceof Path) {
      return value.toString();
    }
    throw wrong(value, "a text");
  }

  private static Boolean bool(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof String text) {
      if (text.strip().equalsIgnoreCase("true")) {
        return true;
      }
      if (text.strip().equalsIgnoreCase("false")) {
        return false;
      }
    }
    throw wrong(value, "true or false");
  }

  private static Long integer(Object value) {
    try {
      if (value instanceof Long || value instanceof Integer || value instanceof Short) {
        return ((Number) value).longValue();
      }
      if (value instanceof BigInteger integer) {
        return integer.longValueExact();
      }
      if (value instanceof BigDecimal decimal) {
        return decimal.longValueExact();
      }
      if (value instanceof Double || value instanceof Float) {
        return BigDecimal.valueOf(((Number) value).doubleValue()).longValueExact();
      }
      if (value instanceof String text) {
        return Long.parseLong(text.strip().replace("_", ""));
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(wrong(value, "an integer").getMessage(), e);
    }
    throw wrong(value, "an integer");
  }

  private static Long nonNegative(Object value) {
    long bytes = integer(value);
    if (bytes < 0) {
      throw wrong(value, "a size; write 64kb, 16mb, 1gb or a number of bytes");
    }
    return bytes;
  }

  private static Double number(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.parseDouble(text.strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(wrong(value, "a number").getMessage(), e);
      }
    }
    throw wrong(value, "a number");
  }

  private static Duration duration(Object value) {
    return DurationText.parse(text(value));
  }

  private static Path path(Object value) {
    if (value instanceof Path path) {
      return path;
    }
    try {
      String text = text(value);
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(wrong(value, "a path").getMessage(), e);
    }
    throw wrong(value, "a path");
  }

  private static List<String> list(Object value) {
    List<String> result = new ArrayList<>();
    if (value instanceof Iterable<?> && !(value instanceof Path)) {
      for (Object item : (Iterable<?>) value) {
        if (item == null) {
          throw wrong(value, "a list of texts");
        }
        result.add(text(item));
      }
    } else {
      for (String item : text(value).split(",")) {
        if (!item.isBlank()) {
          result.add(item.strip());
        }
      }
    }
    return List.copyOf(result);
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (entry.getKey() == null || entry.getValue() == null) {
          throw wrong(value, "a map without empty keys and values");
        }
        result.put(entry.getKey().toString(), entry.getValue());
      }
      return result;
    }
    if (!(value instanceof String)) {
      throw wrong(value, "a map");
    }
    for (String item : splitOutsideParentheses(text(value))) {
      int colon = item.indexOf(':');
      if (colon < 1 || colon == item.length() - 1) {
        throw wrong(value, "a map; write name: value, name: value");
      }
      result.put(item.substring(0, colon).strip(), item.substring(colon + 1).strip());
    }
    return result;
  }

  /** Parts between commas, but {@code decimal(10,2)} is one. */
  private static List<String> splitOutsideParentheses(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == ',' && (depth == 0 || i == text.length())) {
        if (!text.substring(start, i).isBlank()) {
          parts.add(text.substring(start, i).strip());
        }
        start = i + 1;
      }
    }
    return parts;
  }

  private static IllegalArgumentException wrong(Object value, String wanted) {
    return new IllegalArgumentException("'" + value + "' is not " + wanted);
  }
}
