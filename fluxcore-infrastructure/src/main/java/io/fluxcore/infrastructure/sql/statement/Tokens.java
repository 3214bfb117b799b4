package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a script: enough of SQL's lexical rules to know what is quoted and what is a
 * comment. Not thread-safe.
 */
final class Tokens {
  private static final String DOLLARS = "$$";

  private final SqlText source;
  private final String text;
  private int at;

  private Tokens(SqlText source) {
    this.source = source;
    this.text = source.text();
  }

  /**
   * All tokens, the last of which is the end.
   *
   * @throws FluxCoreException of category USER if a quote or a comment is not closed
   */
  static List<Token> of(SqlText source) {
    Tokens tokens = new Tokens(source);
    List<Token> all = new ArrayList<>();
    Token token;
    do {
      token = tokens.next();
      all.add(token);
    } while (token.kind() != Token.Kind.END);
    return all;
  }

  private Token next() {
    skipBlanks();
    int from = at;
    if (at >= text.length()) {
      return new Token(Token.Kind.END, "", from, from);
    }
    char first = text.charAt(at);
    if (first == '\'') {
      return quoted(Token.Kind.STRING, first);
    }
    if (first == '`' || first == '"') {
      return quoted(Token.Kind.QUOTED_NAME, first);
    }
    if (text.startsWith(DOLLARS, at)) {
      return between(DOLLARS);
    }
    if (isWordPart(first)) {
      while (at < text.length() && isWordPart(text.charAt(at))) {
        at++;
      }
      return new Token(Token.Kind.WORD, text.substring(from, at), from, at);
    }
    at++;
    return new Token(Token.Kind.SYMBOL, text.substring(from, at), from, at);
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }

  /** A string in which quotes are plain. */
  private Token between(String marks) {
    int from = at;
    int end = text.indexOf(marks, from + marks.length());
    if (end < 0) {
      throw unfinished(source.placeOf(from), "the quote that begins here is not closed", marks);
    }
    at = end + marks.length();
    return new Token(Token.Kind.STRING, text.substring(from + marks.length(), end), from, at);
  }

  private Token quoted(Token.Kind kind, char quote) {
    int from = at++;
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != quote) {
        value.append(c);
      } else if (at < text.length() && text.charAt(at) == quote) {
        value.append(c);
        at++;
      } else {
        return new Token(kind, value.toString(), from, at);
      }
    }
    throw unfinished(source.placeOf(from), "the quote that begins here is not closed", "" + quote);
  }

  private void skipBlanks() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("--", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at) && !text.startsWith("/*+", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw unfinished(source.placeOf(at), "the comment that begins here is not closed", "*/");
        }
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private static FluxCoreException unfinished(Place place, String what, String end) {
    return FluxCoreException.user("FLX-QUERY-0001", place, what, "close it with " + end);
  }
}
