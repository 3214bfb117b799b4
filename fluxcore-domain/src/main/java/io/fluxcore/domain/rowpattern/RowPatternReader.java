package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.rowpattern.RowPattern.Quantified;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the text of a {@link RowPattern}. Not thread-safe. */
final class RowPatternReader {
  private static final String PERMUTE = "PERMUTE";

  private final String text;
  private final int mostParentheses;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int depth;

  private enum Kind {
    NAME,
    QUOTED_NAME,
    SYMBOL,
    END
  }

  /**
   * A piece of the text.
   *
   * @param text without quotes
   * @param from offset of its first character
   */
  private record Token(Kind kind, String text, int from) {
    boolean isName() {
      return kind == Kind.NAME || kind == Kind.QUOTED_NAME;
    }

    boolean isSymbol(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }

    String described() {
      return kind == Kind.END ? "its end" : "'" + text + "'";
    }
  }

  private RowPatternReader(String text, int mostParentheses) {
    this.text = text;
    this.mostParentheses = mostParentheses;
  }

  /**
   * The pattern of a text.
   *
   * @param mostParentheses that may stand within each other
   * @throws FluxCoreException of category USER with line and column, if it is not one
   */
  static RowPattern read(String text, int mostParentheses) {
    RowPatternReader reader = new RowPatternReader(text, mostParentheses);
    reader.cut();
    RowPattern pattern = reader.alternation();
    if (reader.peek().kind() != Kind.END) {
      throw reader.unexpected("a variable, a quantifier, '|' or the end");
    }
    return pattern;
  }

  /** A variable as it is written: in quotes where it would not be read as one. */
  static String written(String name) {
    boolean isPlain =
        !name.isEmpty()
            && name.chars().allMatch(c -> isNamePart((char) c))
            && !name.toUpperCase(Locale.ROOT).equals(PERMUTE);
    return isPlain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  // --- Tokens -----------------------------------------------------------------------------------

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private void cut() {
    int from = afterBlanks(0);
    while (from < text.length()) {
      char first = text.charAt(from);
      int to = from + 1;
      if (first == '"' || first == '`') {
        to = quoted(from, first);
      } else if (isNamePart(first)) {
        while (to < text.length() && isNamePart(text.charAt(to))) {
          to++;
        }
        tokens.add(new Token(Kind.NAME, text.substring(from, to), from));
      } else {
        tokens.add(new Token(Kind.SYMBOL, String.valueOf(first), from));
      }
      from = afterBlanks(to);
    }
    tokens.add(new Token(Kind.END, "", text.length()));
  }

  private int afterBlanks(int from) {
    int next = from;
    while (next < text.length()) {
      if (Character.isWhitespace(text.charAt(next))) {
        next++;
      } else if (text.startsWith("--", next)) {
        int end = text.indexOf('\n', next);
        next = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", next)) {
        int end = text.indexOf("*/", next + 2);
        if (end < 0) {
          throw wrong(next, "the comment that begins here is not closed", "close it with */");
        }
        next = end + 2;
      } else {
        return next;
      }
    }
    return next;
  }

  private int quoted(int from, char quote) {
    StringBuilder name = new StringBuilder();
    for (int i = from + 1; i < text.length(); i++) {
      boolean isQuote = text.charAt(i) == quote;
      if (isQuote && (i + 1 == text.length() || text.charAt(i + 1) != quote)) {
        tokens.add(new Token(Kind.QUOTED_NAME, name.toString(), from));
        return i + 1;
      }
      i += isQuote ? 1 : 0; // a quote within is written twice
      name.append(text.charAt(i));
    }
    throw wrong(from, "the quote that begins here is not closed", "close it with " + quote);
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
    return wrong(
        peek().from(),
        "expected " + wanted + " in the pattern, found " + peek().described(),
        "a pattern is written as A B+ (C | D)*, with the quantifiers * + ? {n} {n,m}, and a ?"
            + " behind those that are reluctant");
  }

  private FluxCoreException wrong(int offset, String message, String remedy) {
    int line = 1 + (int) text.chars().limit(offset).filter(c -> c == '\n').count();
    int column = offset - text.lastIndexOf('\n', offset - 1);
    return FluxCoreException.user("FLX-PATTERN-0033", Place.at(line, column), message, remedy);
  }

  // --- Grammar ----------------------------------------------------------------------------------

  private RowPattern alternation() {
    if (++depth > mostParentheses) {
      throw wrong(
          peek().from(),
          "the pattern has more than " + mostParentheses + " parentheses within each other",
          "write it with fewer");
    }
    List<RowPattern> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (take("|"));
    depth--;
    return RowPattern.alternation(options);
  }

  private RowPattern sequence() {
    List<RowPattern> parts = new ArrayList<>();
    parts.add(factor());
    while (beginsFactor()) {
      parts.add(factor());
    }
    return RowPattern.sequence(parts);
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
      boolean hasLeast = peek().kind() == Kind.NAME;
      least = hasLeast ? number() : 0;
      most = least;
      if (take(",")) {
        most = peek().kind() == Kind.NAME ? number() : Quantified.UNBOUNDED;
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
    String digits = peek().text();
    if (!digits.matches("[0-9]{1,6}")) {
      throw unexpected("a whole number of up to six digits");
    }
    at++;
    return Integer.parseInt(digits);
  }

  private RowPattern primary() {
    if (take("(")) {
      if (take(")")) {
        return RowPattern.sequence(List.of());
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
    boolean isPermutation = peek().kind() == Kind.NAME && peek(1).isSymbol("(");
    if (isPermutation && peek().text().equalsIgnoreCase(PERMUTE)) {
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
