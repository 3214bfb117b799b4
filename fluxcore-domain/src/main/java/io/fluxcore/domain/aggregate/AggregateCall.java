package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.expression.Expression;
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
    COUNT,
    /** LONG for LONG, DOUBLE for DOUBLE, DECIMAL(38,s) for DECIMAL; null for none. */
    SUM,
    /** DOUBLE for LONG and DOUBLE, DECIMAL for DECIMAL; null for none. */
    AVG,
    /** The type of the field; null for none. */
    MIN,
    /** The type of the field; null for none. */
    MAX,
    /** Different values that are not null, exactly: LONG, 0 for none. */
    COUNT_DISTINCT,
    /** Different values that are not null, by a {@link DistinctSketch}: LONG, 0 for none. */
    APPROX_COUNT_DISTINCT,
    /**
     * The value with the smallest event time, of equal times the one that arrived first: the type
     * of the field; null for none.
     */
    FIRST,
    /**
     * The value with the largest event time, of equal times the one that arrived last: the type of
     * the field; null for none.
     */
    LAST,
    /**
     * The first values by event time and then arrival, as a list in this order; beyond {@link
     * AggregateSettings#limit} values the later ones are left out. Dates and times are texts. Null
     * for none.
     */
    COLLECT,
    /**
     * The largest numbers, descending, as a list of numbers or, with a label, of maps of label and
     * number; equal numbers are ordered by label. Null for none.
     */
    TOP,
    /** Sample variance: DOUBLE; null for fewer than two values. */
    VAR_SAMP,
    /** Population variance: DOUBLE; null for none. */
    VAR_POP,
    /** Sample standard deviation: DOUBLE; null for fewer than two values. */
    STDDEV_SAMP,
    /** Population standard deviation: DOUBLE; null for none. */
    STDDEV_POP,
    /**
     * Quantiles by a {@link QuantileSketch}: DOUBLE for one fraction, a list of numbers in the
     * order of the fractions for several; null for none.
     */
    QUANTILE,
    /** The user's own {@link AggregateFunction}. */
    CUSTOM
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
    text.append(settings.fractions().stream().map(f -> ", " + f).collect(Collectors.joining()));
    return text.toString();
  }
}
