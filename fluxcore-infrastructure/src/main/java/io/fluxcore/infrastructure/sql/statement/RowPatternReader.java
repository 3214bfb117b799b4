package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.rowpattern.RowPattern;
import io.fluxcore.domain.rowpattern.RowPattern.Quantified;
import java.util.ArrayList;
import java.util.List;

/** Reads the regular expression of a row pattern. Not thread-safe. */
final class RowPatternReader {
  /** Parentheses within parentheses: more are a mistake, or meant to be one. */
  private static final int MAX_DEPTH = 200;

  private final SqlText source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int depth;

  private RowPatternReader(SqlText source) {
    this.source = source;
    Tokens.of(source).forEach(this::add);
  }

  /**
   * The pattern of a text.
   *
   * @throws FluxCoreException of category USER with line and column, if it is not one
   */
  static RowPattern read(SqlText source) {
    RowPatternReader reader = new RowPatternReader(source);
    RowPattern pattern = reader.alternation();
    if (reader.peek().kind() != Token.Kind.END) {
      throw reader.unexpected("a variable, a quantifier, '|' or the end of the pattern");
    }
    return pattern;
  }

  /** A dollar sign is a part of names elsewhere; here it stands for the end. */
  private void add(Token token) {
    if (token.kind() != Token.Kind.WORD || !token.text().contains("$")) {
      tokens.add(token);
      return;
    }
    int from = 0;
    for (int i = 0; i <= token.text().length(); i++) {
      if (i == token.text().length() || token.text().charAt(i) == '$') {
        if (i > from) {
          tokens.add(part(token, Token.Kind.WORD, from, i));
        }
        if (i < token.text().length()) {
          tokens.add(part(token, Token.Kind.SYMBOL, i, i + 1));
        }
        from = i + 1;
      }
    }
  }

  private static Token part(Token token, Token.Kind kind, int from, int to) {
    return new Token(
        kind, token.text().substring(from, to), token.from() + from, token.from() + to);
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  private boolean take(String symbol) {
    if (!peek().isSymbol(symbol)) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(String symbol) {
    if (!take(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  private FluxCoreException unexpected(String wanted) {
    return FluxCoreException.user(
        "FLX-QUERY-0002",
        source.placeOf(peek().from()),
        "expected " + wanted + " in the pattern, found " + peek().described(),
        "a pattern is written as A B+ (C | D)*, with the quantifiers * + ? {n} {n,m}, and a ?"
            + " behind those that are reluctant");
  }

  private RowPattern alternation() {
    if (++depth > MAX_DEPTH) {
      throw FluxCoreException.user(
          "FLX-QUERY-0002",
          source.placeOf(peek().from()),
          "the pattern has more than " + MAX_DEPTH + " parentheses within each other",
          "write it with fewer");
    }
    List<RowPattern> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (take("|"));
    depth--;
    return options.size() == 1 ? options.get(0) : new RowPattern.Alternation(options);
  }

  private RowPattern sequence() {
    List<RowPattern> parts = new ArrayList<>();
    parts.add(factor());
    while (beginsFactor()) {
      parts.add(factor());
    }
    return parts.size() == 1 ? parts.get(0) : new RowPattern.Sequence(parts);
  }

  private boolean beginsFactor() {
    return peek().isName()
        || peek().isSymbol("(")
        || peek().isSymbol("^")
        || peek().isSymbol("$")
        || isExclusion();
  }

  private boolean isExclusion() {
    return peek().isSymbol("{") && peek(1).isSymbol("-");
  }

  private RowPattern factor() {
    RowPattern part = primary();
    int least;
    int most;
    if (take("*")) {
      least = 0;
      most = Quantified.UNBOUNDED;
    } else if (take("+")) {
      least = 1;
      most = Quantified.UNBOUNDED;
    } else if (take("?")) {
      least = 0;
      most = 1;
    } else if (peek().isSymbol("{") && !isExclusion()) {
      int from = at++;
      boolean hasLeast = peek().kind() == Token.Kind.WORD;
      least = hasLeast ? number() : 0;
      most = least;
      if (take(",")) {
        most = peek().kind() == Token.Kind.WORD ? number() : Quantified.UNBOUNDED;
      } else if (!hasLeast) {
        throw unexpected("a number or ','");
      }
      expect("}");
      if (most == 0 || (most != Quantified.UNBOUNDED && most < least)) {
        at = from;
        throw unexpected("a quantifier whose upper bound is positive and not below its lower one");
      }
    } else {
      return part;
    }
    return new Quantified(part, least, most, !take("?"));
  }

  private int number() {
    String text = peek().text();
    if (!text.matches("[0-9]{1,6}")) {
      throw unexpected("a whole number of up to six digits");
    }
    at++;
    return Integer.parseInt(text);
  }

  private RowPattern primary() {
    if (take("(")) {
      if (take(")")) {
        return new RowPattern.Sequence(List.of());
      }
      RowPattern inner = alternation();
      expect(")");
      return inner;
    }
    if (isExclusion()) {
      at += 2;
      RowPattern inner = alternation();
      expect("-");
      expect("}");
      return new RowPattern.Exclusion(inner);
    }
    if (take("^")) {
      return new RowPattern.Anchor(true);
    }
    if (take("$")) {
      return new RowPattern.Anchor(false);
    }
    if (peek().isWord("PERMUTE") && peek(1).isSymbol("(")) {
      at += 2;
      List<RowPattern> parts = new ArrayList<>();
      do {
        parts.add(alternation());
      } while (take(","));
      expect(")");
      return new RowPattern.Permutation(parts);
    }
    if (!peek().isName()) {
      throw unexpected("a variable");
    }
    return new RowPattern.Variable(tokens.get(at++).text());
  }
}
