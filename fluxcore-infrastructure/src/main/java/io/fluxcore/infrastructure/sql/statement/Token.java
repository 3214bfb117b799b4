package io.fluxcore.infrastructure.sql.statement;

import java.util.Locale;

/**
 * A word, a quoted text or a symbol of a statement.
 *
 * @param kind what it is
 * @param text its value, without quotes
 * @param from offset of its first character
 * @param to offset behind its last one
 */
record Token(Kind kind, String text, int from, int to) {
  enum Kind {
    WORD,
    QUOTED_NAME,
    STRING,
    SYMBOL,
    END
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
  }

  /** As messages name it. */
  String described() {
    return switch (kind) {
      case END -> "the end of the statement";
      case STRING -> "the text '" + text + "'";
      default -> "'" + text + "'";
    };
  }

  String upperCase() {
    return text.toUpperCase(Locale.ROOT);
  }
}
