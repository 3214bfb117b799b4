package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Reads the tokens of a statement one after another. Not thread-safe. */
final class Cursor {
  private final SqlText source;
  private final List<Token> tokens;
  private int at;

  Cursor(SqlText source) {
    this.source = source;
    this.tokens = Tokens.of(source);
    Limits.check(source, tokens);
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Token.Kind.END) {
      at++;
    }
    return token;
  }

  boolean isAtEnd() {
    return peek().kind() == Token.Kind.END;
  }

  /** Whether these words come next; they stay. */
  boolean areWords(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!peek(i).isWord(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** Takes these words if they come next. */
  boolean takeWords(String... words) {
    if (!areWords(words)) {
      return false;
    }
    at += words.length;
    return true;
  }

  boolean takeSymbol(String symbol) {
    if (!peek().isSymbol(symbol)) {
      return false;
    }
    at++;
    return true;
  }

  void expectWords(String... words) {
    for (String word : words) {
      if (!takeWords(word)) {
        throw unexpected(word);
      }
    }
  }

  void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  void expectEnd() {
    if (!isAtEnd()) {
      throw unexpected("the end of the statement");
    }
  }

  /** Takes the name that is next. */
  String name(String of) {
    if (!peek().isName()) {
      throw unexpected("the name of " + of);
    }
    return next().text();
  }

  /**
   * Takes a name whose parts are separated by points, and gives the last: there is one catalogue.
   */
  String qualifiedName(String of) {
    String name = name(of);
    while (takeSymbol(".")) {
      name = name(of);
    }
    return name;
  }

  String string(String what) {
    if (peek().kind() != Token.Kind.STRING) {
      throw unexpected(what + " in single quotes");
    }
    return next().text();
  }

  /** Takes all up to a comma or a closing parenthesis that belongs to nothing that opens here. */
  SqlText textToComma() {
    return textTo(",", ")");
  }

  /** Takes all up to one of these words. */
  SqlText textToWord(String... words) {
    int from = peek().from();
    int to = from;
    while (!isAtEnd() && !List.of(words).contains(peek().text().toUpperCase(Locale.ROOT))) {
      to = next().to();
    }
    if (to == from) {
      throw unexpected("a type");
    }
    return source.part(from, to);
  }

  /** Takes a string as a text of its own, with the place of what is in it. */
  SqlText quotedText(String what) {
    Token token = peek();
    String text = string(what);
    int marks = (token.to() - token.from() - text.length()) / 2;
    SqlText inner = source.part(token.from() + marks, token.to() - marks);
    return inner.text().equals(text) ? inner : new SqlText(text, inner.line(), inner.column());
  }

  private SqlText textTo(String... ends) {
    int from = peek().from();
    int to = from;
    int depth = 0;
    while (!isAtEnd()) {
      Token token = peek();
      if (depth == 0 && token.kind() == Token.Kind.SYMBOL && List.of(ends).contains(token.text())) {
        break;
      }
      if (token.isSymbol("(") || token.isSymbol("[") || token.isSymbol("<")) {
        depth++;
      } else if (token.isSymbol(")") || token.isSymbol("]") || token.isSymbol(">")) {
        depth = Math.max(0, depth - 1);
      }
      to = token.to();
      at++;
    }
    if (to == from) {
      throw unexpected("an expression or a type");
    }
    return source.part(from, to);
  }

  /**
   * Takes an expression: all up to a token that ends it, outside of parentheses. Comparisons are
   * not taken for brackets.
   *
   * @return the expression, which is not empty
   */
  SqlText expressionTo(Predicate<Token> end) {
    int from = peek().from();
    int to = from;
    int depth = 0;
    while (!isAtEnd() && (depth > 0 || !end.test(peek()))) {
      Token token = next();
      if (token.isSymbol("(") || token.isSymbol("[")) {
        depth++;
      } else if (token.isSymbol(")") || token.isSymbol("]")) {
        depth--;
      }
      to = token.to();
    }
    if (to == from) {
      throw unexpected("an expression");
    }
    return source.part(from, to);
  }

  /** The place of the token that is next. */
  Place place() {
    return source.placeOf(peek().from());
  }

  /** Takes all that is left. */
  SqlText rest() {
    int from = peek().from();
    int to = tokens.get(tokens.size() - 1).from();
    at = tokens.size() - 1;
    return source.part(from, Math.max(from, lastEnd(to)));
  }

  private int lastEnd(int otherwise) {
    return tokens.size() < 2 ? otherwise : tokens.get(tokens.size() - 2).to();
  }

  FluxCoreException unexpected(String wanted) {
    Token found = peek();
    return FluxCoreException.user(
        "FLX-QUERY-0002",
        source.placeOf(found.from()),
        "expected " + wanted + ", found " + found.described(),
        "see docs/sql.md for what can be written here");
  }
}
