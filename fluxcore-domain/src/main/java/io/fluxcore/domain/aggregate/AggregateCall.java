package io.fluxcore.domain.aggregate;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of a grouping.
 *
 * @param kind which
 * @param function the user's own function for {@link Kind#CUSTOM}, null otherwise
 * @param field what it aggregates; null for {@link Kind#COUNT} of all rows
 * @param output name of the result field
 */
public record AggregateCall(
    Kind kind, @Nullable AggregateFunction<?> function, @Nullable String field, String output) {

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
    return new AggregateCall(Kind.COUNT, null, null, output);
  }

  public static AggregateCall of(Kind kind, String field, String output) {
    return new AggregateCall(kind, null, field, output);
  }

  public static AggregateCall custom(AggregateFunction<?> function, String field, String output) {
    return new AggregateCall(Kind.CUSTOM, function, field, output);
  }

  /** As SQL writes it: {@code sum(price) as total}. */
  @Override
  public String toString() {
    String argument = field == null ? "*" : field;
    String call =
        switch (kind) {
          case COUNT_DISTINCT -> "count(distinct " + argument + ")";
          case CUSTOM -> (function == null ? "custom" : function.name()) + "(" + argument + ")";
          default -> kind.name().toLowerCase(Locale.ROOT) + "(" + argument + ")";
        };
    return call + " as " + output;
  }
}
