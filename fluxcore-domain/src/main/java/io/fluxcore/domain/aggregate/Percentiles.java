package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.DataType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** The values of which exact percentiles are read; several aggregates may share them. */
final class Percentiles extends CountedValues {
  /** Counts of a field; a negative weight field: each value once. */
  Percentiles(int field, DataType type, int weightField) {
    super("counted-values", field, type, weightField);
  }

  @Override
  @Nullable Object result(@Nullable NavigableMap<Object, Long> accumulator) {
    throw new UnsupportedOperationException("a result needs its fractions");
  }

  /**
   * How percentiles are read.
   *
   * @param continuous between two values, as {@code PERCENTILE_CONT}, or values that are there
   * @param descending from the largest value down
   */
  record Reading(List<Double> fractions, boolean continuous, boolean descending) {
    /** One value, or a list of several; null where there are none. */
    @Nullable Object of(@Nullable NavigableMap<Object, Long> counts) {
      NavigableMap<Object, Long> inOrder =
          counts != null && descending ? counts.descendingMap() : counts;
      long total = 0;
      if (inOrder != null) {
        for (long count : inOrder.values()) {
          total += Math.max(0, count);
        }
      }
      if (inOrder == null || total == 0) {
        return null;
      }
      if (fractions.size() == 1) {
        return of(inOrder, total, fractions.get(0));
      }
      List<Object> list = new ArrayList<>();
      for (double fraction : fractions) {
        list.add(RankKernel.nested(of(inOrder, total, fraction)));
      }
      return list;
    }

    /** Fractions are taken as they are written: 0.1 of thirty values is the third. */
    private Object of(NavigableMap<Object, Long> counts, long total, double fraction) {
      BigDecimal share = BigDecimal.valueOf(fraction);
      if (!continuous) {
        long rank =
            share.multiply(BigDecimal.valueOf(total)).setScale(0, RoundingMode.CEILING).longValue();
        return at(counts, Math.max(1, rank) - 1);
      }
      BigDecimal place = share.multiply(BigDecimal.valueOf(total - 1));
      long before = place.longValue();
      double part = place.subtract(BigDecimal.valueOf(before)).doubleValue();
      double lower = ((Number) at(counts, before)).doubleValue();
      if (part == 0) {
        return lower;
      }
      double upper = ((Number) at(counts, before + 1)).doubleValue();
      return lower == upper ? lower : lower * (1 - part) + upper * part;
    }

    private static Object at(NavigableMap<Object, Long> counts, long place) {
      long left = place;
      for (Map.Entry<Object, Long> entry : counts.entrySet()) {
        left -= Math.max(0, entry.getValue());
        if (left < 0) {
          return entry.getKey();
        }
      }
      return counts.lastKey();
    }
  }
}
