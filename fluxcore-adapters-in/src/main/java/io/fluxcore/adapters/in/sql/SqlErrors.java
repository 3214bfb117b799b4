package io.fluxcore.adapters.in.sql;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Set;

/** What exceptions of databases mean. */
public final class SqlErrors {
  static final String NO_DRIVER = "FLX-SQL-0001";
  static final String REFUSED = "FLX-SQL-0002";
  static final String NO_ANSWER = "FLX-SQL-0003";
  static final String FAILED = "FLX-SQL-0004";
  static final String NO_TABLE = "FLX-SQL-0005";

  /** H2: the database is closed, or is being closed; a lock was waited for too long. */
  private static final Set<Integer> H2_PASSING = Set.of(90098, 90121, 90067, 50200);

  /** H2: there is no such database. */
  private static final int H2_NO_DATABASE = 90146;

  /** MariaDB: there is no such database; the user may not use it. */
  private static final Set<Integer> MARIADB_NO_DATABASE = Set.of(1049, 1044);

  /** PostgreSQL's and MariaDB's word for a statement that took too long. */
  private static final String CANCELLED = "57014";

  private SqlErrors() {}

  private static boolean isOfClass(SQLException e, String... classes) {
    String state = e.getSQLState();
    return state != null && List.of(classes).stream().anyMatch(state::startsWith);
  }

  private static SQLException innermost(SQLException e) {
    SQLException found = e;
    for (Throwable at = e.getCause(); at != null; at = at.getCause()) {
      if (at instanceof SQLException sql) {
        found = sql;
      }
    }
    return found;
  }

  /** Whether the same may go well later, on a new connection. */
  public static boolean isPassing(SQLException thrown) {
    SQLException e = innermost(thrown);
    return !isRefused(e)
        && (isOfClass(e, "08", "57P", "53", "40", CANCELLED)
            || thrown instanceof SQLTransientException
            || e instanceof SQLTransientException
            || e instanceof SQLRecoverableException
            || e instanceof SQLNonTransientConnectionException
            || H2_PASSING.contains(e.getErrorCode()));
  }

  private static boolean isRefused(SQLException e) {
    return isOfClass(e, "28", "3D")
        || e.getErrorCode() == H2_NO_DATABASE
        || MARIADB_NO_DATABASE.contains(e.getErrorCode());
  }

  /**
   * What a database threw.
   *
   * @param doing what was tried: {@code read table orders}
   */
  public static FluxCoreException of(SQLException thrown, String doing, SqlDatabase database) {
    SQLException e = innermost(thrown);
    String what = "cannot " + doing + " in " + database + ": " + e.getMessage();
    if (isRefused(e)) {
      return exception(
          ErrorCategory.USER,
          REFUSED,
          "user",
          what,
          "give the user, password and database that there are",
          thrown);
    }
    if (isPassing(thrown)) {
      return exception(
          ErrorCategory.EXTERNAL,
          NO_ANSWER,
          "url",
          what,
          "see whether the database runs, can be reached, and has time",
          thrown);
    }
    return exception(
        isOfClass(e, "42") ? ErrorCategory.USER : ErrorCategory.EXTERNAL,
        FAILED,
        "url",
        what + " (SQL state " + e.getSQLState() + ")",
        "see what is read, and what the user may do with it",
        thrown);
  }

  static FluxCoreException user(String code, String option, String message, String remedy) {
    return FluxCoreException.user(code, Place.of(option), message, remedy);
  }

  private static FluxCoreException exception(
      ErrorCategory category,
      String code,
      String option,
      String message,
      String remedy,
      Throwable cause) {
    return new FluxCoreException(
        category, List.of(Diagnostic.error(code, Place.of(option), message, remedy)), cause);
  }
}
