package io.fluxcore.boot.nexmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rows that a query must come to. Where its order leaves open which of several rows is meant,
 * some columns are compared, and whole rows must be among those that are possible.
 */
final class Table {
  private static final int SHOWN = 5;

  private final int[] compared;
  private final Map<List<Object>, Integer> rows = new HashMap<>();
  private final Set<List<Object>> possible = new HashSet<>();

  /**
   * An empty table.
   *
   * @param compared the columns that are compared; none: all
   */
  Table(int... compared) {
    this.compared = compared;
  }

  /** Adds a row, of which all columns are compared. */
  void add(Object... values) {
    rows.merge(normal(Arrays.asList(values)), 1, Integer::sum);
  }

  /** Says that a row could be in the result. */
  void allow(Object... values) {
    possible.add(normal(Arrays.asList(values)));
  }

  /** Numbers that are equal are the same. */
  static List<Object> normal(List<Object> row) {
    List<Object> normal = new ArrayList<>(row.size());
    for (Object value : row) {
      normal.add(
          value instanceof BigDecimal decimal
              ? decimal.stripTrailingZeros()
              : value instanceof Integer number ? (Object) number.longValue() : value);
    }
    return normal;
  }

  /** Holds a result, as rows of {@link #normal} values and how often each is there, to this. */
  void check(String what, Map<List<Object>, Integer> found) {
    Map<List<Object>, Integer> result = found;
    if (compared.length > 0) {
      assertThat(few(found.keySet(), row -> !possible.contains(row)))
          .as("%s: rows that cannot be", what)
          .isEmpty();
      result = new HashMap<>();
      for (Map.Entry<List<Object>, Integer> row : found.entrySet()) {
        List<Object> key = Arrays.stream(compared).mapToObj(row.getKey()::get).toList();
        result.merge(key, row.getValue(), Integer::sum);
      }
    }
    Map<List<Object>, Integer> there = result;
    List<List<Object>> tooMany = few(there.keySet(), row -> !rows.containsKey(row));
    assertThat(few(rows.keySet(), row -> !rows.get(row).equals(there.get(row))))
        .as(
            "%s: rows that are missing, or there another number of times, while these should not be"
                + " there: %s",
            what, tooMany)
        .isEmpty();
    assertThat(tooMany).as("%s: rows that should not be there", what).isEmpty();
  }

  private static List<List<Object>> few(Set<List<Object>> rows, Predicate<List<Object>> condition) {
    return rows.stream().filter(condition).limit(SHOWN).toList();
  }

  int size() {
    return rows.values().stream().mapToInt(Integer::intValue).sum();
  }
}
