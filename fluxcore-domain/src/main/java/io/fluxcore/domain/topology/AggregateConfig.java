package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.window.WindowAggregation;
import io.fluxcore.domain.window.WindowedAggregation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One or several aggregates over the rows of a window and a group. The result has the group-by
 * fields, {@code window_start}, {@code window_end}, and the aggregates, in this order.
 *
 * @param groupBy fields of the group; empty for one group of all rows
 * @param aggregations at least one
 * @param errors what happens to rows that cannot be aggregated; null: as the job says
 */
public record AggregateConfig(
    List<String> groupBy, List<AggregateCall> aggregations, @Nullable ErrorPolicy errors)
    implements NodeConfig {
  /** Field of the result: when its window starts. */
  public static final String WINDOW_START = WindowAggregation.WINDOW_START;

  /** Field of the result: when its window ends, exclusive. */
  public static final String WINDOW_END = WindowAggregation.WINDOW_END;

  public AggregateConfig {
    groupBy = List.copyOf(groupBy);
    aggregations = List.copyOf(aggregations);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The number of rows. */
  public static Builder count() {
    return builder().count();
  }

  /** The number of values that are not null. */
  public static Builder count(String field) {
    return builder().count(field);
  }

  public static Builder countDistinct(String field) {
    return builder().countDistinct(field);
  }

  public static Builder sum(String field) {
    return builder().sum(field);
  }

  public static Builder average(String field) {
    return builder().average(field);
  }

  public static Builder min(String field) {
    return builder().min(field);
  }

  public static Builder max(String field) {
    return builder().max(field);
  }

  /** A function of the application's own. */
  public static Builder custom(AggregateFunction<?> function, String field) {
    return builder().custom(function, field);
  }

  /** These aggregates, in this order. */
  public static Builder of(AggregateCall... aggregations) {
    Builder builder = builder();
    builder.aggregations.addAll(List.of(aggregations));
    return builder;
  }

  /**
   * The same over windows.
   *
   * @throws IllegalArgumentException if the window's settings are out of their ranges
   */
  public WindowedAggregation over(WindowConfig window) {
    return window
        .shape()
        .aggregation(
            groupBy,
            aggregations,
            window.allowedLateness().toMillis(),
            window.accumulation(),
            window.time());
  }

  @Override
  public String describe() {
    return aggregations.stream().map(AggregateCall::toString).collect(Collectors.joining(", "))
        + (groupBy.isEmpty() ? "" : " by " + String.join(", ", groupBy));
  }

  @Override
  public List<String> ports() {
    return List.of(WindowConfig.LATE_PORT);
  }

  @Override
  public List<String> boundParts() {
    return aggregations.stream()
        .filter(a -> a.function() != null)
        .map(a -> "aggregate function of '" + a.output() + "'")
        .toList();
  }

  /** Collects aggregates and groups. Not thread-safe. */
  public static final class Builder {
    private final List<AggregateCall> aggregations = new ArrayList<>();
    private List<String> groupBy = List.of();
    private @Nullable ErrorPolicy errors;

    private Builder() {}

    private Builder add(AggregateCall aggregation) {
      aggregations.add(aggregation);
      return this;
    }

    private Builder add(AggregateCall.Kind kind, String field, String prefix) {
      return add(AggregateCall.of(kind, field, prefix + field));
    }

    /** The number of rows. */
    public Builder count() {
      return add(AggregateCall.countAll("count"));
    }

    /** The number of values that are not null. */
    public Builder count(String field) {
      return add(AggregateCall.Kind.COUNT, field, "count_");
    }

    public Builder countDistinct(String field) {
      return add(AggregateCall.Kind.COUNT_DISTINCT, field, "count_distinct_");
    }

    public Builder sum(String field) {
      return add(AggregateCall.Kind.SUM, field, "sum_");
    }

    public Builder average(String field) {
      return add(AggregateCall.Kind.AVG, field, "average_");
    }

    public Builder min(String field) {
      return add(AggregateCall.Kind.MIN, field, "min_");
    }

    public Builder max(String field) {
      return add(AggregateCall.Kind.MAX, field, "max_");
    }

    /** A function of the application's own; the topology is bound by it. */
    public Builder custom(AggregateFunction<?> function, String field) {
      return add(AggregateCall.custom(function, field, function.name() + "_" + field));
    }

    /**
     * Names the result of the last aggregate.
     *
     * @throws IllegalStateException if there is none yet
     */
    public Builder as(String output) {
      if (aggregations.isEmpty()) {
        throw new IllegalStateException("as('" + output + "') names the aggregate before it");
      }
      int last = aggregations.size() - 1;
      AggregateCall call = aggregations.get(last);
      aggregations.set(last, new AggregateCall(call.kind(), call.function(), call.field(), output));
      return this;
    }

    /** Groups rows by these fields. */
    public Builder withGroupBy(String... fields) {
      this.groupBy = List.of(fields);
      return this;
    }

    /** What happens to rows that cannot be aggregated. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      this.errors = policy;
      return this;
    }

    public AggregateConfig build() {
      return new AggregateConfig(groupBy, aggregations, errors);
    }
  }
}
