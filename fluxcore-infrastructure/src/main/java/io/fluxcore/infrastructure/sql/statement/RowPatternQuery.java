package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A query whose row patterns have been taken out: where a table with {@code MATCH_RECOGNIZE} stood
 * there is a name, at the same lines and columns. Immutable.
 *
 * @param text the query without them
 * @param matches what was taken out
 */
public record RowPatternQuery(SqlText text, List<Match> matches) {
  /**
   * What the names of row patterns begin with; it is short enough to stand where the words were.
   */
  private static final String NAME = "match$";

  private static final String WORD = "MATCH_RECOGNIZE";

  public RowPatternQuery {
    matches = List.copyOf(matches);
  }

  /**
   * A row pattern of a query.
   *
   * @param name of the table that stands for it
   * @param input the table whose rows it is about, as it is written behind {@code FROM}
   */
  public record Match(String name, SqlText input, RowPatternClause clause) {}

  /**
   * The row patterns of a query; those of the tables of others stay with these.
   *
   * @throws FluxCoreException of category USER with line and column, if one is not right
   */
  public static RowPatternQuery of(SqlText query) {
    List<Match> matches = new ArrayList<>();
    SqlText text = withoutWindows(query, matches);
    return query.text().toUpperCase(Locale.ROOT).contains(WORD)
        ? withoutMatches(text, matches)
        : new RowPatternQuery(text, matches);
  }

  private static SqlText withoutWindows(SqlText query, List<Match> matches) {
    String upper = query.text().toUpperCase(Locale.ROOT);
    SqlText text = query;
    boolean mayHaveWindow =
        upper.contains("PATTERN") && (upper.contains("WINDOW") || upper.contains("OVER"));
    while (mayHaveWindow) {
      RowPatternQuery without = RowPatternWindows.withoutLast(text, NAME + (matches.size() + 1));
      mayHaveWindow = without != null;
      if (without != null) {
        text = without.text();
        matches.addAll(without.matches());
      }
    }
    return text;
  }

  private static RowPatternQuery withoutMatches(SqlText query, List<Match> matches) {
    List<Token> tokens = Tokens.of(query);
    StringBuilder text = new StringBuilder(query.text());
    int before = tokens.size();
    for (int at = tokens.size() - 1; at >= 0; at--) {
      if (at < before && tokens.get(at).isWord(WORD)) {
        int from = beginOfTable(tokens, at);
        int open = at + 1;
        if (from == at || !tokens.get(open).isSymbol("(")) {
          throw FluxCoreException.user(
              "FLX-QUERY-0002",
              query.placeOf(tokens.get(at).from()),
              WORD + " stands behind a table, and parentheses behind it",
              "write FROM t MATCH_RECOGNIZE (PARTITION BY … ORDER BY … MEASURES … PATTERN (…)"
                  + " DEFINE …)");
        }
        int close = closing(tokens, open, query);
        String name = NAME + (matches.size() + 1);
        matches.add(
            new Match(
                name,
                query.part(tokens.get(from).from(), tokens.get(at - 1).to()),
                RowPatternParser.match(
                    query.part(tokens.get(open).to(), tokens.get(close).from()))));
        blank(text, tokens.get(from).from(), tokens.get(close).to());
        text.replace(
            tokens.get(at).from(), tokens.get(at).from() + name.length() + 2, "`" + name + "`");
        before = from;
      }
    }
    return new RowPatternQuery(new SqlText(text.toString(), query.line(), query.column()), matches);
  }

  /** Leaves only the ends of lines. */
  static void blank(StringBuilder text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '\n') {
        text.setCharAt(i, ' ');
      }
    }
  }

  /** The first token of the table that ends before a token. */
  private static int beginOfTable(List<Token> tokens, int end) {
    int depth = 0;
    for (int i = end - 1; i >= 0; i--) {
      Token token = tokens.get(i);
      if (token.isSymbol(")")) {
        depth++;
      } else if (token.isSymbol("(")) {
        depth--;
      }
      boolean isBefore =
          depth == 0 && (token.isWord("FROM") || token.isWord("JOIN") || token.isSymbol(","));
      if (depth < 0 || isBefore) {
        return i + 1;
      }
    }
    return end;
  }

  /** The parenthesis that closes one. */
  static int closing(List<Token> tokens, int open, SqlText query) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol("(")) {
        depth++;
      } else if (tokens.get(i).isSymbol(")") && --depth == 0) {
        return i;
      }
    }
    throw FluxCoreException.user(
        "FLX-QUERY-0002",
        query.placeOf(tokens.get(open).from()),
        "the parenthesis that begins here is not closed",
        "close it with ')'");
  }
}
