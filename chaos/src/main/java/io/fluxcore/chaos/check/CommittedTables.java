package io.fluxcore.chaos.check;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables of a database, one an output.
 *
 * @param url of the database
 * @param prefix how the tables begin
 */
record CommittedTables(String url, String prefix) implements Committed {
  @Override
  public List<List<Long>> rows(Output output) throws IOException {
    String table = prefix + output.label();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      return exists(statement, table) ? rows(statement, table, output) : List.of();
    } catch (SQLException e) {
      throw new IOException(table + " cannot be read", e);
    }
  }

  private static boolean exists(Statement statement, String table) throws SQLException {
    try (ResultSet found = statement.executeQuery("select to_regclass('" + table + "')")) {
      return found.next() && found.getString(1) != null;
    }
  }

  private static List<List<Long>> rows(Statement statement, String table, Output output)
      throws SQLException {
    List<List<Long>> rows = new ArrayList<>();
    try (ResultSet found =
        statement.executeQuery("select " + String.join(", ", output.fields()) + " from " + table)) {
      while (found.next()) {
        List<Long> row = new ArrayList<>();
        for (String field : output.fields()) {
          row.add(
              field.startsWith("window_")
                  ? found.getObject(field, OffsetDateTime.class).toInstant().toEpochMilli()
                  : found.getLong(field));
        }
        rows.add(List.copyOf(row));
      }
    }
    return rows;
  }
}
