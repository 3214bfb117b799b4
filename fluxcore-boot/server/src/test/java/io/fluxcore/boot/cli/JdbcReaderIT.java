package io.fluxcore.boot.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A job of a real server reads a table of a real PostgreSQL by its times, and is killed. */
final class JdbcReaderIT extends KilledReaderContract {
  @Override
  String source() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists originals (id bigint primary key, name text, at"
              + " timestamp(0))");
    }
    return "{connector: jdbc, url: \""
        + address()
        + "\", user: postgres, password: none, table: originals, column: at, settle: 2s,"
        + " pollInterval: 50ms, fetchSize: 30, schema: {id: long, name: string}}";
  }

  /** Many of one second. */
  @Override
  void produce(long fromId, long toId) throws SQLException {
    source();
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement("insert into originals values (?, ?, localtimestamp)")) {
      for (long id = fromId; id < toId; id++) {
        statement.setLong(1, id);
        statement.setString(2, "name-" + id);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }
}
