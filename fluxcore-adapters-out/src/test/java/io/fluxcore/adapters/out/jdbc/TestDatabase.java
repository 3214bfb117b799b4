package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database of a test, looked at beside the sink.
 *
 * @param url as the sink is given it
 * @param user as the sink is given it
 */
record TestDatabase(String url, String user) {
  static TestDatabase h2(String name) {
    return new TestDatabase("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000", "sa");
  }

  /** Of an address that holds the user. */
  static TestDatabase postgres(String url) {
    int user = url.indexOf("user=");
    String name = url.substring(user + 5).split("&", 2)[0];
    return new TestDatabase(url.substring(0, url.indexOf('?')), name);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, "");
  }

  void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** Takes everything away. */
  void empty() {
    if (url.startsWith("jdbc:h2:")) {
      execute("drop all objects");
    } else {
      execute("drop schema public cascade; create schema public");
    }
  }

  boolean has(String table) {
    return !rows(
            "select table_name from information_schema.tables where lower(table_name) = '"
                + table
                + "'",
            Schema.builder().field("name", DataType.STRING).build())
        .isEmpty();
  }

  /** Rows in {@code Values}' classes. */
  List<List<@Nullable Object>> rows(String sql, Schema schema) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      while (results.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
          row.add(value(results, i + 1, schema.type(i)));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable Object value(ResultSet results, int at, DataType type)
      throws SQLException {
    Object value =
        switch (type.kind()) {
          case BOOLEAN -> results.getBoolean(at);
          case LONG -> results.getLong(at);
          case DOUBLE -> results.getDouble(at);
          case DECIMAL -> decimal(results.getBigDecimal(at), type);
          case STRING -> results.getString(at);
          case BYTES -> results.getBytes(at);
          case DATE -> results.getObject(at, LocalDate.class);
          case TIMESTAMP -> results.getObject(at, LocalDateTime.class);
          case TIMESTAMP_TZ -> {
            OffsetDateTime instant = results.getObject(at, OffsetDateTime.class);
            yield instant == null ? null : instant.toInstant();
          }
          case NESTED -> throw new IllegalArgumentException(type.toString());
        };
    return results.wasNull() ? null : value;
  }

  private static @Nullable BigDecimal decimal(@Nullable BigDecimal value, DataType type) {
    return value == null ? null : value.setScale(type.scale());
  }

  List<Long> longs(String sql) {
    return rows(sql, Schema.builder().field("value", DataType.LONG).build()).stream()
        .map(row -> (Long) row.get(0))
        .toList();
  }
}
