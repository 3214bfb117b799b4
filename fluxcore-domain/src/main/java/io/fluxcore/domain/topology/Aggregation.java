package io.fluxcore.domain.topology;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of several.
 *
 * @param function name in the catalogue: {@code count}, {@code sum}, {@code average}, {@code min},
 *     {@code max}; or of user code
 * @param field what is aggregated; null for the count of rows
 * @param distinct whether equal values count once
 * @param output name of the result's field
 * @param custom user code in place of the catalogue's function, or null
 */
public record Aggregation(
    String function,
    @Nullable String field,
    boolean distinct,
    String output,
    @Nullable Object custom) {

  /** An aggregate of the catalogue with the output name that it has unless told otherwise. */
  static Aggregation of(String function, @Nullable String field, boolean distinct) {
    String word = function.toLowerCase(Locale.ROOT) + (distinct ? "_distinct" : "");
    return new Aggregation(
        function, field, distinct, field == null ? word : word + "_" + field, null);
  }

  Aggregation as(String name) {
    return new Aggregation(function, field, distinct, name, custom);
  }

  @Override
  public String toString() {
    return function
        + "("
        + (distinct ? "distinct " : "")
        + (field == null ? "*" : field)
        + ") as "
        + output;
  }
}
