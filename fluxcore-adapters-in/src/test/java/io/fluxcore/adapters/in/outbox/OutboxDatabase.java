package io.fluxcore.adapters.in.outbox;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.OptionProblems;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The database of a test, written beside the source.
 *
 * @param url as the source is given it
 */
record OutboxDatabase(String url, String user, String password) {
  private static final AtomicInteger NAMES = new AtomicInteger();

  static String newName() {
    return "changed_" + NAMES.incrementAndGet();
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
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

  long number(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Options of a source of a table, whose outbox has its name. */
  Map<String, Object> options(String table, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("url", url);
    options.put("user", user);
    options.put("password", password);
    options.put("tables", List.of(table.split(",")));
    options.put("outboxTable", "of_" + table.split(",")[0]);
    options.put("install", true);
    options.put("pollInterval", "20ms");
    options.put("gapTimeout", "2s");
    options.put("queryTimeout", "5s");
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  /** Makes the outbox and the triggers of a table before anybody reads it. */
  void install(String table) {
    OutboxSettings settings =
        OutboxSettings.of(
            OptionParser.parse(new OutboxSourceConnector().descriptor(), options(table)).orThrow(),
            new OptionProblems("outbox"));
    try (Connection connection = settings.database().connect()) {
      new Installation(settings).install(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
