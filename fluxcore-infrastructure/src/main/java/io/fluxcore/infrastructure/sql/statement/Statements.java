package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.FluxCoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a script into statements. They end with a semicolon; the last one need not. A semicolon
 * within quotes, comments, or {@code BEGIN STATEMENT SET … END} ends none.
 */
public final class Statements {
  private Statements() {}

  /**
   * The statements of a script, without the empty ones.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if a quote or comment is
   *     not closed
   */
  public static List<SqlText> of(SqlText script) {
    List<SqlText> statements = new ArrayList<>();
    int from = -1;
    int to = -1;
    boolean isSet = false;
    Token previous = new Token(Token.Kind.END, "", 0, 0);
    for (Token token : Tokens.of(script)) {
      boolean isEnd = token.kind() == Token.Kind.END || (token.isSymbol(";") && !isSet);
      if (isEnd) {
        if (from >= 0) {
          statements.add(script.part(from, to));
        }
        from = -1;
        isSet = false;
      } else {
        from = from < 0 ? token.from() : from;
        to = token.to();
        isSet = isSet ? !token.isWord("END") || !previous.isSymbol(";") : begins(previous, token);
      }
      previous = token;
    }
    return statements;
  }

  /** {@code BEGIN STATEMENT SET} and {@code EXECUTE STATEMENT SET BEGIN} hold statements. */
  private static boolean begins(Token previous, Token token) {
    return (previous.isWord("BEGIN") && token.isWord("STATEMENT"))
        || (previous.isWord("SET") && token.isWord("BEGIN"));
  }

  /** Whether a text ends a statement, so that nothing more of it is to come. */
  public static boolean isComplete(String text) {
    try {
      List<Token> tokens = Tokens.of(SqlText.of(text));
      return tokens.size() > 1 && tokens.get(tokens.size() - 2).isSymbol(";");
    } catch (FluxCoreException e) {
      return false; // a quote or a comment is open
    }
  }
}
