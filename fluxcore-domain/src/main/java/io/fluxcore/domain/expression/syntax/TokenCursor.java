package io.fluxcore.domain.expression.syntax;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.syntax.Token.Kind;
import java.util.List;
import java.util.Set;

/** Walks over the tokens of a text and words what is wrong with them. */
final class TokenCursor {
  /** Words that cannot be a field's name without quotes. */
  private static final Set<String> RESERVED =
      Set.of(
          "and", "or", "not", "is", "in", "like", "between", "case", "when", "then", "else", "end",
          "null", "true", "false");

  private final SourceText source;
  private final List<Token> tokens;
  private int at;

  TokenCursor(SourceText source, List<Token> tokens) {
    this.source = source;
    this.tokens = tokens;
  }

  static boolean isReserved(String name) {
    return RESERVED.contains(name);
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekSecond() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  boolean isWord(String word) {
    return peek().isWord(word);
  }

  boolean isSymbol(String symbol) {
    return peek().isSymbol(symbol);
  }

  boolean takeWord(String word) {
    boolean found = isWord(word);
    if (found) {
      at++;
    }
    return found;
  }

  boolean takeSymbol(String symbol) {
    boolean found = isSymbol(symbol);
    if (found) {
      at++;
    }
    return found;
  }

  void expectWord(String word, String where) {
    if (!takeWord(word)) {
      throw unexpected("'" + word + "' " + where);
    }
  }

  Token expectSymbol(String symbol, String where) {
    if (!isSymbol(symbol)) {
      throw unexpected("'" + symbol + "' " + where);
    }
    return next();
  }

  Place place(int offset) {
    return source.place(offset);
  }

  FluxCoreException unexpected(String wanted) {
    return unexpected(wanted, "");
  }

  FluxCoreException unexpected(String wanted, String remedy) {
    return error(peek(), "expected " + wanted + ", found " + peek().described(), remedy);
  }

  FluxCoreException error(Token token, String message, String remedy) {
    return source.error(token.offset(), message, remedy);
  }
}
