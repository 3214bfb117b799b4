package io.fluxcore.infrastructure.sql.statement;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One statement of a script. Immutable. */
public sealed interface Statement {
  /**
   * Defines a table: where its rows are and what they hold.
   *
   * @param ifNotExists without effect if there is one of this name
   * @param columns in order
   * @param watermark null: its rows have no event time
   * @param primaryKey none: rows are only added
   * @param options those of the connector, and its name
   */
  record CreateTable(
      String name,
      boolean ifNotExists,
      List<Column> columns,
      @Nullable Watermark watermark,
      List<String> primaryKey,
      Map<String, String> options)
      implements Statement {
    public CreateTable {
      columns = List.copyOf(columns);
      primaryKey = List.copyOf(primaryKey);
      options = Map.copyOf(options);
    }
  }

  /**
   * A column of a table.
   *
   * @param type null where it is computed
   * @param expression what it is computed from; null where it is read
   */
  record Column(String name, @Nullable SqlText type, @Nullable SqlText expression) {}

  /**
   * The event time of a table's rows.
   *
   * @param column which column it is
   * @param expression how far it has come with a row
   */
  record Watermark(String column, SqlText expression) {}

  /** Defines a view: a query with a name. */
  record CreateView(
      String name, boolean ifNotExists, boolean orReplace, List<String> columns, SqlText query)
      implements Statement {
    public CreateView {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Defines a function of the application.
   *
   * @param className of what computes it
   */
  record CreateFunction(String name, boolean ifNotExists, String className) implements Statement {}

  /**
   * Defines a function in SQL.
   *
   * @param parameters with their types
   * @param returns the type of the result
   * @param body an expression of the parameters, or {@code SELECT} and one
   */
  record CreateSqlFunction(
      String name, boolean ifNotExists, List<Column> parameters, SqlText returns, SqlText body)
      implements Statement {
    public CreateSqlFunction {
      parameters = List.copyOf(parameters);
    }
  }

  /** Forgets a function that was defined. */
  record DropFunction(String name, boolean ifExists) implements Statement {}

  /** Forgets a table or a view. */
  record Drop(Drop.Kind kind, String name, boolean ifExists) implements Statement {
    /** What is dropped. */
    public enum Kind {
      TABLE,
      VIEW,
      MATERIALIZED_VIEW
    }
  }

  /**
   * Defines a materialised view: a query whose result is kept.
   *
   * @param columns other names for those of the query; none: as they are
   * @param primaryKey what names a row; none: what is known to
   */
  record CreateMaterializedView(
      String name, boolean ifNotExists, List<String> columns, List<String> primaryKey, Query query)
      implements Statement {
    public CreateMaterializedView {
      columns = List.copyOf(columns);
      primaryKey = List.copyOf(primaryKey);
    }
  }

  /**
   * Writes the rows of a query into a table.
   *
   * @param columns those that the query gives, in its order; none for all
   */
  record Insert(String table, List<String> columns, Query query) implements Statement {
    public Insert {
      columns = List.copyOf(columns);
    }
  }

  /** Several inserts that are one job. */
  record StatementSet(List<Insert> inserts) implements Statement {
    public StatementSet {
      inserts = List.copyOf(inserts);
    }
  }

  /**
   * A query.
   *
   * @param emit when its windows give results; null: when they close
   */
  record Query(SqlText text, @Nullable Emit emit) implements Statement {}

  /**
   * When windows give results: {@code EMIT ON WINDOW CLOSE}, {@code EMIT ON UPDATE}, {@code EMIT
   * EVERY INTERVAL '10' SECOND}.
   *
   * @param interval of {@code EVERY}; null otherwise
   */
  record Emit(Emit.Kind kind, @Nullable SqlText interval) {
    /** When. */
    public enum Kind {
      ON_WINDOW_CLOSE,
      ON_UPDATE,
      EVERY
    }
  }

  /** Lists what there is. */
  record Show(Show.Kind kind) implements Statement {
    /** What is listed. */
    public enum Kind {
      TABLES,
      VIEWS,
      FUNCTIONS,
      USER_FUNCTIONS,
      MATERIALIZED_VIEWS
    }
  }

  /** Shows the statement that defined a table or view. */
  record ShowCreate(String name) implements Statement {}

  /** Tells the columns of a table or view. */
  record Describe(String name) implements Statement {}

  /**
   * Tells how a statement would be run.
   *
   * @param runFor it is run for that, and this long at most; null: it is not
   */
  record Explain(Statement statement, @Nullable Duration runFor) implements Statement {}

  /** Sets what holds for the jobs that follow. */
  record Set(@Nullable String key, @Nullable String value) implements Statement {}
}
