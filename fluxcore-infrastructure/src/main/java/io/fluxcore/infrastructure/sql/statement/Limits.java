package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * How large a statement may be: parsing, validation and planning recur over what is nested and over
 * what is chained ({@code a + b + c}), and must end in bounded time and stack whatever is written.
 */
final class Limits {
  static final int MAX_TOKENS = 50_000;
  static final int MAX_NESTING = 50;
  static final int MAX_CHAIN = 300;

  private static final Set<String> LINKS =
      Set.of(
          "AND",
          "OR",
          "NOT",
          "IS",
          "LIKE",
          "WHEN",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "MINUS",
          "JOIN",
          "EXPLAIN",
          "EXECUTE");
  private static final Set<String> TYPES = Set.of("ROW", "STRUCT", "ARRAY", "MAP", "MULTISET");

  private final SqlText source;
  private final Deque<Level> levels = new ArrayDeque<>();

  /** What is between an opening symbol and the one that closes it. */
  private static final class Level {
    private final String end;
    private int links;

    private Level(String end) {
      this.end = end;
    }
  }

  private Limits(SqlText source) {
    this.source = source;
    levels.push(new Level(""));
  }

  /**
   * Requires that a statement is within the limits.
   *
   * @throws FluxCoreException of category USER with the place where it leaves them
   */
  static void check(SqlText source, List<Token> tokens) {
    if (tokens.size() > MAX_TOKENS) {
      throw tooLarge(
          source,
          tokens.get(MAX_TOKENS),
          "the statement has more than " + MAX_TOKENS + " words and symbols",
          "write long lists into a table and join it");
    }
    Limits limits = new Limits(source);
    Token previous = new Token(Token.Kind.END, "", 0, 0);
    for (Token token : tokens) {
      limits.take(token, previous);
      previous = token;
    }
  }

  private void take(Token token, Token previous) {
    if (token.kind() == Token.Kind.SYMBOL) {
      symbol(token, previous);
    } else if (token.isWord("CASE")) {
      open("END", token);
    } else if (token.isWord("END")) {
      close("END");
    } else if (token.kind() == Token.Kind.WORD && LINKS.contains(token.upperCase())) {
      link(token);
    }
  }

  private void symbol(Token token, Token previous) {
    switch (token.text()) {
      case "(" -> open(")", token);
      case "[" -> {
        link(token);
        open("]", token);
      }
      case "<" -> {
        if (previous.kind() == Token.Kind.WORD && TYPES.contains(previous.upperCase())) {
          open(">", token);
        } else {
          link(token);
        }
      }
      case ")", "]" -> close(token.text());
      case ">" -> {
        if (top().end.equals(">")) {
          close(">");
        } else {
          link(token);
        }
      }
      case ",", ";" -> top().links = 0;
      case "." -> {} // names are lists
      default -> link(token);
    }
  }

  private Level top() {
    return levels.element();
  }

  private void open(String end, Token token) {
    levels.push(new Level(end));
    if (levels.size() > MAX_NESTING + 1) {
      throw tooLarge(
          source,
          token,
          "this is nested more than " + MAX_NESTING + " deep",
          "give what is within a name by CREATE VIEW");
    }
  }

  /** What is open within what closes is closed, too; an end without a beginning is for parsers. */
  private void close(String end) {
    if (levels.stream().noneMatch(level -> level.end.equals(end))) {
      return;
    }
    while (!levels.pop().end.equals(end)) {
      // not closed by itself
    }
  }

  private void link(Token token) {
    if (++top().links > MAX_CHAIN) {
      throw tooLarge(
          source,
          token,
          "more than " + MAX_CHAIN + " operators are chained here",
          "put parts into parentheses, use IN for long lists, or CREATE VIEW for parts of it");
    }
  }

  private static FluxCoreException tooLarge(
      SqlText source, Token token, String message, String remedy) {
    return FluxCoreException.user("FLX-QUERY-0008", source.placeOf(token.from()), message, remedy);
  }
}
