package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.expression.Expression;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A value of the rows of a match, which an expression names. Arguments are expressions over the
 * fields of one row, {@link #CLASSIFIER} and {@link #MATCH_NUMBER}. Immutable.
 */
public sealed interface MatchTerm {
  /** In an argument: the variable that the row is mapped to, STRING; null outside of the match. */
  String CLASSIFIER = "$classifier";

  /** In an argument: the number of the match among those of its partition, from 1; LONG. */
  String MATCH_NUMBER = "$match_number";

  /** What is computed of each row. */
  List<Expression> arguments();

  /** Of rows of which variables; none: of all rows of the match. */
  Set<String> variables();

  /** Whether all rows of the match count; otherwise those up to the row that is looked at. */
  boolean isFinal();

  /**
   * A value of one row: null where there is none.
   *
   * @param last whether it is counted from the last row of the variables, or else from the first
   * @param offset how many of their rows are passed over
   * @param rows how far behind that row it is, whatever it is mapped to; before it if negative
   */
  record Navigation(
      Expression argument,
      Set<String> variables,
      boolean last,
      int offset,
      int rows,
      boolean isFinal)
      implements MatchTerm {
    public Navigation {
      variables = Set.copyOf(variables);
    }

    @Override
    public List<Expression> arguments() {
      return List.of(argument);
    }

    @Override
    public String toString() {
      String of =
          (last ? "last" : "first")
              + "("
              + MatchTerm.of(variables)
              + argument
              + (offset == 0 ? "" : ", " + offset)
              + ")";
      String at = rows < 0 ? "prev(" + of + ", " + -rows + ")" : of;
      return (isFinal ? "final " : "") + (rows > 0 ? "next(" + of + ", " + rows + ")" : at);
    }
  }

  /**
   * A value of all rows of the variables; rows for which the first argument is null do not count.
   */
  record Aggregate(
      MatchAggregate function, List<Expression> arguments, Set<String> variables, boolean isFinal)
      implements MatchTerm {
    public Aggregate {
      arguments = List.copyOf(arguments);
      variables = Set.copyOf(variables);
    }

    @Override
    public String toString() {
      String values =
          arguments.isEmpty()
              ? "*"
              : arguments.stream().map(Expression::toString).collect(Collectors.joining(", "));
      return (isFinal ? "final " : "")
          + function.name().toLowerCase(Locale.ROOT)
          + "("
          + MatchTerm.of(variables)
          + values
          + ")";
    }
  }

  /** The number of the match. */
  record MatchNumber() implements MatchTerm {
    @Override
    public List<Expression> arguments() {
      return List.of();
    }

    @Override
    public Set<String> variables() {
      return Set.of();
    }

    @Override
    public boolean isFinal() {
      return false;
    }

    @Override
    public String toString() {
      return "match_number()";
    }
  }

  /** As a part of a term that says which rows count. */
  private static String of(Set<String> variables) {
    return variables.isEmpty() ? "" : String.join(" or ", new TreeSet<>(variables)) + ": ";
  }
}
