package io.fluxcore.infrastructure.sql.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate: its text, and what it is for the rows of a group.
 *
 * @param sql as it is written
 */
record Summary(String sql, Kind kind, Value value) {
  /** What comes of rows. */
  @FunctionalInterface
  interface Value {
    @Nullable Object of(List<@Nullable Object[]> rows);
  }

  static Summary countAll() {
    return new Summary("COUNT(*)", Kind.LONG, rows -> (long) rows.size());
  }

  /** A random one over terms. */
  static Summary of(Terms terms, List<Term> over, boolean mayBeDistinct) {
    Summary plain = plain(terms, over, mayBeDistinct);
    if (!terms.oneIn(5) || plain.sql().contains("DISTINCT")) {
      return plain;
    }
    Term filter = terms.condition(over, 1);
    return new Summary(
        plain.sql() + " FILTER (WHERE " + filter.sql() + ")",
        plain.kind(),
        rows -> plain.value().of(rows.stream().filter(filter::holds).toList()));
  }

  private static Summary plain(Terms terms, List<Term> over, boolean mayBeDistinct) {
    if (terms.oneIn(5)) {
      return countAll();
    }
    String name = terms.any(List.of("COUNT", "SUM", "SUM", "AVG", "MIN", "MAX"));
    Kind kind =
        switch (name) {
          case "AVG" -> Kind.LONG;
          case "SUM" -> terms.any(List.of(Kind.LONG, Kind.LONG, Kind.DECIMAL));
          case "COUNT" -> terms.kind();
          default -> terms.any(List.of(Kind.LONG, Kind.TEXT, Kind.DECIMAL, Kind.TIME));
        };
    boolean isDistinct =
        mayBeDistinct && terms.oneIn(5) && (name.equals("COUNT") || name.equals("SUM"));
    return of(name, isDistinct, terms.of(kind, over, terms.oneIn(3) ? 1 : 0));
  }

  static Summary of(String name, boolean isDistinct, Term of) {
    return new Summary(
        String.format(Locale.ROOT, "%s(%s%s)", name, isDistinct ? "DISTINCT " : "", of.sql()),
        name.equals("COUNT") ? Kind.LONG : of.kind(),
        rows -> {
          List<Object> values = new ArrayList<>();
          Set<Object> seen = new HashSet<>();
          for (@Nullable Object[] row : rows) {
            Object value = of.value().of(row);
            if (value != null && (!isDistinct || seen.add(Logic.key(value)))) {
              values.add(value);
            }
          }
          return computed(name, values);
        });
  }

  private static @Nullable Object computed(String name, List<Object> values) {
    if (name.equals("COUNT")) {
      return (long) values.size();
    }
    if (values.isEmpty()) {
      return null;
    }
    return switch (name) {
      case "MIN" -> values.stream().min(Comparator.comparing(v -> v, Logic::compare)).orElseThrow();
      case "MAX" -> values.stream().max(Comparator.comparing(v -> v, Logic::compare)).orElseThrow();
      case "AVG" -> (Long) Objects.requireNonNull(sum(values)) / values.size();
      default -> sum(values);
    };
  }

  private static @Nullable Object sum(List<Object> values) {
    if (values.get(0) instanceof BigDecimal) {
      return values.stream().map(v -> (BigDecimal) v).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
    return values.stream().mapToLong(v -> (Long) v).sum();
  }
}
