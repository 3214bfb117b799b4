package io.fluxcore.domain.expression.syntax;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts a text into tokens; white space and SQL comments separate them. */
final class Lexer {
  private static final List<String> LONG_SYMBOLS = List.of("<>", "!=", "<=", ">=", "||");
  private static final String SYMBOLS = "=<>+-*/%(),.[]";

  private final SourceText source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(SourceText source) {
    this.source = source;
    this.text = source.text();
  }

  /** The tokens, the last of which is the end. */
  static List<Token> tokens(SourceText source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (skipBlank()) {
      char c = text.charAt(at);
      if (c == '\'') {
        quoted(c, Kind.STRING, "string");
      } else if (c == '"' || c == '`') {
        quoted(c, Kind.QUOTED_NAME, "quoted name");
      } else if (isDigit(at) || (c == '.' && isDigit(at + 1) && !afterOperand())) {
        number();
      } else if (Character.isUnicodeIdentifierStart(text.codePointAt(at)) || c == '_') {
        name();
      } else {
        symbol();
      }
    }
    tokens.add(new Token(Kind.END, "", text.length()));
  }

  /** Moves to the next token; false at the end of the text. */
  private boolean skipBlank() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("--", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw source.error(at, "the comment is not closed", "end it with */");
        }
        at = end + 2;
      } else {
        return true;
      }
    }
    return false;
  }

  private void quoted(char quote, Kind kind, String what) {
    int start = at;
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == quote) {
        if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
          at++;
        } else {
          at++;
          addQuoted(kind, value.toString(), start);
          return;
        }
      }
      value.append(c);
    }
    throw source.error(
        start,
        "the " + what + " is not closed",
        "end it with " + quote + "; a " + quote + " inside is written twice");
  }

  private void addQuoted(Kind kind, String value, int start) {
    if (kind == Kind.QUOTED_NAME && value.isBlank()) {
      throw source.error(start, "the quoted name is empty", "write the field's name in the quotes");
    }
    tokens.add(new Token(kind, value, start));
  }

  /** Whether the last token ends an operand, after which a point is an access. */
  private boolean afterOperand() {
    if (tokens.isEmpty()) {
      return false;
    }
    Token last = tokens.get(tokens.size() - 1);
    return last.kind() == Kind.NAME
        || last.kind() == Kind.QUOTED_NAME
        || last.isSymbol("]")
        || last.isSymbol(")");
  }

  private void number() {
    int start = at;
    Kind kind = Kind.INTEGER;
    digits();
    if (at < text.length() && text.charAt(at) == '.' && (isDigit(at + 1) || at > start)) {
      kind = Kind.DECIMAL;
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length() && "+-".indexOf(text.charAt(exponent)) >= 0) {
        exponent++;
      }
      if (isDigit(exponent)) {
        kind = Kind.DOUBLE;
        at = exponent;
        digits();
      }
    }
    if (at < text.length() && Character.isUnicodeIdentifierPart(text.codePointAt(at))) {
      throw malformedNumber(start);
    }
    tokens.add(new Token(kind, text.substring(start, at), start));
  }

  private FluxCoreException malformedNumber(int start) {
    while (at < text.length() && Character.isUnicodeIdentifierPart(text.charAt(at))) {
      at++;
    }
    return source.error(
        start,
        "'" + text.substring(start, at) + "' is not a number",
        "write a field whose name begins with a digit in double quotes");
  }

  private void digits() {
    while (isDigit(at)) {
      at++;
    }
  }

  private boolean isDigit(int index) {
    return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
  }

  private void name() {
    int start = at;
    while (at < text.length() && Character.isUnicodeIdentifierPart(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    if (at == start) {
      at++;
    }
    tokens.add(new Token(Kind.NAME, text.substring(start, at), start));
  }

  private void symbol() {
    for (String symbol : LONG_SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        addSymbol(symbol);
        return;
      }
    }
    if (SYMBOLS.indexOf(text.charAt(at)) < 0) {
      String found = new String(Character.toChars(text.codePointAt(at)));
      throw source.error(
          at,
          "'" + found + "' has no meaning in an expression",
          "write a field's name that is not a plain word in double quotes, a string in single"
              + " quotes");
    }
    addSymbol(String.valueOf(text.charAt(at)));
  }

  private void addSymbol(String symbol) {
    tokens.add(new Token(Kind.SYMBOL, symbol, at));
    at += symbol.length();
  }
}
