package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.aggregate.AggregateSettings;
import io.fluxcore.domain.aggregate.NamedAggregate;
import io.fluxcore.domain.aggregate.PairStatistic;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.window.WindowAggregation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One or several aggregates over the rows of a window and a group. The result has the group-by
 * fields, {@code window_start}, {@code window_end}, and the aggregates, in this order. Windows that
 * are not of time (count windows, the global window) have no start and end.
 *
 * <p>An aggregate that reads no window is over all rows of a group, for ever: its results are a
 * changelog, in which each replaces the one before of its group.
 *
 * @param groupBy fields of the group; empty for one group of all rows
 * @param aggregations at least one
 * @param timeToLive without a window: how long a group is remembered after its last row; null: for
 *     ever
 * @param errors what happens to rows that cannot be aggregated; null: as the job says
 */
public record AggregateConfig(
    List<String> groupBy,
    List<AggregateCall> aggregations,
    @Nullable TimeToLive timeToLive,
    @Nullable ErrorPolicy errors)
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

  /** The number of different values, within some 1.3 % of the truth where they are many. */
  public static Builder approximateCountDistinct(String field) {
    return builder().approximateCountDistinct(field);
  }

  /** The value of the earliest row. */
  public static Builder first(String field) {
    return builder().first(field);
  }

  /** The value of the latest row. */
  public static Builder last(String field) {
    return builder().last(field);
  }

  /** The first values, at most {@code limit}, as a list in order of time. */
  public static Builder collect(String field, int limit) {
    return builder().collect(field, limit);
  }

  /** The {@code limit} largest numbers. */
  public static Builder top(String field, int limit) {
    return builder().top(field, limit);
  }

  /** The {@code limit} largest numbers, each with another field of its row. */
  public static Builder top(String field, int limit, String label) {
    return builder().top(field, limit, label);
  }

  public static Builder variance(String field) {
    return builder().variance(field);
  }

  public static Builder standardDeviation(String field) {
    return builder().standardDeviation(field);
  }

  /** The number that half of the values do not exceed. */
  public static Builder median(String field) {
    return builder().median(field);
  }

  /** The number that this share of the values (0.95 for the 95th percentile) do not exceed. */
  public static Builder quantile(String field, double fraction) {
    return builder().quantile(field, fraction);
  }

  /** Several quantiles as one list. */
  public static Builder quantiles(String field, double... fractions) {
    return builder().quantiles(field, fractions);
  }

  /** A function of the application's own. */
  public static Builder custom(AggregateFunction<?> function, String field) {
    return builder().custom(function, field);
  }

  /** A function that is registered under a name; the topology stays portable. */
  public static Builder custom(String function, String field) {
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
   * @param context what the aggregates are bound with
   * @throws IllegalArgumentException if the window's settings are out of their ranges
   */
  public WindowAggregation over(WindowConfig window, AggregateContext context) {
    return new WindowAggregation(
        groupBy,
        window.shape().spec(),
        aggregations,
        window.allowedLateness().toMillis(),
        window.accumulation(),
        window.time(),
        window.trigger(),
        context);
  }

  @Override
  public String describe() {
    return aggregations.stream().map(AggregateCall::toString).collect(Collectors.joining(", "))
        + (groupBy.isEmpty() ? "" : " by " + String.join(", ", groupBy))
        + (timeToLive == null ? "" : " (state lives " + timeToLive + ")");
  }

  @Override
  public List<String> ports() {
    return List.of(WindowConfig.LATE_PORT);
  }

  @Override
  public List<String> boundParts() {
    return aggregations.stream()
        .filter(a -> a.function() != null && !(a.function() instanceof NamedAggregate))
        .map(a -> "aggregate function of '" + a.output() + "'")
        .toList();
  }

  /**
   * The same with the functions that names stand for, where registered, and the key that it has.
   */
  AggregateConfig resolve(AggregateCatalogue catalogue, @Nullable List<String> key) {
    return new AggregateConfig(
        key == null ? groupBy : key,
        aggregations.stream().map(catalogue::resolve).toList(),
        timeToLive,
        errors);
  }

  /** As a node of its own, where it reads no window. */
  public OperatorConfig overAllRows() {
    return new GroupsOfAllRows(this);
  }

  /** Collects aggregates and groups. Not thread-safe. */
  public static final class Builder {
    private final List<AggregateCall> aggregations = new ArrayList<>();
    private List<String> groupBy = List.of();
    private @Nullable TimeToLive timeToLive;
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

    private Builder add(
        AggregateCall.Kind kind, String field, AggregateSettings settings, String prefix) {
      return add(AggregateCall.of(kind, field, settings, prefix + field));
    }

    /**
     * The number of different values: exact for few, else within some 1.3 % of the truth, in a few
     * kilobytes for each group.
     */
    public Builder approximateCountDistinct(String field) {
      return add(AggregateCall.Kind.APPROX_COUNT_DISTINCT, field, "approximate_count_distinct_");
    }

    /** The value with the earliest event time; of equal times, the one that arrived first. */
    public Builder first(String field) {
      return add(AggregateCall.Kind.FIRST, field, "first_");
    }

    /** The value with the latest event time; of equal times, the one that arrived last. */
    public Builder last(String field) {
      return add(AggregateCall.Kind.LAST, field, "last_");
    }

    /**
     * The first values by event time and arrival, as a list. Values beyond the limit are left out;
     * {@code count(field)} tells how many there were.
     *
     * @param limit 1 to {@link AggregateSettings#MAX_COLLECTED}
     */
    public Builder collect(String field, int limit) {
      return add(AggregateCall.Kind.COLLECT, field, AggregateSettings.limit(limit), "collect_");
    }

    /**
     * The largest numbers, descending, as a list.
     *
     * @param limit 1 to {@link AggregateSettings#MAX_TOP}
     */
    public Builder top(String field, int limit) {
      return add(AggregateCall.Kind.TOP, field, AggregateSettings.limit(limit), "top_");
    }

    /**
     * The largest numbers, descending, as a list of maps of the label and the number, each under
     * the name of its field. Equal numbers are ordered by label.
     *
     * @param limit 1 to {@link AggregateSettings#MAX_TOP}
     */
    public Builder top(String field, int limit, String label) {
      AggregateSettings settings = AggregateSettings.limit(limit).withLabel(label);
      return add(AggregateCall.Kind.TOP, field, settings, "top_");
    }

    /** The sample variance: null for fewer than two values. */
    public Builder variance(String field) {
      return add(AggregateCall.Kind.VAR_SAMP, field, "variance_");
    }

    public Builder populationVariance(String field) {
      return add(AggregateCall.Kind.VAR_POP, field, "population_variance_");
    }

    /** The sample standard deviation: null for fewer than two values. */
    public Builder standardDeviation(String field) {
      return add(AggregateCall.Kind.STDDEV_SAMP, field, "standard_deviation_");
    }

    public Builder populationStandardDeviation(String field) {
      return add(AggregateCall.Kind.STDDEV_POP, field, "population_standard_deviation_");
    }

    /** The quantile 0.5. */
    public Builder median(String field) {
      return add(
          AggregateCall.Kind.QUANTILE, field, AggregateSettings.fractions(List.of(0.5)), "median_");
    }

    /**
     * The smallest value that a share of the values do not exceed: exact for few values, else
     * within 1 % of it. Several quantiles of one field share their state.
     *
     * @param fraction 0 to 1; 0.95 for the 95th percentile
     */
    public Builder quantile(String field, double fraction) {
      return quantiles(field, new double[] {fraction}, "quantile_");
    }

    /** Several quantiles as one list, in this order. */
    public Builder quantiles(String field, double... fractions) {
      return quantiles(field, fractions, "quantiles_");
    }

    private Builder quantiles(String field, double[] fractions, String prefix) {
      AggregateSettings settings =
          AggregateSettings.fractions(Arrays.stream(fractions).boxed().toList());
      return add(AggregateCall.Kind.QUANTILE, field, settings, prefix);
    }

    /**
     * What is told of pairs of two numbers: covariances, a correlation, a line of least squares.
     *
     * @param y the dependent variable
     * @param x the independent variable
     */
    public Builder ofPairs(PairStatistic statistic, String y, String x) {
      AggregateCall.Kind kind = AggregateCall.Kind.of(statistic);
      String prefix = statistic.name().toLowerCase(Locale.ROOT) + "_";
      return add(kind, y, AggregateSettings.NONE.withOther(x), prefix);
    }

    /** The sample covariance of two numbers. */
    public Builder covariance(String y, String x) {
      return ofPairs(PairStatistic.COVAR_SAMP, y, x);
    }

    /** Pearson's correlation of two numbers. */
    public Builder correlation(String y, String x) {
      return ofPairs(PairStatistic.CORR, y, x);
    }

    /** The bits that are set in all whole numbers. */
    public Builder bitAnd(String field) {
      return add(AggregateCall.Kind.BIT_AND, field, "bit_and_");
    }

    /** The bits that are set in any whole number. */
    public Builder bitOr(String field) {
      return add(AggregateCall.Kind.BIT_OR, field, "bit_or_");
    }

    /** The bits that are set in an odd number of whole numbers. */
    public Builder bitXor(String field) {
      return add(AggregateCall.Kind.BIT_XOR, field, "bit_xor_");
    }

    /**
     * The exact percentile, between two values in proportion. Each group keeps its different
     * values.
     *
     * @param fraction 0 to 1; 0.95 for the 95th percentile
     */
    public Builder percentile(String field, double fraction) {
      AggregateSettings settings = AggregateSettings.fractions(List.of(fraction));
      return add(AggregateCall.Kind.PERCENTILE_CONT, field, settings, "percentile_");
    }

    /** The first value that so many of the values do not exceed, exactly. */
    public Builder discretePercentile(String field, double fraction) {
      AggregateSettings settings = AggregateSettings.fractions(List.of(fraction));
      return add(AggregateCall.Kind.PERCENTILE_DISC, field, settings, "discrete_percentile_");
    }

    /** All values, nulls included, as a list in an order. Each group keeps all of its rows. */
    public Builder list(String field, SortField... order) {
      AggregateSettings settings = AggregateSettings.order(List.of(order));
      return add(AggregateCall.Kind.LIST, field, settings, "list_");
    }

    /** A function of the application's own; the topology is bound by it. */
    public Builder custom(AggregateFunction<?> function, String field) {
      return add(AggregateCall.custom(function, field, function.name() + "_" + field));
    }

    /** A function that is registered under a name; the topology stays portable. */
    public Builder custom(String function, String field) {
      return add(AggregateCall.custom(function, field, function + "_" + field));
    }

    /**
     * Names the result of the last aggregate.
     *
     * @throws IllegalStateException if there is none yet
     */
    public Builder as(String output) {
      return replaceLast("as('" + output + "') names", call -> call.withOutput(output));
    }

    /**
     * Has the last aggregate take only rows that make an expression true, as SQL's {@code filter
     * (where …)}.
     *
     * @throws IllegalStateException if there is none yet
     */
    public Builder where(String expression) {
      return replaceLast("where('" + expression + "') filters", call -> call.where(expression));
    }

    private Builder replaceLast(String what, UnaryOperator<AggregateCall> change) {
      if (aggregations.isEmpty()) {
        throw new IllegalStateException(what + " the aggregate before it");
      }
      aggregations.set(
          aggregations.size() - 1, change.apply(aggregations.get(aggregations.size() - 1)));
      return this;
    }

    /** Groups rows by these fields; without them by the key of a {@code keyBy} above, if any. */
    public Builder withGroupBy(String... fields) {
      this.groupBy = List.of(fields);
      return this;
    }

    /** What happens to rows that cannot be aggregated. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      this.errors = policy;
      return this;
    }

    /** How long a group is remembered after its last row, where there is no window. */
    public Builder withTimeToLive(TimeToLive life) {
      timeToLive = Objects.requireNonNull(life);
      return this;
    }

    public AggregateConfig build() {
      return new AggregateConfig(groupBy, aggregations, timeToLive, errors);
    }
  }
}
