package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.row.SortField;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of a grouping.
 *
 * @param kind which
 * @param function the user's own function for {@link Kind#CUSTOM}, null otherwise
 * @param field what it aggregates; null for {@link Kind#COUNT} of all rows
 * @param settings what it is told beside
 * @param output name of the result field
 */
public record AggregateCall(
    Kind kind,
    @Nullable AggregateFunction<?> function,
    @Nullable String field,
    AggregateSettings settings,
    String output) {

  /** The aggregates that FluxCore brings. Nulls are ignored, as SQL says. */
  public enum Kind {
    /** Rows, or rows in which the field is not null: LONG, 0 for none. */
    COUNT(AggregateArgument.ANY),
    /** LONG for LONG, DOUBLE for DOUBLE, DECIMAL(38,s) for DECIMAL; null for none. */
    SUM(AggregateArgument.NUMBER),
    /** DOUBLE for LONG and DOUBLE, DECIMAL for DECIMAL; null for none. */
    AVG(AggregateArgument.NUMBER),
    /** The type of the field; null for none. */
    MIN(AggregateArgument.ORDERED),
    /** The type of the field; null for none. */
    MAX(AggregateArgument.ORDERED),
    /** Different values that are not null, exactly: LONG, 0 for none. */
    COUNT_DISTINCT(AggregateArgument.DISTINCT),
    /** Different values that are not null, by a {@link DistinctSketch}: LONG, 0 for none. */
    APPROX_COUNT_DISTINCT(AggregateArgument.SKETCHED),
    /**
     * The value with the smallest event time, of equal times the one that arrived first: the type
     * of the field; null for none. With an {@link AggregateSettings#order} the value, null or not,
     * of the row that is first in it.
     */
    FIRST(AggregateArgument.ANY),
    /**
     * The value with the largest event time, of equal times the one that arrived last: the type of
     * the field; null for none. With an {@link AggregateSettings#order} the value, null or not, of
     * the row that is last in it.
     */
    LAST(AggregateArgument.ANY),
    /**
     * The first values by event time and then arrival, as a list in this order; beyond {@link
     * AggregateSettings#limit} values the later ones are left out. Dates and times are texts. Null
     * for none.
     */
    COLLECT(AggregateArgument.LISTED),
    /**
     * All values, nulls included, in an {@link AggregateSettings#order}, as a list; of equal rows
     * as they arrived. Dates and times are texts. Null where there are no rows. Keeps all rows.
     */
    LIST(AggregateArgument.LISTED),
    /**
     * The largest numbers, descending, as a list of numbers or, with a label, of maps of label and
     * number; equal numbers are ordered by label. Null for none.
     */
    TOP(AggregateArgument.NUMBER),
    /** Sample variance: DOUBLE; null for fewer than two values. */
    VAR_SAMP(AggregateArgument.NUMBER),
    /** Population variance: DOUBLE; null for none. */
    VAR_POP(AggregateArgument.NUMBER),
    /** Sample standard deviation: DOUBLE; null for fewer than two values. */
    STDDEV_SAMP(AggregateArgument.NUMBER),
    /** Population standard deviation: DOUBLE; null for none. */
    STDDEV_POP(AggregateArgument.NUMBER),
    /**
     * Quantiles by a {@link QuantileSketch}: DOUBLE for one fraction, a list of numbers in the
     * order of the fractions for several; null for none. With {@link AggregateSettings#other} a
     * value counts as often as this field says.
     */
    QUANTILE(AggregateArgument.NUMBER),
    /**
     * Exact percentiles, between two values in proportion: DOUBLE for one fraction, a list of
     * numbers for several; null for none. Weighted as {@link #QUANTILE}. Keeps all different
     * values.
     */
    PERCENTILE_CONT(AggregateArgument.NUMBER),
    /**
     * The first value that at least this share of the values do not exceed, exactly: the type of
     * the field for one fraction, a list for several; null for none. Weighted as {@link #QUANTILE}.
     * Keeps all different values.
     */
    PERCENTILE_DISC(AggregateArgument.ORDERED),
    /** Bits that are set in all whole numbers: LONG; null for none. */
    BIT_AND(AggregateArgument.WHOLE_NUMBER),
    /** Bits that are set in any whole number: LONG; null for none. */
    BIT_OR(AggregateArgument.WHOLE_NUMBER),
    /** Bits that are set in an odd number of whole numbers: LONG; null for none. */
    BIT_XOR(AggregateArgument.WHOLE_NUMBER),
    /** Of pairs, as all that follow but the last, see {@link PairStatistic}. */
    COVAR_POP(PairStatistic.COVAR_POP),
    COVAR_SAMP(PairStatistic.COVAR_SAMP),
    CORR(PairStatistic.CORR),
    REGR_COUNT(PairStatistic.REGR_COUNT),
    REGR_AVGX(PairStatistic.REGR_AVGX),
    REGR_AVGY(PairStatistic.REGR_AVGY),
    REGR_SXX(PairStatistic.REGR_SXX),
    REGR_SYY(PairStatistic.REGR_SYY),
    REGR_SXY(PairStatistic.REGR_SXY),
    REGR_SLOPE(PairStatistic.REGR_SLOPE),
    REGR_INTERCEPT(PairStatistic.REGR_INTERCEPT),
    REGR_R2(PairStatistic.REGR_R2),
    /** The user's own {@link AggregateFunction}. */
    CUSTOM(AggregateArgument.ANY);

    private final AggregateArgument argument;
    private final @Nullable PairStatistic ofPairs;

    Kind(AggregateArgument argument) {
      this.argument = argument;
      this.ofPairs = null;
    }

    Kind(PairStatistic ofPairs) {
      this.argument = AggregateArgument.NUMBER;
      this.ofPairs = ofPairs;
    }

    /** The one that tells this of pairs; it has the same name. */
    public static Kind of(PairStatistic statistic) {
      return valueOf(statistic.name());
    }

    /** What its field must be; the function of a custom one may say more. */
    public AggregateArgument argument() {
      return argument;
    }

    /** What it tells of pairs of its field and {@link AggregateSettings#other}; null: nothing. */
    public @Nullable PairStatistic ofPairs() {
      return ofPairs;
    }

    /** Whether it asks for fractions. */
    public boolean hasFractions() {
      return this == QUANTILE || this == PERCENTILE_CONT || this == PERCENTILE_DISC;
    }
  }

  public AggregateCall {
    if ((kind == Kind.CUSTOM) != (function != null)) {
      throw new IllegalArgumentException("a custom aggregate has a function, others have none");
    }
    if (field == null && kind != Kind.COUNT) {
      throw new IllegalArgumentException(kind + " needs a field");
    }
    if (output.isBlank()) {
      throw new IllegalArgumentException("the result of " + kind + " needs a name");
    }
  }

  public static AggregateCall countAll(String output) {
    return new AggregateCall(Kind.COUNT, null, null, AggregateSettings.NONE, output);
  }

  public static AggregateCall of(Kind kind, String field, String output) {
    return of(kind, field, AggregateSettings.NONE, output);
  }

  public static AggregateCall of(
      Kind kind, String field, AggregateSettings settings, String output) {
    return new AggregateCall(kind, null, field, settings, output);
  }

  public static AggregateCall custom(AggregateFunction<?> function, String field, String output) {
    return new AggregateCall(Kind.CUSTOM, function, field, AggregateSettings.NONE, output);
  }

  /** An aggregate function by the name under which it is registered. */
  public static AggregateCall custom(String function, String field, String output) {
    return custom(new NamedAggregate(function), field, output);
  }

  /** The same with the function that a name stands for. */
  AggregateCall withFunction(AggregateFunction<?> newFunction) {
    return new AggregateCall(kind, newFunction, field, settings, output);
  }

  /** The names of the fields that it looks at. */
  public List<String> fields() {
    Set<String> fields = new LinkedHashSet<>();
    if (field != null) {
      fields.add(field);
    }
    if (settings.label() != null) {
      fields.add(settings.label());
    }
    if (settings.other() != null) {
      fields.add(settings.other());
    }
    settings.order().forEach(by -> fields.add(by.name()));
    if (settings.condition() != null) {
      fields.addAll(Expression.parse(settings.condition()).fields());
    }
    return List.copyOf(fields);
  }

  /** The same of the rows that make an expression true. */
  public AggregateCall where(String condition) {
    return new AggregateCall(kind, function, field, settings.withCondition(condition), output);
  }

  public AggregateCall withOutput(String newOutput) {
    return new AggregateCall(kind, function, field, settings, newOutput);
  }

  /** As SQL writes it: {@code sum(price) filter (where kind = 2) as total}. */
  @Override
  public String toString() {
    return computation() + " as " + output;
  }

  /** The same whatever the result is called: {@code sum(price) filter (where kind = 2)}. */
  public String computation() {
    String condition = settings.condition();
    return name()
        + "("
        + (kind == Kind.COUNT_DISTINCT ? "distinct " : "")
        + arguments()
        + ")"
        + (condition == null ? "" : " filter (where " + condition + ")");
  }

  private String name() {
    if (kind == Kind.CUSTOM && function != null) {
      return function.name();
    }
    return kind == Kind.COUNT_DISTINCT ? "count" : kind.name().toLowerCase(Locale.ROOT);
  }

  private String arguments() {
    StringBuilder text = new StringBuilder(field == null ? "*" : field);
    if (settings.limit() != 0) {
      text.append(", ").append(settings.limit());
    }
    if (settings.label() != null) {
      text.append(", ").append(settings.label());
    }
    if (settings.other() != null) {
      text.append(", ").append(settings.other());
    }
    text.append(settings.fractions().stream().map(f -> ", " + f).collect(Collectors.joining()));
    if (!settings.order().isEmpty()) {
      text.append(
          settings.order().stream()
              .map(SortField::toString)
              .collect(Collectors.joining(", ", " order by ", "")));
    }
    return text.toString();
  }
}
