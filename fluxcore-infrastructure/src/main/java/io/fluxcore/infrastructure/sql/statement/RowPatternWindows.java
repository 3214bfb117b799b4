package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.infrastructure.sql.statement.RowPatternClause.Measure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes windows with a {@code PATTERN} out of a query: what stands behind {@code FROM} becomes a
 * table whose rows have the measures as further columns, and so do aggregates over the window. Not
 * thread-safe.
 */
final class RowPatternWindows {
  private static final String RESULT = "over$";

  private final SqlText query;
  private final List<Token> tokens;
  private final StringBuilder text;

  private RowPatternWindows(SqlText query) {
    this.query = query;
    this.tokens = Tokens.of(query);
    this.text = new StringBuilder(query.text());
  }

  /**
   * The query without its last window that has a pattern; null if it has none.
   *
   * @param name of the table that stands for it
   */
  static @Nullable RowPatternQuery withoutLast(SqlText query, String name) {
    return new RowPatternWindows(query).withoutLast(name);
  }

  private Token token(int at) {
    return tokens.get(Math.min(at, tokens.size() - 1));
  }

  private @Nullable RowPatternQuery withoutLast(String name) {
    for (int at = tokens.size() - 1; at >= 0; at--) {
      boolean isWindow =
          token(at).isWord("WINDOW")
              && token(at + 1).isName()
              && token(at + 2).isWord("AS")
              && token(at + 3).isSymbol("(");
      if (isWindow && hasPattern(at + 3)) {
        return without(at, name);
      }
      if (token(at).isWord("OVER") && token(at + 1).isSymbol("(") && hasPattern(at + 1)) {
        throw wrong(
            at,
            "a window with a pattern stands behind OVER",
            "give it a name: … OVER w FROM t WINDOW w AS (… PATTERN (…) …)");
      }
    }
    return null;
  }

  private FluxCoreException wrong(int at, String what, String remedy) {
    return FluxCoreException.user("FLX-QUERY-0050", query.placeOf(token(at).from()), what, remedy);
  }

  private boolean hasPattern(int open) {
    int close = RowPatternQuery.closing(tokens, open, query);
    for (int i = open; i < close; i++) {
      if (token(i).isWord("PATTERN") && token(i + 1).isSymbol("(")) {
        return true;
      }
    }
    return false;
  }

  /** The word before a token, within the same parentheses; -1 if there is none. */
  private int before(int at, String word) {
    int depth = 0;
    for (int i = at - 1; i >= 0 && depth >= 0; i--) {
      if (token(i).isSymbol(")")) {
        depth++;
      } else if (token(i).isSymbol("(")) {
        depth--;
      } else if (depth == 0 && token(i).isWord(word)) {
        return i;
      }
    }
    return -1;
  }

  private RowPatternQuery without(int window, String name) {
    int close = RowPatternQuery.closing(tokens, window + 3, query);
    int from = before(window, "FROM");
    int select = from < 0 ? -1 : before(from, "SELECT");
    if (select < 0) {
      throw wrong(window, "the window has no table", "write SELECT … FROM t WINDOW w AS (…)");
    }
    if (token(close + 1).isSymbol(",")) {
      throw wrong(
          close + 1,
          "there is another window beside the one with a pattern",
          "use it in a query over this one");
    }
    RowPatternClause clause =
        RowPatternParser.window(query.part(token(window + 3).to(), token(close).from()));
    List<Measure> measures = new ArrayList<>(clause.measures());
    results(select, from, token(window + 1).text(), clause, measures);
    String alias = alias(from, window);
    String table = "`" + name + "`" + (alias == null ? "" : " AS `" + alias + "`");
    SqlText input = query.part(token(from + 1).from(), token(window - 1).to());
    // what is in front keeps its place; a table that is longer than it was moves what follows
    RowPatternQuery.blank(text, token(from + 1).from(), token(close).to());
    int at = token(from + 1).from();
    int room = at;
    while (room < token(close).to() && text.charAt(room) != '\n') {
      room++;
    }
    text.replace(at, Math.min(room, at + table.length()), table);
    return new RowPatternQuery(
        new SqlText(text.toString(), query.line(), query.column()),
        List.of(new RowPatternQuery.Match(name, input, clause.withMeasures(measures))));
  }

  /** The name of the only table behind {@code FROM}; null if it has none, or there are several. */
  private @Nullable String alias(int from, int window) {
    int end = from + 1;
    int depth = 0;
    while (end < window && !(depth == 0 && token(end).isWord("WHERE"))) {
      depth += token(end).isSymbol("(") ? 1 : token(end).isSymbol(")") ? -1 : 0;
      if (depth == 0 && (token(end).isSymbol(",") || token(end).isWord("JOIN"))) {
        return null;
      }
      end++;
    }
    int last = end - 1;
    if (token(last).isSymbol(")")) { // of the columns of the table
      while (last > from && !token(last).isSymbol("(")) {
        last--;
      }
      last--;
    }
    return last > from && token(last).isName() ? token(last).text() : null;
  }

  /** Replaces what is over the window by columns of the table. */
  private void results(
      int select, int from, String window, RowPatternClause clause, List<Measure> measures) {
    for (int i = select + 1; i < from - 1; i++) {
      if (!token(i).isWord("OVER") || !token(i + 1).isName()) {
        continue;
      }
      if (!token(i + 1).text().equals(window)) {
        continue;
      }
      if (token(i - 1).isName()) {
        String measure = token(i - 1).text();
        if (clause.measures().stream().noneMatch(m -> m.name().equals(measure))) {
          throw wrong(
              i - 1,
              "the window has no measure '" + measure + "'",
              "its measures are " + clause.measures().stream().map(Measure::name).toList());
        }
        RowPatternQuery.blank(text, token(i).from(), token(i + 1).to());
        continue;
      }
      int open = opening(i - 1);
      if (!token(open).isSymbol("(") || open == 0 || !token(open - 1).isName()) {
        throw wrong(i, "OVER stands behind nothing", "write a measure or an aggregate before it");
      }
      String name = RESULT + (measures.size() + 1);
      measures.add(new Measure(query.part(token(open - 1).from(), token(i - 1).to()), name));
      int begin = token(open - 1).from();
      RowPatternQuery.blank(text, begin, token(i + 1).to());
      String quoted = "`" + name + "`";
      text.replace(begin, Math.min(begin + quoted.length(), token(i + 1).to()), quoted);
    }
  }

  private int opening(int close) {
    int depth = 0;
    for (int i = close; i >= 0; i--) {
      if (token(i).isSymbol(")")) {
        depth++;
      } else if (token(i).isSymbol("(") && --depth == 0) {
        return i;
      }
    }
    return 0;
  }
}
