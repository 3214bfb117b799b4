package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.row.SortField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregate is told beside its field. What a kind does not ask for is 0, null or empty; the
 * ranges are checked with the topology, so that everything wrong is told at once.
 *
 * @param limit most values that {@link AggregateCall.Kind#COLLECT} and {@link
 *     AggregateCall.Kind#TOP} keep; 0 where none is given
 * @param label field that names the values of a {@link AggregateCall.Kind#TOP}
 * @param other the second field: of aggregates of pairs the independent variable, of quantiles and
 *     percentiles how often a value counts
 * @param fractions which quantiles or percentiles, 0 to 1
 * @param order in which order a {@link AggregateCall.Kind#LIST}, {@link AggregateCall.Kind#FIRST}
 *     or {@link AggregateCall.Kind#LAST} takes rows: that of their times where it is empty; of
 *     percentiles their field, {@code desc} where they are counted from the largest value
 * @param condition expression that a row must make true to be aggregated, as SQL's {@code filter
 *     (where …)}; null for all rows
 */
public record AggregateSettings(
    int limit,
    @Nullable String label,
    @Nullable String other,
    List<Double> fractions,
    List<SortField> order,
    @Nullable String condition) {
  /** Largest {@link #limit} of a collection. */
  public static final int MAX_COLLECTED = 10_000;

  /** Largest {@link #limit} of a ranking. */
  public static final int MAX_TOP = 1_000;

  /** Nothing to tell. */
  public static final AggregateSettings NONE =
      new AggregateSettings(0, null, null, List.of(), List.of(), null);

  public AggregateSettings {
    fractions = List.copyOf(fractions);
    order = List.copyOf(order);
  }

  /** At most this many values. */
  public static AggregateSettings limit(int limit) {
    return new AggregateSettings(limit, null, null, List.of(), List.of(), null);
  }

  /** The quantiles of these fractions. */
  public static AggregateSettings fractions(List<Double> fractions) {
    return new AggregateSettings(0, null, null, fractions, List.of(), null);
  }

  /** Rows in this order. */
  public static AggregateSettings order(List<SortField> order) {
    return NONE.withOrder(order);
  }

  public AggregateSettings withLabel(@Nullable String newLabel) {
    return new AggregateSettings(limit, newLabel, other, fractions, order, condition);
  }

  /** With a second field. */
  public AggregateSettings withOther(@Nullable String newOther) {
    return new AggregateSettings(limit, label, newOther, fractions, order, condition);
  }

  public AggregateSettings withOrder(List<SortField> newOrder) {
    return new AggregateSettings(limit, label, other, fractions, newOrder, condition);
  }

  public AggregateSettings withCondition(@Nullable String newCondition) {
    return new AggregateSettings(limit, label, other, fractions, order, newCondition);
  }

  /** Whether the first field of the order has larger values first. */
  boolean isDescending() {
    return !order.isEmpty() && order.get(0).descending();
  }
}
