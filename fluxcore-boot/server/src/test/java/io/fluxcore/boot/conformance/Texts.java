package io.fluxcore.boot.conformance;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Values as texts, the same for the same value whether it came from a case or from the engine. Sums
 * of doubles agree within twelve digits.
 */
final class Texts {
  private static final MathContext DIGITS = new MathContext(12);

  private Texts() {}

  static String of(JsonNode value) {
    if (value.isNumber()) {
      return number(value.decimalValue());
    }
    return value.isNull() || value.isMissingNode() ? "null" : value.toString();
  }

  static String of(Object value) {
    if (value instanceof Long number) {
      return number(BigDecimal.valueOf(number));
    }
    if (value instanceof Double number) {
      return number.isNaN() || number.isInfinite()
          ? number.toString()
          : number(BigDecimal.valueOf(number));
    }
    if (value instanceof BigDecimal number) {
      return number(number);
    }
    if (value instanceof Instant instant) {
      return number(BigDecimal.valueOf(instant.toEpochMilli()));
    }
    return value instanceof String text ? "\"" + text + "\"" : Objects.toString(value);
  }

  private static String number(BigDecimal number) {
    boolean whole = number.stripTrailingZeros().scale() <= 0;
    BigDecimal shown = whole ? number : number.round(DIGITS);
    return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
  }

  /** A row, its fields in the order of their names. */
  static String row(Map<String, String> values) {
    List<String> parts = new ArrayList<>();
    new TreeMap<>(values).forEach((name, value) -> parts.add(name + "=" + value));
    return "(" + String.join(" ", parts) + ")";
  }
}
