package io.fluxcore.adapters.in.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The database of a test, written beside the source.
 *
 * @param url as the source is given it
 */
record TestDatabase(String url, @Nullable String user, @Nullable String password) {
  private static final AtomicInteger NAMES = new AtomicInteger();

  static TestDatabase h2(String name) {
    return new TestDatabase("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1", "sa", null);
  }

  /** That of an address which holds user and password. */
  static TestDatabase postgres(String url) {
    return new TestDatabase(url.substring(0, url.indexOf('?')), "postgres", "none");
  }

  static String newName() {
    return "rows_" + NAMES.incrementAndGet();
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password == null ? "" : password);
  }

  void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Options of a source of this database. */
  Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("url", url);
    if (user != null) {
      options.put("user", user);
    }
    if (password != null) {
      options.put("password", password);
    }
    options.put("pollInterval", "20ms");
    options.put("settle", "0s");
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }
}
