package io.fluxcore.infrastructure.sql.model;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A term that rows are ordered by. */
record Ordering(Term by, boolean isDescending) {
  static Comparator<@Nullable Object[]> comparator(List<Ordering> order) {
    return (a, b) -> {
      for (Ordering each : order) {
        int compared = Logic.ORDER.compare(each.by.value().of(a), each.by.value().of(b));
        if (compared != 0) {
          return each.isDescending ? -compared : compared;
        }
      }
      return 0;
    };
  }

  static String text(List<Ordering> order) {
    return String.join(
        ", ", order.stream().map(o -> o.by.sql() + (o.isDescending ? " DESC" : "")).toList());
  }
}
