package io.fluxcore.infrastructure.sql.model;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Truth, equality and order as SQL has them: null is neither true nor false, and equals nothing.
 */
final class Logic {
  private Logic() {}

  static @Nullable Boolean and(@Nullable Boolean a, @Nullable Boolean b) {
    if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
      return false;
    }
    return a == null || b == null ? null : Boolean.TRUE;
  }

  static @Nullable Boolean or(@Nullable Boolean a, @Nullable Boolean b) {
    if (Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b)) {
      return true;
    }
    return a == null || b == null ? null : Boolean.FALSE;
  }

  static @Nullable Boolean not(@Nullable Boolean a) {
    return a == null ? null : (Boolean) !a;
  }

  /** Of values of one kind, neither of which is null. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  static int compare(Object a, Object b) {
    return ((Comparable) a).compareTo(b);
  }

  static @Nullable Boolean compared(String operator, @Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return null;
    }
    int order = compare(a, b);
    return switch (operator) {
      case "=" -> order == 0;
      case "<>" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> throw new IllegalArgumentException(operator);
    };
  }

  /** Nulls are the smallest. */
  static final Comparator<@Nullable Object> ORDER = Comparator.nullsFirst((a, b) -> compare(a, b));

  /** A row as what can be compared and counted; the digits of decimals do not matter. */
  static List<@Nullable Object> key(@Nullable Object... values) {
    return Arrays.asList(Arrays.stream(values).map(Logic::plain).toArray());
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return value instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : value;
  }
}
