package io.fluxcore.application.sql;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.topology.ConnectorSpec;
import java.util.List;

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

  /** The names of the tables and views, in the order of their definition. */
  List<String> tables();

  /** The names of the columns of a table or view, in order; none if there is none of this name. */
  List<String> columns(String table);

  /**
   * Defines a table that no statement defines.
   *
   * @param key the fields that name a row; none: rows are only added
   * @param connector what reads it, with its options
   * @throws io.fluxcore.domain.error.FluxCoreException of category STATE_CONFLICT if there is a
   *     table or view of this name
   */
  void define(String name, Schema schema, List<String> key, ConnectorSpec connector);

  /** Forgets a table; without effect if there is none. */
  void forget(String name);
}
