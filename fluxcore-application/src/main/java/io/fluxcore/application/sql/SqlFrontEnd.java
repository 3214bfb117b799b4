package io.fluxcore.application.sql;

import java.util.List;

/** Reads SQL. Thread-safe. */
public interface SqlFrontEnd {
  /** Refuses every script, with the reason. */
  SqlFrontEnd NONE = NoSql.INSTANCE;

  /** A session that knows no tables yet. */
  SqlSession newSession();

  /**
   * The statements of a script, without the empty ones.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if a quote or comment is
   *     not closed
   */
  List<SqlStatement> statements(String script);

  /** Whether a text ends with a whole statement, so that nothing more of it is to come. */
  boolean isComplete(String text);
}
