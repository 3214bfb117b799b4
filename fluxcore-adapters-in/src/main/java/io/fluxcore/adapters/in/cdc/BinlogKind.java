package io.fluxcore.adapters.in.cdc;

import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The binary log of MariaDB and MySQL, in the format {@code ROW}. A place in it is a file and where
 * an event lies in that.
 *
 * @param isMariaDb otherwise MySQL
 */
record BinlogKind(String name, boolean isMariaDb) implements DatabaseKind {
  /** Wrong user or password; no such database; no right to use it; no way to log in. */
  private static final Set<Integer> REFUSALS = Set.of(1045, 1698, 1049, 1044, 1251, 2059);

  /** No such database, no such table. */
  private static final Set<Integer> NO_TABLE = Set.of(1049, 1146);

  private static final int NO_RIGHT_TO_TABLE = 1142;
  private static final int NO_RIGHT = 1227;
  private static final int WRONG_SYNTAX = 1064;
  private static final int NOT_SENT = 1236;

  @Override
  public int defaultPort() {
    return 3306;
  }

  @Override
  public boolean hasSlots() {
    return false;
  }

  @Override
  public void requireLibraries(String connector) {
    String libraries =
        "com.zendesk:mysql-binlog-connector-java and org.mariadb.jdbc:mariadb-java-client";
    RequiredLibrary.check("com.github.shyiko.mysql.binlog.BinaryLogClient", libraries, connector);
    RequiredLibrary.check("org.mariadb.jdbc.Driver", libraries, connector);
  }

  @Override
  public String url(CdcOptions options) {
    return "jdbc:mariadb://" + options.host() + ":" + options.port() + "/" + options.database();
  }

  @Override
  public void login(Properties properties) {
    properties.setProperty("connectTimeout", "10000");
    properties.setProperty("socketTimeout", "60000");
    properties.setProperty("tinyInt1isBit", "false");
    properties.setProperty("yearIsDateType", "false");
    if (!isMariaDb) {
      properties.setProperty("allowPublicKeyRetrieval", "true");
    }
  }

  @Override
  public boolean isRefusal(SQLException e) {
    return REFUSALS.contains(e.getErrorCode());
  }

  @Override
  public void check(CdcOptions options) {
    List<Diagnostic> problems = new ArrayList<>();
    try (Connection connection = options.connect()) {
      checkLog(options, connection, problems);
      checkRights(options, connection, problems);
      for (String table : options.tables()) {
        checkTable(options, table, connection, problems);
      }
    } catch (SQLException e) {
      throw options.unreachable(e);
    }
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
  }

  private static Diagnostic problem(String option, String message, String remedy) {
    return Diagnostic.error(CdcSource.UNSUITABLE, Place.of(option), message, remedy);
  }

  private void checkLog(CdcOptions options, Connection connection, List<Diagnostic> problems)
      throws SQLException {
    String on = BinlogCatalog.variable(connection, "log_bin");
    if (!"ON".equals(on)) {
      problems.add(
          problem(
              "type",
              "log_bin of " + options + " is '" + on + "', so that changes cannot be read",
              "set log_bin and a server_id in the server's configuration, and restart it"));
    }
    must(options, connection, "binlog_format", "ROW", problems);
    must(options, connection, "binlog_row_image", "FULL", problems);
    must(options, connection, "log_bin_compress", "OFF", problems);
    must(options, connection, "binlog_transaction_compression", "OFF", problems);
    must(options, connection, "binlog_row_value_options", "", problems);
    String server = BinlogCatalog.variable(connection, "server_id");
    Long own = options.serverId();
    if (own != null && own.toString().equals(server)) {
      problems.add(
          problem(
              "serverId",
              "serverId " + own + " is the number of " + options + " itself",
              "give a number that no server and no other reader has, or leave the option out"));
    }
  }

  /** A variable that a server does not have is as it must be. */
  private static void must(
      CdcOptions options,
      Connection connection,
      String name,
      String value,
      List<Diagnostic> problems)
      throws SQLException {
    String there = BinlogCatalog.variable(connection, name);
    if (there != null && !there.equals(value)) {
      problems.add(
          problem(
              "type",
              name + " of " + options + " is '" + there + "', so that changes cannot be read",
              "set "
                  + name
                  + " = "
                  + (value.isEmpty() ? "''" : value)
                  + " in the server's configuration, and let those who write connect anew"));
    }
  }

  private void checkRights(CdcOptions options, Connection connection, List<Diagnostic> problems)
      throws SQLException {
    StringBuilder everywhere = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet grants = statement.executeQuery("show grants")) {
      while (grants.next()) {
        String grant = grants.getString(1).toUpperCase(Locale.ROOT);
        if (grant.contains(" ON *.* ")) {
          everywhere.append(grant).append('\n');
        }
      }
    }
    String all = everywhere.toString();
    boolean may = all.contains("ALL PRIVILEGES");
    if (!may && !all.contains("REPLICATION SLAVE") && !all.contains("REPLICATION REPLICA")) {
      problems.add(right(options, "REPLICATION SLAVE"));
    }
    String position = isMariaDb ? "BINLOG MONITOR" : "REPLICATION CLIENT";
    try {
      Log log = log(connection);
      checkFilters(options, log, problems);
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_RIGHT) {
        throw e;
      }
      problems.add(right(options, position));
    }
    if (!may && !isMariaDb && !options.snapshot().equals("never") && !all.contains("RELOAD")) {
      problems.add(right(options, "RELOAD"));
    }
  }

  private static Diagnostic right(CdcOptions options, String right) {
    return problem(
        "user",
        "user '" + options.user() + "' of " + options + " has not the right " + right,
        "grant " + right.toLowerCase(Locale.ROOT) + " on *.* to '" + options.user() + "'");
  }

  private static void checkFilters(CdcOptions options, Log log, List<Diagnostic> problems) {
    for (String table : options.tables()) {
      String database = table.substring(0, table.indexOf('.'));
      boolean left =
          (!log.only().isEmpty() && !Arrays.asList(log.only().split(",")).contains(database))
              || Arrays.asList(log.without().split(",")).contains(database);
      if (left) {
        problems.add(
            problem(
                "tables",
                "the log of " + options + " leaves out the database of table '" + table + "'",
                "take it out of binlog_ignore_db, or into binlog_do_db, of the server's"
                    + " configuration"));
      }
    }
  }

  private void checkTable(
      CdcOptions options, String table, Connection connection, List<Diagnostic> problems)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select 1 from " + BinlogCatalog.quoted(table) + " limit 0");
    } catch (SQLException e) {
      if (NO_TABLE.contains(e.getErrorCode())) {
        problems.add(
            problem(
                "tables",
                options + " has no table '" + table + "'",
                "write database.table as the database has it, in its case"));
        return;
      }
      if (e.getErrorCode() == NO_RIGHT_TO_TABLE) {
        problems.add(
            problem(
                "tables",
                "user '" + options.user() + "' may not read table '" + table + "'",
                "grant select on " + BinlogCatalog.quoted(table) + " to '" + options.user() + "'"));
        return;
      }
      throw e;
    }
    int dot = table.indexOf('.');
    String there = null;
    String engine = null;
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select concat(table_schema, '.', table_name), engine from information_schema.tables"
                + " where table_schema = ? and table_name = ?")) {
      statement.setString(1, table.substring(0, dot));
      statement.setString(2, table.substring(dot + 1));
      try (ResultSet found = statement.executeQuery()) {
        if (found.next()) {
          there = found.getString(1);
          engine = found.getString(2);
        }
      }
    }
    if (there != null && !there.equals(table)) {
      problems.add(
          problem(
              "tables",
              "table '" + table + "' is called '" + there + "'",
              "write database.table as the database has it, in its case"));
    } else if (engine == null) {
      problems.add(
          problem(
              "tables",
              "'" + table + "' is a view, of which the log has no rows",
              "name the tables that it is made of"));
    } else if (!engine.equalsIgnoreCase("InnoDB") && !options.snapshot().equals("never")) {
      problems.add(
          problem(
              "tables",
              "table '"
                  + table
                  + "' is of the engine "
                  + engine
                  + ", whose rows cannot be read as they were at one place of the log",
              "alter table "
                  + BinlogCatalog.quoted(table)
                  + " engine = InnoDB; or set snapshot: never"));
    }
  }

  @Override
  public boolean tellsEndOfSnapshot(CdcOptions options) {
    return true;
  }

  /**
   * Where the log ends.
   *
   * @param only the databases that it has, with commas between; empty: all
   * @param without those that it leaves out
   */
  private record Log(BinlogPosition end, String only, String without) {}

  private static Log log(Connection connection) throws SQLException {
    try {
      return log(connection, "show master status");
    } catch (SQLException e) {
      if (e.getErrorCode() != WRONG_SYNTAX) {
        throw e;
      }
      return log(connection, "show binary log status"); // MySQL from 8.4 on
    }
  }

  private static Log log(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      if (!row.next()) {
        return new Log(new BinlogPosition("", 0), "", ""); // there is none
      }
      return new Log(
          new BinlogPosition(row.getString(1), row.getLong(2)),
          filter(row.getString(3)),
          filter(row.getString(4)));
    }
  }

  private static String filter(@Nullable String databases) {
    return databases == null ? "" : databases;
  }

  /** Where the log ends now. */
  BinlogPosition position(CdcOptions options) throws SQLException {
    try (Connection connection = options.connect()) {
      return log(connection).end();
    }
  }

  /** The number of the server, which its log is of. */
  long server(CdcOptions options) throws SQLException {
    try (Connection connection = options.connect()) {
      String number = BinlogCatalog.variable(connection, "server_id");
      return number == null ? -1 : Long.parseLong(number);
    }
  }

  /**
   * Begins a transaction that sees all tables as they are at one place of the log, and returns the
   * place. MariaDB knows the place of such a transaction; for MySQL nobody may write for a moment.
   */
  BinlogPosition beginSnapshot(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!isMariaDb) {
        statement.execute("set session lock_wait_timeout = 60");
        statement.execute("flush tables with read lock");
      }
      statement.execute("start transaction with consistent snapshot");
      if (!isMariaDb) {
        BinlogPosition end = log(connection).end();
        statement.execute("unlock tables");
        return end;
      }
      String file = status(statement, "binlog_snapshot_file");
      return new BinlogPosition(
          file, Long.parseLong(status(statement, "binlog_snapshot_position")));
    }
  }

  private static String status(Statement statement, String name) throws SQLException {
    try (ResultSet row = statement.executeQuery("show status like '" + name + "'")) {
      String value = row.next() ? row.getString(2) : "";
      if (value.isEmpty()) {
        throw new SQLException("the server has no status " + name);
      }
      return value;
    }
  }

  @Override
  public void checkPosition(CdcOptions options, ChangePosition position) {
    BinlogPosition at = BinlogPosition.of(position.offset());
    Map<String, Object> offset = position.offset();
    if (at == null || offset == null) {
      throw lost(options, "the position " + position.place() + " is not one in a binary log");
    }
    try (Connection connection = options.connect()) {
      String server = BinlogCatalog.variable(connection, "server_id");
      if (server != null && Long.parseLong(server) != BinlogPosition.server(offset)) {
        throw lost(
            options,
            "the checkpoint is of the log of server "
                + BinlogPosition.server(offset)
                + ", and this is server "
                + server);
      }
      long size = -1;
      try (Statement statement = connection.createStatement();
          ResultSet files = statement.executeQuery("show binary logs")) {
        while (files.next()) {
          size = files.getString(1).equals(at.file()) ? files.getLong(2) : size;
        }
      }
      if (size < at.at()) {
        throw lost(
            options,
            size < 0
                ? "the file '" + at.file() + "' of the log is not there any more"
                : "the file '" + at.file() + "' of the log is shorter than " + at.at());
      }
    } catch (SQLException e) {
      // Reading waits for the database.
      System.getLogger(BinlogKind.class.getName())
          .log(System.Logger.Level.DEBUG, "the log cannot be looked at now", e);
    }
  }

  private static FluxCoreException lost(CdcOptions options, String what) {
    return FluxCoreException.user(
        CdcSource.LOST,
        Place.of("host"),
        options + ": " + what + "; the changes between are lost",
        "start the job without this checkpoint, so that it takes a new snapshot; and let the server"
            + " keep its log for longer than the job may stand (binlog_expire_logs_seconds)");
  }

  /** The error of a log that is not sent; null if another try may help. */
  @Nullable FluxCoreException refusal(CdcOptions options, int code, String message) {
    if (message.contains("same server_uuid/server_id")) {
      return new FluxCoreException(
          ErrorCategory.EXTERNAL,
          Diagnostic.error(
              CdcSource.UNREACHABLE,
              Place.of("serverId"),
              options + ": another replica has come with serverId " + options.serverId(),
              "give each job a serverId of its own, or leave the option out"));
    }
    return code == NOT_SENT ? lost(options, "the log cannot be read on: " + message) : null;
  }

  @Override
  public int compare(String place, String known) {
    if (place.equals(known)) {
      return 0;
    }
    if (place.equals(Change.Place.SNAPSHOT) || known.equals(Change.Place.SNAPSHOT)) {
      return place.equals(Change.Place.SNAPSHOT) ? -1 : 1;
    }
    return BinlogPosition.parse(place).compareTo(BinlogPosition.parse(known));
  }

  @Override
  public ChangeRun start(CdcOptions options, Schema wanted, ChangePosition from, Runnable arrived) {
    return new BinlogRun(options, this, wanted, from, arrived);
  }
}
