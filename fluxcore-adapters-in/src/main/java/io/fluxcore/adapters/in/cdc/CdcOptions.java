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
import org.jspecify.annotations.Nullable;

/**
 * Which changes are read, and how.
 *
 * @param tables as {@code schema.table}; of MariaDB and MySQL a database is the schema
 * @param slot that keeps what has not been read
 * @param publication that names the tables
 * @param createPublication whether it is made, and altered, where it is not as needed
 * @param snapshot which rows come that were there before
 * @param repeatSnapshot whether a snapshot that was cut off is begun anew
 * @param serverId of a replica, which the reader is for MariaDB and MySQL; null: by chance
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
    @Nullable Long serverId,
    Map<String, String> debezium) {
  /** Default of slot and publication. */
  static final String UNNAMED = "fluxcore";

  CdcOptions {
    tables = List.copyOf(tables);
    debezium = Map.copyOf(debezium);
  }

  static CdcOptions of(ConnectorOptions options, OptionProblems problems) {
    DatabaseKind kind = kind(options.string("type"));
    Long given = options.has("port") ? options.integer("port") : null;
    long port = given == null ? kind.defaultPort() : given;
    problems.range("port", port, 1, 65535);
    Long serverId = options.has("serverId") ? options.integer("serverId") : null;
    if (serverId != null) {
      problems.range("serverId", serverId, 1, (1L << 32) - 1);
    }
    if (kind.hasSlots() && serverId != null) {
      problems.add("serverId", "PostgreSQL has none", "leave it out, and give 'slot'");
    }
    List<String> tables = options.list("tables");
    if (tables.isEmpty()) {
      problems.add("tables", "there is none", "name tables as schema.table");
    }
    for (String table : tables) {
      if (!table.matches("[^.]+\\.[^.]+")) {
        problems.add(
            "tables",
            "'" + table + "' has no schema",
            kind.hasSlots()
                ? "write schema.table, such as public.orders"
                : "write database.table, such as shop.orders");
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
    if (!kind.hasSlots()) {
      if (!more.isEmpty()) {
        problems.add("debezium", "it does not read " + kind.name(), "leave the option out");
      }
      for (String name : List.of("slot", "publication")) {
        if (!options.string(name).equals(UNNAMED)) {
          problems.add(name, kind.name() + " has none", "leave the option out");
        }
      }
    }
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
        serverId,
        more);
  }

  private static DatabaseKind kind(String name) {
    return name.equals("postgresql")
        ? new PostgresKind()
        : new BinlogKind(name, name.equals("mariadb"));
  }

  String currentPassword() {
    String current = password.read();
    return current == null ? "" : current;
  }

  Connection connect() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", currentPassword());
    kind.login(login);
    return DriverManager.getConnection(kind.url(this), login);
  }

  /** The error of a database that cannot be entered. */
  FluxCoreException unreachable(SQLException cause) {
    boolean forGood = kind.isRefusal(cause);
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
