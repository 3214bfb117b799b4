package io.fluxcore.adapters.out.store;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database, a transaction at a time. Thread-safe. */
final class Database {
  /** Class of SQL states: a transaction that lost against another, and may be made again. */
  private static final String ROLLED_BACK = "40";

  /** The SQL state of a second row of the same key, in H2 and PostgreSQL. */
  private static final String UNIQUE_VIOLATION = "23505";

  private static final int ATTEMPTS = 3;

  /** Enough for any that lead somewhere. */
  private static final int CAUSES = 20;

  private static final System.Logger LOG = System.getLogger(Database.class.getName());

  /**
   * The database's clock, as epoch milliseconds: that of a server's machine may be wrong.
   * PostgreSQL takes the time at which the transaction began, so that leases end a little early,
   * never late.
   */
  static final String NOW = "cast(extract(epoch from current_timestamp) * 1000 as bigint)";

  private final DataSource source;
  private final Uninterrupted threads;

  /**
   * A database.
   *
   * @param threads where its work is done
   */
  Database(DataSource source, Uninterrupted threads) {
    this.source = source;
    this.threads = threads;
  }

  /** Another transaction has made a row of the same key at the same time. */
  static final class DuplicateException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    DuplicateException(SQLException cause) {
      super("a row of the same key was made at the same time", cause);
    }
  }

  /** Statements that belong together. */
  @FunctionalInterface
  interface Work<T> {
    T with(Session session) throws SQLException;
  }

  /** Reads a row. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /**
   * Does work, wholly or not at all.
   *
   * @throws FluxCoreException of category EXTERNAL if the database does not do it
   */
  <T> T transaction(Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return threads.call(() -> attempt(work));
      } catch (SQLException e) {
        if (isUniqueViolation(e)) {
          throw new DuplicateException(e);
        }
        String state = e.getSQLState();
        if (attempt == ATTEMPTS || state == null || !state.startsWith(ROLLED_BACK)) {
          throw unavailable(e);
        }
      }
    }
  }

  private <T> T attempt(Work<T> work) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      T result;
      try {
        result = work.with(new Session(connection));
        connection.commit();
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
      giveBack(connection);
      return result;
    }
  }

  private static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /** What was committed stays so, whatever becomes of the connection. */
  private static void giveBack(Connection connection) {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection to the job store is broken", e);
    }
  }

  static FluxCoreException unavailable(SQLException e) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                "FLX-STORE-0002",
                Place.of("job store"),
                "the database of jobs does not do its work: " + reason(e),
                "see whether it runs, can be reached, and has room")),
        e);
  }

  /** What it says, and where that comes from: "the database has been closed", on a full disk. */
  private static String reason(SQLException e) {
    Throwable root = e;
    for (int depth = 0; root.getCause() != null && depth < CAUSES; depth++) {
      root = root.getCause();
    }
    String said = String.valueOf(e.getMessage());
    String cause = String.valueOf(root.getMessage());
    return root == e || said.contains(cause) ? said : said + ": " + cause;
  }

  static boolean isUniqueViolation(SQLException e) {
    return UNIQUE_VIOLATION.equals(e.getSQLState());
  }

  /** Statements of a transaction. Parameters are text, whole numbers, bytes or null. */
  static final class Session {
    private final Connection connection;

    Session(Connection connection) {
      this.connection = connection;
    }

    int update(String sql, @Nullable Object... parameters) throws SQLException {
      try (PreparedStatement statement = prepared(sql, parameters)) {
        return statement.executeUpdate();
      }
    }

    <T> List<T> list(String sql, Row<T> row, @Nullable Object... parameters) throws SQLException {
      try (PreparedStatement statement = prepared(sql, parameters);
          ResultSet results = statement.executeQuery()) {
        List<T> rows = new ArrayList<>();
        while (results.next()) {
          rows.add(row.read(results));
        }
        return rows;
      }
    }

    <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... parameters)
        throws SQLException {
      return list(sql, row, parameters).stream().findFirst();
    }

    private PreparedStatement prepared(String sql, @Nullable Object... parameters)
        throws SQLException {
      PreparedStatement statement = connection.prepareStatement(sql);
      try {
        for (int i = 0; i < parameters.length; i++) {
          bind(statement, i + 1, parameters[i]);
        }
        return statement;
      } catch (SQLException | RuntimeException e) {
        statement.close();
        throw e;
      }
    }

    private static void bind(PreparedStatement statement, int at, @Nullable Object value)
        throws SQLException {
      if (value instanceof byte[] bytes) {
        statement.setBytes(at, bytes);
      } else {
        statement.setObject(at, value);
      }
    }
  }
}
