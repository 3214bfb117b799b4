package io.fluxcore.domain.rowpattern;

import java.util.Set;

/**
 * Where the search for the next match begins.
 *
 * @param strategy how that is found
 * @param variables of {@link Strategy#TO_FIRST} and {@link Strategy#TO_LAST}: the row of one of
 *     these. A match without one, or that begins with it, fails the job.
 */
public record RowSkip(Strategy strategy, Set<String> variables) {
  public RowSkip {
    variables = Set.copyOf(variables);
  }

  /** Which row. */
  public enum Strategy {
    /** The one behind the last row of the match. */
    PAST_LAST_ROW,
    /** The one behind the first row of the match. */
    TO_NEXT_ROW,
    /** The first row of a variable. */
    TO_FIRST,
    /** The last row of a variable. */
    TO_LAST
  }

  /** Behind the match. */
  public static RowSkip pastLastRow() {
    return new RowSkip(Strategy.PAST_LAST_ROW, Set.of());
  }

  /** Behind the first row of the match. */
  public static RowSkip toNextRow() {
    return new RowSkip(Strategy.TO_NEXT_ROW, Set.of());
  }

  @Override
  public String toString() {
    return strategy.name().replace('_', ' ').toLowerCase(java.util.Locale.ROOT)
        + (variables.isEmpty()
            ? ""
            : " " + String.join(" or ", new java.util.TreeSet<>(variables)));
  }
}
