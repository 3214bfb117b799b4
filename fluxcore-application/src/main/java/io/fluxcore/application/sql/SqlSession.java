package io.fluxcore.application.sql;

/**
 * Tables, views and settings, and what statements mean with them. Nothing is run: what is to be run
 * is given back as a topology. Not thread-safe.
 */
public interface SqlSession {
  /**
   * Takes a statement.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER with line and column, if it
   *     cannot be understood, names what is not there, or cannot be run on streams; the session is
   *     as before
   */
  SqlOutcome execute(SqlStatement statement);
}
