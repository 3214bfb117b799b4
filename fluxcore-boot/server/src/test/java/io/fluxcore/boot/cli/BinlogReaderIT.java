package io.fluxcore.boot.cli;

import io.fluxcore.application.kit.MariaDbServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A job of a real server reads the binary log of a real MariaDB, and is killed. */
final class BinlogReaderIT extends KilledReaderContract {
  private static MariaDbServer mariaDb;

  @BeforeAll
  static void startMariaDb() throws SQLException {
    mariaDb =
        MariaDbServer.start(
            "--log-bin=binlog",
            "--server-id=1",
            "--binlog-format=ROW",
            "--binlog-row-metadata=FULL");
    write("create table changed (id bigint primary key, name text)");
  }

  @AfterAll
  static void endMariaDb() {
    mariaDb.close();
  }

  private static void write(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(mariaDb.url(), MariaDbServer.USER, MariaDbServer.PASSWORD);
        Statement executed = connection.createStatement()) {
      executed.execute(statement);
    }
  }

  @Override
  String source() {
    return ("{connector: cdc, type: mariadb, host: 127.0.0.1, port: %d, database: %s, user: %s,"
            + " password: %s, tables: [%s.changed], schema: {id: long, name: string}}")
        .formatted(
            mariaDb.port(),
            MariaDbServer.DATABASE,
            MariaDbServer.USER,
            MariaDbServer.PASSWORD,
            MariaDbServer.DATABASE);
  }

  /** The rows of a burst are one event of the log. */
  @Override
  void produce(long fromId, long toId) throws Exception {
    if (fromId == 10) {
      awaitSnapshot(); // a kill amid it is refused, which is tested elsewhere
    }
    write(
        "insert into changed select seq, concat('name-', seq) from seq_"
            + fromId
            + "_to_"
            + (toId - 1));
  }

  private static void awaitSnapshot() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (long copied = 0; copied < 10; TimeUnit.MILLISECONDS.sleep(50)) {
        try (ResultSet count = statement.executeQuery("select count(*) from copies")) {
          count.next();
          copied = count.getLong(1);
        }
      }
    }
  }
}
