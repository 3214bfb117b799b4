package io.fluxcore.adapters.out.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fluxcore.application.connector.SinkOwner;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one sink, pooled for as long as somebody needs them: each of {@link #open} keeps
 * the pool until its {@link #close}. Thread-safe.
 */
final class Connections {
  private static final int MAX_CONNECTIONS = 8;
  private static final long CONNECT_MILLIS = 10_000;
  private static final long IDLE_MILLIS = 60_000;
  private static final int ATTEMPTS = 6;
  private static final int LONGEST_PAUSE_MILLIS = 50;

  private final JdbcOptions options;
  private @Nullable HikariDataSource pool;
  private int users;

  Connections(JdbcOptions options) {
    this.options = options;
  }

  /** Statements that belong together. */
  @FunctionalInterface
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /** A transaction that lost a race which shows in no state of its own, and is to be made again. */
  static final class LostRaceException extends SQLException {
    private static final long serialVersionUID = 1L;

    LostRaceException(SQLException cause) {
      super(cause.getMessage(), "40001", cause);
    }
  }

  /** Somebody needs connections from now on. */
  void open() {
    open("fluxcore");
  }

  /** As {@link #open()}, for an owner of a job, by whom the database can tell its sessions. */
  void open(SinkOwner owner) {
    open(Sessions.name(owner));
  }

  private synchronized void open(String name) {
    if (pool == null) {
      pool = newPool(name);
    }
    users++;
  }

  /** Somebody needs none any more. */
  synchronized void close() {
    HikariDataSource current = pool;
    if (--users == 0 && current != null) {
      pool = null;
      current.close();
    }
  }

  private HikariDataSource newPool(String name) {
    requireDriver();
    HikariConfig config = new HikariConfig();
    config.setPoolName("fluxcore-jdbc");
    config.setJdbcUrl(options.url());
    config.setUsername(options.user());
    config.setPassword(options.currentPassword());
    if (options.driver() != null) {
      config.setDriverClassName(options.driver());
    }
    config.setAutoCommit(false);
    config.setMaximumPoolSize(MAX_CONNECTIONS);
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE_MILLIS);
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setInitializationFailTimeout(-1);
    Properties properties = new Properties();
    options.dialect().properties(properties, name, options.queryTimeout());
    config.setDataSourceProperties(properties);
    return new HikariDataSource(config);
  }

  private void requireDriver() {
    String driver = options.driver();
    if (driver != null) {
      try {
        Class.forName(driver);
      } catch (ClassNotFoundException | LinkageError e) {
        throw JdbcErrors.user(
            JdbcErrors.NO_DRIVER,
            "driver",
            "there is no driver '" + driver + "' on the class path",
            "add its jar, or leave the option out: the driver is found by the address");
      }
    }
    if (DriverManager.drivers().noneMatch(this::accepts)) {
      throw JdbcErrors.user(
          JdbcErrors.NO_DRIVER,
          "url",
          "no driver on the class path accepts " + options.url(),
          "add org.postgresql:postgresql or com.h2database:h2");
    }
  }

  private boolean accepts(Driver driver) {
    try {
      return driver.acceptsURL(options.url());
    } catch (SQLException e) {
      return false;
    }
  }

  private synchronized HikariDataSource pool() {
    HikariDataSource current = pool;
    if (current == null) {
      throw new IllegalStateException("nobody has opened the connections to " + options.url());
    }
    return current;
  }

  /**
   * Does work, wholly or not at all; again where it lost a race against another transaction, or its
   * connection. Then it is not known whether it was done: it must bear being done twice.
   *
   * @throws SQLException if the database does not do it
   */
  <T> T transaction(Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = pool().getConnection()) {
        Result<T> result = attempt(connection, work, attempt == ATTEMPTS);
        if (result != null) {
          return result.value();
        }
      }
      pause(attempt);
    }
  }

  private record Result<T>(T value) {}

  /** Null if it is to be done again. */
  private static <T> @Nullable Result<T> attempt(Connection connection, Work<T> work, boolean last)
      throws SQLException {
    try {
      T result = work.with(connection);
      connection.commit();
      return new Result<>(result);
    } catch (SQLException e) {
      rollBack(connection, e);
      SQLException why = JdbcErrors.innermost(e);
      if (last || !(JdbcErrors.isLostRace(e) || JdbcErrors.isLostConnection(why))) {
        throw e;
      }
      return null;
    } catch (RuntimeException | Error e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private static void pause(int attempt) throws SQLException {
    try {
      int longest = LONGEST_PAUSE_MILLIS << attempt;
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1, longest));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", "57014", e);
    }
  }

  private static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /** A connection beside the pool, which does not wait for a database that does not answer. */
  <T> T once(Work<T> work) throws SQLException {
    requireDriver();
    Properties properties = new Properties();
    options.dialect().properties(properties, "fluxcore", options.queryTimeout());
    put(properties, "user", options.user());
    put(properties, "password", options.currentPassword());
    try (Connection connection = DriverManager.getConnection(options.url(), properties)) {
      return work.with(connection);
    }
  }

  private static void put(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.setProperty(name, value);
    }
  }
}
