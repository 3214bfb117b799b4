package io.fluxcore.domain.expression;

import io.fluxcore.domain.expression.syntax.TemporalText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as text and text as values. White space around a number or a boolean does not matter. Text
 * that is not a value is an {@link IllegalArgumentException}.
 */
final class TextValues {
  private static final int LONGEST_NUMBER = 400;

  private TextValues() {}

  static long toLong(String text) {
    return Long.parseLong(text.strip());
  }

  static double toDouble(String text) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      throw new NumberFormatException("empty");
    }
    char last = stripped.charAt(stripped.length() - 1);
    boolean suffixed = last == 'd' || last == 'D' || last == 'f' || last == 'F';
    if (suffixed || stripped.indexOf('x') >= 0 || stripped.indexOf('X') >= 0) {
      throw new NumberFormatException("not a decimal number");
    }
    return Double.parseDouble(stripped);
  }

  static BigDecimal toDecimal(String text) {
    String stripped = text.strip();
    if (stripped.length() > LONGEST_NUMBER) {
      throw new NumberFormatException("too long");
    }
    return new BigDecimal(stripped);
  }

  static boolean toBoolean(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "1" -> true;
      case "false", "f", "no", "n", "0" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  /** The text of an object of {@link io.fluxcore.domain.event.Values}; JSON for lists and maps. */
  static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof LocalDateTime time) {
      return TemporalText.write(time);
    }
    if (value instanceof Instant time) {
      return TemporalText.write(time);
    }
    if (value instanceof List || value instanceof Map) {
      return json(value);
    }
    return String.valueOf(value);
  }

  /** The JSON of a nested value; of a text in quotes. */
  static String json(@Nullable Object value) {
    StringBuilder json = new StringBuilder();
    appendJson(value, json);
    return json.toString();
  }

  private static void appendJson(@Nullable Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(separator);
        appendQuoted(String.valueOf(entry.getKey()), out);
        out.append(':');
        appendJson(entry.getValue(), out);
        separator = ",";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object element : list) {
        out.append(separator);
        appendJson(element, out);
        separator = ",";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof String text) {
      appendQuoted(text, out);
    } else {
      out.append(value == null ? "null" : text(value));
    }
  }

  private static void appendQuoted(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
