package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Set;

/** What a database refuses, in words that help. Its messages hold no password. */
final class JdbcErrors {
  static final String NO_DRIVER = "FLX-JDBC-0001";
  static final String REFUSED = "FLX-JDBC-0002";
  static final String NO_TABLE = "FLX-JDBC-0003";
  static final String COLUMNS = "FLX-JDBC-0004";
  static final String NO_ANSWER = "FLX-JDBC-0005";
  static final String FAILED = "FLX-JDBC-0006";
  static final String OWN_TABLES = "FLX-JDBC-0007";
  static final String PASSWORD_FILE = "FLX-JDBC-0008";
  static final String STAGED = "FLX-JDBC-0009";
  static final String VALUE = "FLX-JDBC-0101";
  static final String ROW = "FLX-JDBC-0102";

  /** H2's lock timeout, which has the state of every timeout. */
  private static final int H2_LOCK_TIMEOUT = 50200;

  /** H2: the database is closed, or is being closed. */
  private static final Set<Integer> H2_CLOSED = Set.of(90098, 90121, 90067);

  private JdbcErrors() {}

  /** The SQL exception that says most: pools wrap that of the driver. */
  static SQLException innermost(SQLException e) {
    SQLException found = e;
    for (Throwable at = e.getCause(); at != null; at = at.getCause()) {
      if (at instanceof SQLException sql) {
        found = sql;
      }
    }
    return found;
  }

  private static boolean isOfClass(SQLException e, String... classes) {
    String state = e.getSQLState();
    return state != null && List.of(classes).stream().anyMatch(state::startsWith);
  }

  /** A transaction that lost against another, and may be made again at once. */
  static boolean isLostRace(SQLException e) {
    return isOfClass(e, "40", "55P03") || e.getErrorCode() == H2_LOCK_TIMEOUT;
  }

  /** The session was ended, by the database or on the way to it. */
  static boolean isLostConnection(SQLException e) {
    return isOfClass(e, "08", "57P");
  }

  /** Whether it is the row that the database does not accept: its data, or a constraint. */
  static boolean isOfTheRow(SQLException e) {
    return isOfClass(e, "22", "23");
  }

  static boolean isUniqueViolation(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  private static boolean isNoAnswer(SQLException e) {
    return isOfClass(e, "08", "57P", "53")
        || e instanceof SQLTransientException
        || e instanceof SQLRecoverableException
        || e instanceof SQLNonTransientConnectionException
        || H2_CLOSED.contains(e.getErrorCode())
        || isLostRace(e);
  }

  /**
   * @param doing what was tried: "commit rows to"
   * @param taken rows of the batch at hand that have been taken
   */
  static FluxCoreException of(SQLException thrown, String doing, JdbcOptions options, int taken) {
    SQLException e = innermost(thrown);
    String where = doing + " " + options.table() + " in " + options.url();
    if (isOfClass(e, "28")) {
      return user(
          REFUSED,
          "user",
          "cannot " + where + ": " + e.getMessage(),
          "give the user and the password that the database expects");
    }
    if (isOfClass(e, "3D") || e.getErrorCode() == 90146) {
      return user(
          REFUSED,
          "url",
          "cannot " + where + ": " + e.getMessage(),
          "create the database, or give the address of another one");
    }
    if (isNoAnswer(thrown) || isNoAnswer(e)) {
      return new TransientSinkException(
          Diagnostic.error(
              NO_ANSWER,
              Place.of("url"),
              "cannot " + where + " now: " + e.getMessage(),
              "see whether the database runs, can be reached, and has room"),
          taken,
          thrown);
    }
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                FAILED,
                Place.of("table"),
                "cannot " + where + ": " + e.getMessage() + " (SQL state " + e.getSQLState() + ")",
                "see whether the table is as it was when the job was submitted, and what the user"
                    + " may do with it")),
        thrown);
  }

  static FluxCoreException user(String code, String option, String message, String remedy) {
    return FluxCoreException.user(code, Place.of(option), message, remedy);
  }

  static RecordException value(String field, String column, String problem) {
    return new RecordException(
        VALUE, "field '" + field + "' does not fit column '" + column + "': " + problem);
  }

  static RecordException row(String table, SQLException e) {
    return new RecordException(
        ROW,
        table
            + " does not accept the row: "
            + e.getMessage()
            + " (SQL state "
            + e.getSQLState()
            + ")",
        e);
  }
}
