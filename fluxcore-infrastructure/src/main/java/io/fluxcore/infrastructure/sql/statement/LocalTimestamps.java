package io.fluxcore.infrastructure.sql.statement;

import java.util.List;

/**
 * Flink's name of instants, {@code TIMESTAMP_LTZ(3)}, in casts: a name that stands for a type has
 * no precision, so that is left out. Whatever it is, times have microseconds.
 */
public final class LocalTimestamps {
  private static final String NAME = "TIMESTAMP_LTZ";

  private LocalTimestamps() {}

  /** The same text, with blanks for the precisions: everything else stays where it is. */
  public static SqlText withoutPrecision(SqlText source) {
    List<Token> tokens = Tokens.of(source);
    StringBuilder text = new StringBuilder(source.text());
    for (int i = 0; i + 3 < tokens.size(); i++) {
      Token name = tokens.get(i);
      boolean hasPrecision =
          name.kind() == Token.Kind.WORD
              && name.text().equalsIgnoreCase(NAME)
              && tokens.get(i + 1).text().equals("(")
              && tokens.get(i + 2).text().matches("[0-9]+")
              && tokens.get(i + 3).text().equals(")");
      for (int at = tokens.get(i + 1).from(); hasPrecision && at < tokens.get(i + 3).to(); at++) {
        text.setCharAt(at, ' ');
      }
    }
    return new SqlText(text.toString(), source.line(), source.column());
  }
}
