package io.fluxcore.adapters.in.cdc;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Which changes are read, and how.
 *
 * @param tables as {@code schema.table}
 * @param slot that keeps what has not been read
 * @param publication that names the tables
 * @param createPublication whether it is made, and altered, where it is not as needed
 * @param snapshot which rows come that were there before
 * @param repeatSnapshot whether a snapshot that was cut off is begun anew
 * @param debezium further properties
 */
record CdcOptions(
    DatabaseKind kind,
    String host,
    int port,
    String database,
    String user,
    Secret password,
    List<String> tables,
    String slot,
    String publication,
    boolean createPublication,
    String snapshot,
    boolean repeatSnapshot,
    Map<String, String> debezium) {

  CdcOptions {
    tables = List.copyOf(tables);
    debezium = Map.copyOf(debezium);
  }

  static CdcOptions of(ConnectorOptions options, OptionProblems problems) {
    DatabaseKind kind = new PostgresKind();
    long port = options.integer("port");
    problems.range("port", port, 1, 65535);
    List<String> tables = options.list("tables");
    if (tables.isEmpty()) {
      problems.add("tables", "there is none", "name tables as schema.table");
    }
    for (String table : tables) {
      if (!table.matches("[^.]+\\.[^.]+")) {
        problems.add(
            "tables", "'" + table + "' has no schema", "write schema.table, such as public.orders");
      }
    }
    if (!options.string("slot").matches("[a-z0-9_]{1,63}")) {
      problems.add(
          "slot",
          "'" + options.string("slot") + "' is no name of a slot",
          "use at most 63 small letters, digits and '_'");
    }
    Map<String, String> more = new LinkedHashMap<>();
    options.map("debezium").forEach((name, value) -> more.put(name, String.valueOf(value)));
    return new CdcOptions(
        kind,
        options.string("host"),
        (int) port,
        options.string("database"),
        options.string("user"),
        Secret.of(options, "password", problems),
        tables,
        options.string("slot"),
        options.string("publication"),
        options.bool("createPublication"),
        options.string("snapshot"),
        options.string("snapshotRestart").equals("repeat"),
        more);
  }

  private String currentPassword() {
    String current = password.read();
    return current == null ? "" : current;
  }

  /**
   * What Debezium is told.
   *
   * @param resumed whether the snapshot is behind it, whatever offset it goes on from
   */
  Properties properties(boolean resumed) {
    Properties properties = new Properties();
    properties.setProperty("name", slot);
    properties.setProperty("topic.prefix", slot);
    properties.setProperty("database.hostname", host);
    properties.setProperty("database.port", Integer.toString(port));
    properties.setProperty("database.user", user);
    properties.setProperty("database.password", currentPassword());
    properties.setProperty(
        "table.include.list",
        String.join(",", tables.stream().map(CdcOptions::literally).toList()));
    properties.setProperty(
        "snapshot.mode",
        switch (resumed && !snapshot.equals("only") ? "never" : snapshot) {
          case "never" -> "no_data";
          case "only" -> "initial_only";
          default -> "initial";
        });
    properties.setProperty("tombstones.on.delete", "false");
    properties.setProperty("skipped.operations", "none"); // truncations are told
    properties.setProperty("include.schema.changes", "false");
    properties.setProperty("decimal.handling.mode", "precise");
    properties.setProperty("binary.handling.mode", "bytes");
    properties.setProperty("poll.interval.ms", "50");
    // A lost connection ends the run, and the reader begins the next one where it was.
    properties.setProperty("errors.max.retries", "0");
    kind.configure(this, properties);
    properties.putAll(debezium);
    return properties;
  }

  /** A name as a regular expression. */
  private static String literally(String table) {
    return table.replaceAll("([^A-Za-z0-9_])", "\\\\$1");
  }

  Connection connect() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", currentPassword());
    login.setProperty("connectTimeout", "10");
    return DriverManager.getConnection(
        "jdbc:" + kind.name() + "://" + host + ":" + port + "/" + database, login);
  }

  /**
   * The error of a database that cannot be entered.
   *
   * @param forGood whether another try has no use
   */
  FluxCoreException unreachable(SQLException cause, boolean forGood) {
    return new FluxCoreException(
        forGood ? ErrorCategory.USER : ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                forGood ? CdcSource.UNSUITABLE : CdcSource.UNREACHABLE,
                Place.of(forGood ? "user" : "host"),
                this + " cannot be entered as '" + user + "': " + cause.getMessage(),
                forGood
                    ? "mend user, password and database"
                    : "start the database, or mend host and port")),
        cause);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return kind.name() + "://" + host + ":" + port + "/" + database;
  }
}
