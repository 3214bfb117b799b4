package io.fluxcore.domain.topology;

import io.fluxcore.domain.time.DurationText;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Values of connector options in the few classes that a text can say, so that a topology made in
 * Java equals the same one read from a file.
 */
final class OptionValue {
  private OptionValue() {}

  static Object plain(Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return Double.parseDouble(number.toString());
    }
    if (value instanceof Duration duration) {
      return DurationText.format(duration);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> plain = new LinkedHashMap<>();
      map.forEach((key, item) -> plain.put(String.valueOf(key), plain(item)));
      return Collections.unmodifiableMap(plain);
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(OptionValue::plain).toList();
    }
    return value instanceof Number || value instanceof Boolean ? value : value.toString();
  }
}
