package io.fluxcore.domain.expression;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What nested values are made of, and when two of them are equal or in order. */
final class NestedValues {
  /**
   * Null first, then booleans, numbers by their value, texts, lists by their elements, and maps by
   * their text.
   */
  static final Comparator<@Nullable Object> ORDER = NestedValues::compare;

  private NestedValues() {}

  /** A value of any type as part of a nested one: JSON has no dates, times and bytes. */
  static @Nullable Object of(@Nullable Object value) {
    if (value == null
        || value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof List
        || value instanceof Map) {
      return value;
    }
    return value instanceof byte[] bytes
        ? Base64.getEncoder().encodeToString(bytes)
        : TextValues.text(value);
  }

  static boolean isEqual(@Nullable Object a, @Nullable Object b) {
    return compare(a, b) == 0;
  }

  /** Whether a list has an element that is equal to this. */
  static boolean contains(List<?> list, @Nullable Object wanted) {
    return indexOf(list, wanted) >= 0;
  }

  static int indexOf(List<?> list, @Nullable Object wanted) {
    for (int i = 0; i < list.size(); i++) {
      if (isEqual(list.get(i), wanted)) {
        return i;
      }
    }
    return -1;
  }

  private static int kind(@Nullable Object value) {
    if (value == null) {
      return 0;
    }
    if (value instanceof Boolean) {
      return 1;
    }
    if (value instanceof Number) {
      return 2;
    }
    return value instanceof String ? 3 : value instanceof List ? 4 : 5;
  }

  private static int compare(@Nullable Object a, @Nullable Object b) {
    int kind = Integer.compare(kind(a), kind(b));
    if (kind != 0 || a == null || b == null) {
      return kind;
    }
    if (a instanceof Boolean left) {
      return Boolean.compare(left, (Boolean) b);
    }
    if (a instanceof Number left) {
      return compareNumbers(left, (Number) b);
    }
    if (a instanceof String left) {
      return compareTexts(left, (String) b);
    }
    if (a instanceof List<?> left) {
      return compareLists(left, (List<?>) b);
    }
    return compareMaps((Map<?, ?>) a, (Map<?, ?>) b);
  }

  private static int compareNumbers(Number a, Number b) {
    if (a instanceof Long left && b instanceof Long right) {
      return Long.compare(left, right);
    }
    boolean isFinite = Double.isFinite(a.doubleValue()) && Double.isFinite(b.doubleValue());
    return isFinite
        ? exact(a).compareTo(exact(b))
        : Double.compare(a.doubleValue(), b.doubleValue());
  }

  private static BigDecimal exact(Number number) {
    if (number instanceof BigDecimal exact) {
      return exact;
    }
    return number instanceof Double
        ? BigDecimal.valueOf(number.doubleValue())
        : BigDecimal.valueOf(number.longValue());
  }

  /** By code points, as columns of texts are. */
  private static int compareTexts(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean isPair = Character.isSurrogate(x) != Character.isSurrogate(y);
        return isPair ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int compareLists(List<?> a, List<?> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  /** Equal whatever the order of their keys. */
  private static int compareMaps(Map<?, ?> a, Map<?, ?> b) {
    List<Object> left = sorted(a);
    List<Object> right = sorted(b);
    int keys = compareLists(left, right);
    if (keys != 0) {
      return keys;
    }
    List<@Nullable Object> leftValues = new ArrayList<>();
    List<@Nullable Object> rightValues = new ArrayList<>();
    for (Object key : left) {
      leftValues.add(a.get(key));
      rightValues.add(b.get(key));
    }
    return compareLists(leftValues, rightValues);
  }

  private static List<Object> sorted(Map<?, ?> map) {
    List<Object> keys = new ArrayList<>();
    map.keySet().forEach(key -> keys.add(String.valueOf(key)));
    keys.sort(ORDER);
    return keys;
  }
}
