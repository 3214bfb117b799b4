package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.rowpattern.RowMatching;
import io.fluxcore.domain.rowpattern.RowPattern;
import io.fluxcore.domain.rowpattern.RowSkip;
import io.fluxcore.domain.rowpattern.RowsPerMatch;
import io.fluxcore.infrastructure.sql.statement.RowPatternClause.Measure;
import io.fluxcore.infrastructure.sql.statement.RowPatternClause.Name;
import io.fluxcore.infrastructure.sql.statement.RowPatternClause.Order;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what stands in the parentheses of a row pattern. Not thread-safe. */
final class RowPatternParser {
  private final Cursor cursor;
  private final SqlText source;
  private @Nullable SkipTo skipTo;

  /** What is skipped to, which is known when the pattern has been read. */
  private record SkipTo(boolean first, Name variable) {}

  private RowPatternParser(SqlText source) {
    this.source = source;
    this.cursor = new Cursor(source);
  }

  /** What stands behind {@code MATCH_RECOGNIZE}. */
  static RowPatternClause match(SqlText source) {
    return new RowPatternParser(source).read(false);
  }

  /** What a window says that has a pattern. */
  static RowPatternClause window(SqlText source) {
    return new RowPatternParser(source).read(true);
  }

  private RowPatternClause read(boolean isWindow) {
    Place place = source.placeOf(0);
    List<Name> partitionBy = cursor.takeWords("PARTITION", "BY") ? columns() : List.of();
    List<Order> orderBy = cursor.takeWords("ORDER", "BY") ? orders() : List.of();
    List<Measure> measures = cursor.takeWords("MEASURES") ? measures() : List.of();
    long frame = isWindow ? frame() : RowMatching.UNBOUNDED;
    RowsPerMatch rowsPerMatch = isWindow ? RowsPerMatch.EACH_ROW : rowsPerMatch();
    RowSkip skip = skip();
    if (isWindow && cursor.takeWords("SEEK")) {
      rowsPerMatch = RowsPerMatch.EACH_ROW_SEEK;
    } else if (isWindow) {
      boolean unused = cursor.takeWords("INITIAL");
    }
    Place ofPattern = cursor.place();
    cursor.expectWords("PATTERN");
    RowPattern pattern = RowPatternReader.read(parenthesised());
    SqlText within =
        cursor.takeWords("WITHIN")
            ? cursor.expressionTo(token -> token.isWord("SUBSET") || token.isWord("DEFINE"))
            : null;
    Map<String, Set<String>> subsets = cursor.takeWords("SUBSET") ? subsets(pattern) : Map.of();
    Map<String, SqlText> definitions = cursor.takeWords("DEFINE") ? definitions(pattern) : Map.of();
    cursor.expectEnd();
    if (pattern.hasExclusion() && rowsPerMatch == RowsPerMatch.ALL_WITH_UNMATCHED) {
      throw wrong(
          ofPattern,
          "rows are excluded from matches, and rows without a match are asked for",
          "leave out {- … -} or WITH UNMATCHED ROWS");
    }
    RowPatternClause clause =
        new RowPatternClause(
            place,
            partitionBy,
            orderBy,
            measures,
            rowsPerMatch,
            skip,
            pattern,
            frame,
            within,
            subsets,
            definitions);
    return skipTo == null ? clause : skipping(clause, skipTo);
  }

  private static RowPatternClause skipping(RowPatternClause clause, SkipTo to) {
    Set<String> variables = clause.variables(to.variable().name());
    if (variables.isEmpty()) {
      throw unknown(to.variable(), clause.names());
    }
    return clause.withSkip(
        new RowSkip(to.first() ? RowSkip.Strategy.TO_FIRST : RowSkip.Strategy.TO_LAST, variables));
  }

  private static FluxCoreException unknown(Name variable, Set<String> names) {
    return wrong(
        variable.place(),
        "the pattern has no variable '" + variable.name() + "'",
        "its variables are " + names + "; upper and lower case count");
  }

  private static FluxCoreException wrong(Place place, String what, String remedy) {
    return FluxCoreException.user("FLX-QUERY-0050", place, what, remedy);
  }

  private SqlText parenthesised() {
    cursor.expectSymbol("(");
    if (cursor.peek().isSymbol(")")) {
      int at = cursor.next().from();
      return source.part(at, at);
    }
    SqlText inner = cursor.expressionTo(token -> token.isSymbol(")"));
    cursor.expectSymbol(")");
    return inner;
  }

  private Name name(String of) {
    Place place = cursor.place();
    return new Name(cursor.name(of), place);
  }

  private Name column() {
    Name name = name("a column");
    while (cursor.takeSymbol(".")) {
      name = name("a column");
    }
    return name;
  }

  private List<Name> columns() {
    List<Name> columns = new ArrayList<>();
    do {
      columns.add(column());
    } while (cursor.takeSymbol(","));
    return columns;
  }

  private List<Order> orders() {
    List<Order> orders = new ArrayList<>();
    do {
      Name column = column();
      boolean descending = cursor.takeWords("DESC");
      boolean ascending = !descending && cursor.takeWords("ASC");
      if (cursor.areWords("NULLS")) {
        Place place = cursor.place();
        boolean first = cursor.takeWords("NULLS", "FIRST");
        if (!first) {
          cursor.expectWords("NULLS", "LAST");
        }
        if (first == descending) {
          throw wrong(
              place,
              "nulls are the smallest values of an order"
                  + (ascending ? ", which is ascending" : ""),
              "leave out NULLS " + (first ? "FIRST" : "LAST"));
        }
      }
      orders.add(new Order(column, descending));
    } while (cursor.takeSymbol(","));
    return orders;
  }

  private List<Measure> measures() {
    List<Measure> measures = new ArrayList<>();
    do {
      SqlText expression = cursor.expressionTo(RowPatternParser::endsMeasure);
      cursor.expectWords("AS");
      measures.add(new Measure(expression, cursor.name("a measure")));
    } while (cursor.takeSymbol(","));
    return measures;
  }

  private static boolean endsMeasure(Token token) {
    return token.isWord("AS") || token.isSymbol(",") || token.isWord("PATTERN");
  }

  private RowsPerMatch rowsPerMatch() {
    if (cursor.takeWords("ALL", "ROWS", "PER", "MATCH")) {
      if (cursor.takeWords("OMIT", "EMPTY", "MATCHES")) {
        return RowsPerMatch.ALL_OMIT_EMPTY;
      }
      if (cursor.takeWords("WITH", "UNMATCHED", "ROWS")) {
        return RowsPerMatch.ALL_WITH_UNMATCHED;
      }
      boolean unused = cursor.takeWords("SHOW", "EMPTY", "MATCHES");
      return RowsPerMatch.ALL;
    }
    if (cursor.takeWords("ONE")) {
      cursor.expectWords("ROW", "PER", "MATCH");
    }
    return RowsPerMatch.ONE;
  }

  /** The frame of a window: it begins with the row. */
  private long frame() {
    cursor.expectWords("ROWS", "BETWEEN", "CURRENT", "ROW", "AND");
    if (cursor.takeWords("CURRENT", "ROW")) {
      return 0;
    }
    if (cursor.takeWords("UNBOUNDED", "FOLLOWING")) {
      return RowMatching.UNBOUNDED;
    }
    String rows = cursor.peek().text();
    if (!rows.matches("[0-9]{1,9}")) {
      throw cursor.unexpected("UNBOUNDED FOLLOWING or a number of rows");
    }
    Token unused = cursor.next();
    cursor.expectWords("FOLLOWING");
    return Long.parseLong(rows);
  }

  private RowSkip skip() {
    if (!cursor.takeWords("AFTER", "MATCH")) {
      return RowSkip.pastLastRow();
    }
    cursor.expectWords("SKIP");
    if (cursor.takeWords("PAST")) {
      cursor.expectWords("LAST", "ROW");
      return RowSkip.pastLastRow();
    }
    cursor.expectWords("TO");
    if (cursor.takeWords("NEXT", "ROW")) {
      return RowSkip.toNextRow();
    }
    boolean isVariable = cursor.peek(1).isName() && !cursor.peek(1).isWord("PATTERN");
    boolean first = isVariable && cursor.takeWords("FIRST");
    boolean unused = !first && isVariable && cursor.takeWords("LAST");
    skipTo = new SkipTo(first, name("a variable"));
    return RowSkip.toNextRow();
  }

  private Map<String, Set<String>> subsets(RowPattern pattern) {
    Map<String, Set<String>> subsets = new LinkedHashMap<>();
    do {
      Name name = name("a subset");
      if (pattern.variables().contains(name.name()) || subsets.containsKey(name.name())) {
        throw wrong(
            name.place(), "there is a '" + name.name() + "' already", "give it another name");
      }
      cursor.expectSymbol("=");
      cursor.expectSymbol("(");
      Set<String> variables = new LinkedHashSet<>();
      do {
        Name variable = name("a variable");
        if (!pattern.variables().contains(variable.name())) {
          throw unknown(variable, pattern.variables());
        }
        variables.add(variable.name());
      } while (cursor.takeSymbol(","));
      cursor.expectSymbol(")");
      subsets.put(name.name(), variables);
    } while (cursor.takeSymbol(","));
    return subsets;
  }

  private Map<String, SqlText> definitions(RowPattern pattern) {
    Map<String, SqlText> definitions = new LinkedHashMap<>();
    Set<String> known = new HashSet<>(pattern.variables());
    do {
      Name variable = name("a variable");
      if (!known.remove(variable.name())) {
        if (definitions.containsKey(variable.name())) {
          throw wrong(
              variable.place(),
              "'" + variable.name() + "' is defined twice",
              "join the conditions with AND or OR");
        }
        throw unknown(variable, pattern.variables());
      }
      cursor.expectWords("AS");
      definitions.put(variable.name(), cursor.expressionTo(token -> token.isSymbol(",")));
    } while (cursor.takeSymbol(","));
    return definitions;
  }
}
