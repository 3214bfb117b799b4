package io.fluxcore.infrastructure.embedded;

import io.fluxcore.domain.join.JoinType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** What nodes make of whole tables, in the most naive way. */
final class Relations {
  /** A row of every table: a key, which may be null, a value and an id. */
  record Row(@Nullable Long k, long v, long id) {
    /** As rows of that schema print themselves. */
    @Override
    public String toString() {
      return "{k=" + k + ", v=" + v + ", id=" + id + "}";
    }
  }

  private Relations() {}

  static List<Row> union(List<Row> left, List<Row> right) {
    List<Row> all = new ArrayList<>(left);
    all.addAll(right);
    return all;
  }

  /** Rows that match by the key and by what else is asked of them. */
  static List<Row> join(
      JoinType type, BiPredicate<Row, Row> condition, List<Row> left, List<Row> right) {
    List<Row> rows = new ArrayList<>();
    boolean[] matched = new boolean[right.size()];
    for (Row l : left) {
      boolean isMatched = false;
      for (int r = 0; r < right.size(); r++) {
        Row other = right.get(r);
        if (l.k() != null && l.k().equals(other.k()) && condition.test(l, other)) {
          isMatched = true;
          matched[r] = true;
          if (type.givesPairs()) {
            rows.add(new Row(l.k(), l.v() + other.v(), mixed(l.id(), other.id())));
          }
        }
      }
      if (type == JoinType.SEMI ? isMatched : !isMatched && type.givesUnmatched(0)) {
        rows.add(type.givesPairs() ? new Row(l.k(), l.v(), mixed(l.id(), 0)) : l);
      }
    }
    for (int r = 0; r < right.size(); r++) {
      if (!matched[r] && type.givesUnmatched(1)) {
        Row other = right.get(r);
        rows.add(new Row(other.k(), other.v(), mixed(0, other.id())));
      }
    }
    return rows;
  }

  /** Rows with the value of the last row of their key in a table up to their time, the id. */
  static List<Row> asOf(boolean isOuter, List<Row> left, List<Row> changes) {
    List<Row> rows = new ArrayList<>();
    for (Row l : left) {
      Row version = null;
      for (Row change : changes) {
        if (l.k() != null && l.k().equals(change.k()) && change.id() <= l.id()) {
          version = change;
        }
      }
      if (version != null || isOuter) {
        rows.add(new Row(l.k(), l.v() + (version == null ? 50 : version.v()), l.id()));
      }
    }
    return rows;
  }

  static long mixed(long left, long right) {
    return (left + right * 7) % 10_007;
  }

  private static Collection<List<Row>> groups(List<Row> rows) {
    Map<@Nullable Long, List<Row>> groups = new LinkedHashMap<>();
    rows.forEach(row -> groups.computeIfAbsent(row.k(), k -> new ArrayList<>()).add(row));
    return groups.values();
  }

  /** Sum, largest and smallest value together, and the number of rows. */
  static List<Row> aggregated(List<Row> rows) {
    List<Row> results = new ArrayList<>();
    for (List<Row> group : groups(rows)) {
      long sum = group.stream().mapToLong(Row::v).sum();
      long max = group.stream().mapToLong(Row::v).max().orElseThrow();
      long min = group.stream().mapToLong(Row::v).min().orElseThrow();
      results.add(new Row(group.get(0).k(), sum + max - min, group.size()));
    }
    return results;
  }

  /** The first rows of each key by value, largest first, and by id; with the rank as the id. */
  static List<Row> top(int count, boolean ranked, List<Row> rows) {
    List<Row> results = new ArrayList<>();
    for (List<Row> group : groups(rows)) {
      List<Row> ordered = new ArrayList<>(group);
      ordered.sort(Comparator.comparingLong(Row::v).reversed().thenComparingLong(Row::id));
      for (int i = 0; i < Math.min(count, ordered.size()); i++) {
        Row row = ordered.get(i);
        results.add(ranked ? new Row(row.k(), row.v(), i + 1L) : row);
      }
    }
    return results;
  }

  /** Rows as often as a function of how often they are in either table says. */
  static List<Row> set(LongBinaryOperator times, List<Row> left, List<Row> right) {
    Map<Row, long[]> counts = new HashMap<>();
    left.forEach(row -> counts.computeIfAbsent(row, r -> new long[2])[0]++);
    right.forEach(row -> counts.computeIfAbsent(row, r -> new long[2])[1]++);
    List<Row> rows = new ArrayList<>();
    counts.forEach(
        (row, count) -> {
          for (long i = times.applyAsLong(count[0], count[1]); i > 0; i--) {
            rows.add(row);
          }
        });
    return rows;
  }

  /** The first or the last row of each key, in the order of the list. */
  static List<Row> deduplicated(boolean last, List<Row> rows) {
    List<Row> results = new ArrayList<>();
    for (List<Row> group : groups(rows)) {
      results.add(group.get(last ? group.size() - 1 : 0));
    }
    return results;
  }

  /**
   * Each row of a key with the sum of so many before it, the value of the one before it, and, where
   * it looks ahead, that of a later one.
   */
  static List<Row> over(int preceding, int ahead, List<Row> rows) {
    List<Row> results = new ArrayList<>();
    for (List<Row> group : groups(rows)) {
      for (int i = 0; i < group.size(); i++) {
        long v = i > 0 ? group.get(i - 1).v() : 0;
        for (int j = Math.max(0, i - preceding); j <= i; j++) {
          v += group.get(j).v();
        }
        if (ahead > 0) {
          v += i + ahead < group.size() ? group.get(i + ahead).v() : 100;
        }
        results.add(new Row(group.get(i).k(), v, group.get(i).id()));
      }
    }
    return results;
  }

  /** How often each row is there, in words. */
  static Map<String, Integer> counted(List<Row> rows) {
    Map<String, Integer> counts = new TreeMap<>();
    rows.forEach(row -> counts.merge(row.toString(), 1, Integer::sum));
    return counts;
  }

  /**
   * The table that changes make, in words such as {@code +I{k=1, v=2, id=3}@4}.
   *
   * @throws AssertionError if a row is taken back that is not there
   */
  static Map<String, Integer> materialised(List<String> changes) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String change : changes) {
      String row = change.substring(2, change.lastIndexOf('@'));
      int times = change.startsWith("+") ? 1 : -1;
      Integer left = counts.merge(row, times, Integer::sum);
      if (Objects.requireNonNull(left) == 0) {
        counts.remove(row);
      } else if (left < 0) {
        throw new AssertionError("taken back before it was there: " + change);
      }
    }
    return counts;
  }
}
