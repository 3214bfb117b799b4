package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An expression of a row pattern, of which what is about rows of the match has been taken out: in
 * its place stand names of fields, at the same lines and columns. What is left is an ordinary
 * expression. Columns that it names are those of the row that is looked at. Immutable.
 *
 * @param text with the names
 * @param terms by these names
 */
public record MatchExpressionText(SqlText text, Map<String, Term> terms) {
  /** What has been taken out. Arguments are expressions over the columns of a row. */
  public sealed interface Term {}

  /**
   * A value of one row.
   *
   * @param variables which rows count; none: all
   */
  public record Navigation(
      SqlText argument, Set<String> variables, boolean last, int offset, int rows, boolean isFinal)
      implements Term {}

  /**
   * A value of many rows.
   *
   * @param isDistinct whether each value counts once
   */
  public record Aggregate(
      String function,
      boolean isDistinct,
      List<SqlText> arguments,
      Set<String> variables,
      boolean isFinal)
      implements Term {}

  /** The number of the match. */
  public record MatchNumber() implements Term {}

  /** The time of the last row of the match. */
  public record MatchTime(boolean isProcessingTime) implements Term {}

  private static final Set<String> AGGREGATES =
      Set.of(
          "COUNT",
          "SUM",
          "AVG",
          "MIN",
          "MAX",
          "ANY_VALUE",
          "ARRAY_AGG",
          "COLLECT",
          "MIN_BY",
          "MAX_BY");

  public MatchExpressionText {
    terms = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /**
   * Reads an expression.
   *
   * @param columns names of columns of rows, which the names of terms differ from
   * @param classifier what stands in arguments for the variable of a row
   * @param matchNumber what stands in arguments for the number of the match
   * @param isCondition whether it is of {@code DEFINE}, where only rows so far count
   * @throws FluxCoreException of category USER with line and column
   */
  public static MatchExpressionText of(
      SqlText source,
      RowPatternClause clause,
      Set<String> columns,
      String classifier,
      String matchNumber,
      boolean isCondition) {
    return new Reader(source, clause, columns, classifier, matchNumber, isCondition).read();
  }

  /** Reads one expression. */
  private static final class Reader {
    private final SqlText source;
    private final RowPatternClause clause;
    private final String classifier;
    private final String matchNumber;
    private final boolean isCondition;
    private final List<Token> tokens;
    private final Set<String> taken;
    private final StringBuilder text;
    private final Map<String, Term> terms = new LinkedHashMap<>();

    Reader(
        SqlText source,
        RowPatternClause clause,
        Set<String> columns,
        String classifier,
        String matchNumber,
        boolean isCondition) {
      this.source = source;
      this.clause = clause;
      this.classifier = classifier;
      this.matchNumber = matchNumber;
      this.isCondition = isCondition;
      this.tokens = Tokens.of(source);
      this.taken = new HashSet<>(columns);
      this.text = new StringBuilder(source.text());
    }

    MatchExpressionText read() {
      int at = 0;
      while (tokens.get(at).kind() != Token.Kind.END) {
        at = term(at);
      }
      return new MatchExpressionText(
          new SqlText(text.toString(), source.line(), source.column()), terms);
    }

    private Token token(int at) {
      return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private boolean isCall(int at, String name) {
      return token(at).isWord(name) && token(at + 1).isSymbol("(");
    }

    private FluxCoreException wrong(int at, String what, String remedy) {
      return FluxCoreException.user(
          "FLX-QUERY-0050", source.placeOf(token(at).from()), what, remedy);
    }

    /** Takes a term out, if one begins here; where to go on. */
    private int term(int from) {
      int at = from;
      boolean isFinal = token(at).isWord("FINAL") && token(at + 2).isSymbol("(");
      boolean isRunning = token(at).isWord("RUNNING") && token(at + 2).isSymbol("(");
      if (isFinal && isCondition) {
        throw wrong(at, "FINAL is about rows that are not there yet", "leave it out of DEFINE");
      }
      at += isFinal || isRunning ? 1 : 0;
      if (isPhysical(at) || isLogical(at)) {
        int close = closing(at + 1);
        return replace(from, close, navigation(at, isFinal));
      }
      if (isCall(at, "CLASSIFIER")) {
        int close = closing(at + 1);
        Set<String> variables = close == at + 2 ? Set.of() : named(at + 2, close);
        Term term = new Navigation(SqlText.of(classifier), variables, true, 0, 0, isFinal);
        return replace(from, close, term);
      }
      if (isCall(at, "MATCH_NUMBER")) {
        return replace(from, closing(at + 1), new MatchNumber());
      }
      if (isCall(at, "MATCH_ROWTIME") || isCall(at, "MATCH_PROCTIME")) {
        boolean isProcessing = token(at).isWord("MATCH_PROCTIME");
        return replace(from, closing(at + 1), new MatchTime(isProcessing));
      }
      String function = token(at).upperCase();
      if (token(at).kind() == Token.Kind.WORD
          && token(at + 1).isSymbol("(")
          && AGGREGATES.contains(function)) {
        int close = closing(at + 1);
        return replace(from, close, aggregate(function, at, close, isFinal));
      }
      if (isFinal || isRunning) {
        throw wrong(
            at,
            "'" + token(at).text() + "' is neither a value of a row nor an aggregate",
            "FINAL and RUNNING stand before FIRST, LAST and "
                + new java.util.TreeSet<>(AGGREGATES));
      }
      Set<String> variables = variable(at);
      if (!variables.isEmpty()) {
        Token column = token(at + 2);
        if (!column.isName()) {
          throw wrong(
              at + 2, "expected a column of " + token(at).described(), "write variable.column");
        }
        SqlText argument = source.part(column.from(), column.to());
        return replace(from, at + 2, new Navigation(argument, variables, true, 0, 0, false));
      }
      return at + 1;
    }

    private boolean isPhysical(int at) {
      return isCall(at, "PREV") || isCall(at, "NEXT");
    }

    private boolean isLogical(int at) {
      return isCall(at, "FIRST") || isCall(at, "LAST");
    }

    private int closing(int open) {
      return RowPatternQuery.closing(tokens, open, source);
    }

    /** The variables that a name before a point stands for; none if it is another name. */
    private Set<String> variable(int at) {
      boolean isBehindPoint = at > 0 && token(at - 1).isSymbol(".");
      return token(at).isName() && token(at + 1).isSymbol(".") && !isBehindPoint
          ? clause.variables(token(at).text())
          : Set.of();
    }

    private Set<String> named(int at, int close) {
      Set<String> variables = clause.variables(token(at).text());
      if (at + 1 != close || variables.isEmpty()) {
        throw wrong(
            at,
            "the pattern has no variable " + token(at).described(),
            "its variables are " + clause.names() + "; upper and lower case count");
      }
      return variables;
    }

    private int replace(int from, int last, Term term) {
      String name = name();
      int begin = token(from).from();
      int end = token(last).to();
      RowPatternQuery.blank(text, begin, end);
      text.replace(begin, Math.min(begin + name.length(), end), name);
      terms.put(name, term);
      return last + 1;
    }

    /** A name that is not longer than the shortest term. */
    private String name() {
      for (int i = terms.size(); ; i++) {
        String name = "z" + Integer.toString(i, Character.MAX_RADIX);
        if (taken.add(name)) {
          return name;
        }
      }
    }

    private Navigation navigation(int at, boolean isFinal) {
      int close = closing(at + 1);
      int end = endOfFirst(at + 2, close);
      boolean isLogical = isLogical(at);
      int offset = offset(end, close, isLogical ? 0 : 1);
      if (isLogical) {
        Argument argument = argument(at + 2, end);
        boolean last = isCall(at, "LAST");
        return new Navigation(argument.text(), argument.variables(), last, offset, 0, isFinal);
      }
      int rows = isCall(at, "PREV") ? -offset : offset;
      int inner = at + 2;
      boolean innerFinal = token(inner).isWord("FINAL") && isLogical(inner + 1);
      if (innerFinal && isCondition) {
        throw wrong(inner, "FINAL is about rows that are not there yet", "leave it out of DEFINE");
      }
      inner += innerFinal || (token(inner).isWord("RUNNING") && isLogical(inner + 1)) ? 1 : 0;
      if (isLogical(inner) && closing(inner + 1) == end - 1) {
        Navigation of = navigation(inner, isFinal || innerFinal);
        return new Navigation(
            of.argument(), of.variables(), of.last(), of.offset(), rows, of.isFinal());
      }
      Argument argument = argument(at + 2, end);
      return new Navigation(argument.text(), argument.variables(), true, 0, rows, isFinal);
    }

    /** The token behind the first argument: a comma or the closing parenthesis. */
    private int endOfFirst(int from, int close) {
      int depth = 0;
      for (int i = from; i < close; i++) {
        if (token(i).isSymbol("(") || token(i).isSymbol("[")) {
          depth++;
        } else if (token(i).isSymbol(")") || token(i).isSymbol("]")) {
          depth--;
        } else if (depth == 0 && token(i).isSymbol(",")) {
          return i;
        }
      }
      return close;
    }

    private int offset(int comma, int close, int otherwise) {
      if (comma == close) {
        return otherwise;
      }
      String number = token(comma + 1).text();
      if (comma + 2 != close || !number.matches("[0-9]{1,5}")) {
        throw wrong(
            comma + 1, "the offset is not a whole number of up to five digits", "write a number");
      }
      return Integer.parseInt(number);
    }

    private Aggregate aggregate(String function, int at, int close, boolean isFinal) {
      boolean isDistinct = token(at + 2).isWord("DISTINCT");
      int first = isDistinct ? at + 3 : at + 2;
      boolean isStar = token(first).isSymbol("*") && close == first + 1;
      boolean isEmpty = close == first;
      if (isDistinct && (isStar || isEmpty)) {
        throw wrong(at + 2, function + " of distinct values needs a value", "name a column");
      }
      if (function.equals("COUNT") && (isStar || isEmpty)) {
        return new Aggregate(function, false, List.of(), Set.of(), isFinal);
      }
      boolean isOfAll = token(at + 3).isSymbol(".") && token(at + 4).isSymbol("*");
      if (function.equals("COUNT") && isOfAll && close == at + 5) {
        return new Aggregate(function, false, List.of(), named(at + 2, at + 3), isFinal);
      }
      if (isEmpty) {
        throw wrong(at, function + " has no argument", "write what it is of");
      }
      List<SqlText> arguments = new ArrayList<>();
      Set<String> variables = Set.of();
      for (int from = first; from < close; ) {
        int end = endOfFirst(from, close);
        Argument argument = argument(from, end);
        if (!variables.isEmpty()
            && !argument.variables().isEmpty()
            && !variables.equals(argument.variables())) {
          throw ofSeveral(from);
        }
        variables = argument.variables().isEmpty() ? variables : argument.variables();
        arguments.add(argument.text());
        from = end + 1;
      }
      return new Aggregate(function, isDistinct, arguments, variables, isFinal);
    }

    private FluxCoreException ofSeveral(int at) {
      return wrong(
          at,
          "columns of several variables are named in one place",
          "name one variable, or a SUBSET of them");
    }

    private record Argument(SqlText text, Set<String> variables) {}

    /** What is computed of a row: columns without the variable, which is said once. */
    private Argument argument(int from, int end) {
      if (from >= end) {
        throw wrong(from, "expected an expression", "write what is asked for");
      }
      int begin = token(from).from();
      StringBuilder argument =
          new StringBuilder(source.text().substring(begin, token(end - 1).to()));
      @Nullable Set<String> variables = null;
      for (int at = end - 1; at >= from; at--) {
        Set<String> found = null;
        if (isCall(at, "CLASSIFIER") || isCall(at, "MATCH_NUMBER")) {
          int close = closing(at + 1);
          boolean isClassifier = token(at).isWord("CLASSIFIER");
          argument.replace(
              token(at).from() - begin,
              token(close).to() - begin,
              isClassifier ? classifier : matchNumber);
          found = close == at + 2 ? null : named(at + 2, close);
        } else if (isPhysical(at) || isLogical(at) || isAggregate(at)) {
          throw wrong(
              at,
              token(at).upperCase() + " cannot stand within another one of its kind",
              "FIRST and LAST can stand within PREV and NEXT, and nothing else");
        } else if (!variable(at).isEmpty()) {
          found = variable(at);
          for (int i = token(at).from(); i < token(at + 2).from(); i++) {
            argument.setCharAt(i - begin, ' ');
          }
        }
        if (found != null && variables != null && !variables.equals(found)) {
          throw ofSeveral(at);
        }
        variables = found == null ? variables : found;
      }
      SqlText place = source.part(begin, token(end - 1).to());
      return new Argument(
          new SqlText(argument.toString(), place.line(), place.column()),
          variables == null ? Set.of() : variables);
    }

    private boolean isAggregate(int at) {
      return token(at).kind() == Token.Kind.WORD
          && token(at + 1).isSymbol("(")
          && AGGREGATES.contains(token(at).text().toUpperCase(Locale.ROOT));
    }
  }
}
