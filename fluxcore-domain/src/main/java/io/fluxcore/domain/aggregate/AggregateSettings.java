package io.fluxcore.domain.aggregate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregate is told beside its field. What a kind does not ask for is 0, null or empty; the
 * ranges are checked with the topology, so that everything wrong is told at once.
 *
 * @param limit most values that {@link AggregateCall.Kind#COLLECT} and {@link
 *     AggregateCall.Kind#TOP} keep; 0 where none is given
 * @param label field that names the values of a {@link AggregateCall.Kind#TOP}
 * @param fractions which {@link AggregateCall.Kind#QUANTILE}s, 0 to 1
 * @param condition expression that a row must make true to be aggregated, as SQL's {@code filter
 *     (where …)}; null for all rows
 */
public record AggregateSettings(
    int limit, @Nullable String label, List<Double> fractions, @Nullable String condition) {
  /** Largest {@link #limit} of a collection. */
  public static final int MAX_COLLECTED = 10_000;

  /** Largest {@link #limit} of a ranking. */
  public static final int MAX_TOP = 1_000;

  /** Nothing to tell. */
  public static final AggregateSettings NONE = new AggregateSettings(0, null, List.of(), null);

  public AggregateSettings {
    fractions = List.copyOf(fractions);
  }

  /** At most this many values. */
  public static AggregateSettings limit(int limit) {
    return new AggregateSettings(limit, null, List.of(), null);
  }

  /** The quantiles of these fractions. */
  public static AggregateSettings fractions(List<Double> fractions) {
    return new AggregateSettings(0, null, fractions, null);
  }

  public AggregateSettings withLabel(@Nullable String newLabel) {
    return new AggregateSettings(limit, newLabel, fractions, condition);
  }

  public AggregateSettings withCondition(@Nullable String newCondition) {
    return new AggregateSettings(limit, label, fractions, newCondition);
  }
}
