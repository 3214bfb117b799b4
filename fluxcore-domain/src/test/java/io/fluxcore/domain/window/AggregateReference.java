package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.PairStatistic;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What aggregates of pairs, of bits, in an order and of percentiles give, from the rows. */
final class AggregateReference {
  private AggregateReference() {}

  /** The field of the rows, in the order that the aggregate has. */
  static List<@Nullable Object> inOrder(Schema input, AggregateCall call, List<Script.Row> rows) {
    List<Script.Row> sorted = new ArrayList<>(rows);
    List<SortField> order = call.settings().order();
    for (int i = order.size() - 1; i >= 0; i--) { // sorting is stable: the first field at last
      SortField by = order.get(i);
      int ordinal = input.ordinal(by.name());
      Comparator<Object> values = WindowReference::compare;
      Comparator<Object> directed = by.descending() ? values.reversed() : values;
      sorted.sort(
          Comparator.comparing(
              row -> row.values().get(ordinal),
              by.nullsFirst() ? Comparator.nullsFirst(directed) : Comparator.nullsLast(directed)));
    }
    int field = input.ordinal(Objects.requireNonNull(call.field()));
    List<@Nullable Object> values = new ArrayList<>();
    sorted.forEach(row -> values.add(row.values().get(field)));
    return values;
  }

  static @Nullable Object list(Schema input, AggregateCall call, List<Script.Row> rows) {
    List<@Nullable Object> values = inOrder(input, call, rows);
    return values.isEmpty() ? null : values;
  }

  static @Nullable Object bits(AggregateCall.Kind kind, List<Object> values) {
    return values.stream()
        .map(value -> (Long) value)
        .reduce(
            (a, b) ->
                switch (kind) {
                  case BIT_AND -> a & b;
                  case BIT_OR -> a | b;
                  default -> a ^ b;
                })
        .orElse(null);
  }

  static @Nullable Object percentiles(Schema input, AggregateCall call, List<Script.Row> rows) {
    int ordinal = input.ordinal(Objects.requireNonNull(call.field()));
    String other = call.settings().other();
    List<Object> values = new ArrayList<>();
    for (Script.Row row : rows) {
      Object value = row.values().get(ordinal);
      Object times = other == null ? Long.valueOf(1) : row.values().get(input.ordinal(other));
      for (long i = 0; value != null && times != null && i < (Long) times; i++) {
        values.add(value);
      }
    }
    values.sort(WindowReference::compare);
    if (!call.settings().order().isEmpty() && call.settings().order().get(0).descending()) {
      Collections.reverse(values);
    }
    if (values.isEmpty()) {
      return null;
    }
    List<Object> results = new ArrayList<>();
    for (double fraction : call.settings().fractions()) {
      results.add(percentile(call, values, fraction));
    }
    return results.size() == 1 ? results.get(0) : results;
  }

  private static Object percentile(AggregateCall call, List<Object> values, double fraction) {
    if (call.kind() != AggregateCall.Kind.PERCENTILE_CONT) {
      int rank = (int) Math.ceil(fraction * values.size() - 1e-9);
      return values.get(Math.max(1, rank) - 1);
    }
    double place = fraction * (values.size() - 1);
    double lower = ((Number) values.get((int) place)).doubleValue();
    double upper = ((Number) values.get((int) Math.ceil(place))).doubleValue();
    return lower + (upper - lower) * (place - (int) place);
  }

  static @Nullable Object ofPairs(Schema input, AggregateCall call, List<Script.Row> rows) {
    List<Double> ys = new ArrayList<>();
    List<Double> xs = new ArrayList<>();
    for (Script.Row row : rows) {
      Object y = row.values().get(input.ordinal(Objects.requireNonNull(call.field())));
      Object x = row.values().get(input.ordinal(Objects.requireNonNull(call.settings().other())));
      if (y != null && x != null) {
        ys.add(((Number) y).doubleValue());
        xs.add(((Number) x).doubleValue());
      }
    }
    PairStatistic statistic = Objects.requireNonNull(call.kind().ofPairs());
    if (statistic == PairStatistic.REGR_COUNT) {
      return (long) ys.size();
    }
    return ys.isEmpty() ? null : of(statistic, ys, xs);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).sum() / values.size();
  }

  private static double products(List<Double> as, List<Double> bs) {
    double sum = 0;
    for (int i = 0; i < as.size(); i++) {
      sum += (as.get(i) - mean(as)) * (bs.get(i) - mean(bs));
    }
    return sum;
  }

  private static @Nullable Double of(PairStatistic statistic, List<Double> ys, List<Double> xs) {
    double xx = products(xs, xs);
    double yy = products(ys, ys);
    double xy = products(xs, ys);
    int count = ys.size();
    boolean isFlat = xs.stream().distinct().count() == 1;
    boolean isLevel = ys.stream().distinct().count() == 1;
    return switch (statistic) {
      case REGR_COUNT -> (double) count;
      case REGR_AVGX -> mean(xs);
      case REGR_AVGY -> mean(ys);
      case REGR_SXX -> xx;
      case REGR_SYY -> yy;
      case REGR_SXY -> xy;
      case COVAR_POP -> xy / count;
      case COVAR_SAMP -> count < 2 ? null : (Double) (xy / (count - 1));
      case CORR -> isFlat || isLevel ? null : (Double) (xy / Math.sqrt(xx * yy));
      case REGR_SLOPE -> isFlat ? null : (Double) (xy / xx);
      case REGR_INTERCEPT -> isFlat ? null : (Double) (mean(ys) - xy / xx * mean(xs));
      case REGR_R2 -> isFlat ? null : isLevel ? 1 : (Double) (xy * xy / (xx * yy));
    };
  }
}
