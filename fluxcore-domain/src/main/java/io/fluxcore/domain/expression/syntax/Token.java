package io.fluxcore.domain.expression.syntax;

import java.util.Locale;

/**
 * A word of an expression.
 *
 * @param kind what it is
 * @param text a name or string without its quotes, otherwise as written
 * @param offset 0-based position of its first character
 */
record Token(Kind kind, String text, int offset) {
  enum Kind {
    NAME,
    QUOTED_NAME,
    INTEGER,
    DECIMAL,
    DOUBLE,
    STRING,
    SYMBOL,
    END
  }

  boolean isWord(String word) {
    return kind == Kind.NAME && text.equalsIgnoreCase(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  String lowerCase() {
    return text.toLowerCase(Locale.ROOT);
  }

  /** As an error message names it. */
  String described() {
    return switch (kind) {
      case END -> "the end of the text";
      case STRING -> "the string " + shortened("'" + text.replace("'", "''") + "'");
      default -> "'" + shortened(text) + "'";
    };
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 37) + "…";
  }
}
