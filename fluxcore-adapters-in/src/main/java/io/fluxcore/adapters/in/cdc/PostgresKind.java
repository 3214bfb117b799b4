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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's logical replication by {@code pgoutput}. A place in the log is the end of the
 * transaction before, and the place of the change within the log: transactions come in the order in
 * which they end, and within one changes in the order in which they were made.
 */
final class PostgresKind implements DatabaseKind {
  /** Wrong password, wrong user, no such database. */
  private static final Set<String> REFUSALS = Set.of("28P01", "28000", "3D000");

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public int defaultPort() {
    return 5432;
  }

  @Override
  public boolean hasSlots() {
    return true;
  }

  @Override
  public void requireLibraries(String connector) {
    String libraries = "io.debezium:debezium-embedded and io.debezium:debezium-connector-postgres";
    RequiredLibrary.check("io.debezium.embedded.Connect", libraries, connector);
    RequiredLibrary.check(
        "io.debezium.connector.postgresql.PostgresConnector", libraries, connector);
  }

  @Override
  public String url(CdcOptions options) {
    return "jdbc:" + options;
  }

  @Override
  public void login(Properties properties) {
    properties.setProperty("connectTimeout", "10");
  }

  @Override
  public boolean isRefusal(SQLException e) {
    return REFUSALS.contains(String.valueOf(e.getSQLState()));
  }

  @Override
  public ChangeRun start(CdcOptions options, Schema wanted, ChangePosition from, Runnable arrived) {
    return new DebeziumRun(
        properties(options, !from.place().isEmpty()), from.offsetText(), arrived);
  }

  /**
   * What Debezium is told.
   *
   * @param resumed whether the snapshot is behind it, whatever offset it goes on from
   */
  private static Properties properties(CdcOptions options, boolean resumed) {
    Properties properties = new Properties();
    properties.setProperty("name", options.slot());
    properties.setProperty("topic.prefix", options.slot());
    properties.setProperty("database.hostname", options.host());
    properties.setProperty("database.port", Integer.toString(options.port()));
    properties.setProperty("database.user", options.user());
    properties.setProperty("database.password", options.currentPassword());
    properties.setProperty(
        "table.include.list",
        String.join(",", options.tables().stream().map(PostgresKind::literally).toList()));
    properties.setProperty(
        "snapshot.mode",
        switch (resumed && !options.snapshot().equals("only") ? "never" : options.snapshot()) {
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
    properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    properties.setProperty("plugin.name", "pgoutput");
    properties.setProperty("database.dbname", options.database());
    properties.setProperty("slot.name", options.slot());
    properties.setProperty(
        "slot.drop.on.stop", Boolean.toString(options.snapshot().equals("only")));
    properties.setProperty("publication.name", options.publication());
    properties.setProperty(
        "publication.autocreate.mode", options.createPublication() ? "filtered" : "disabled");
    properties.setProperty("slot.max.retries", "0");
    properties.setProperty("status.update.interval.ms", "1000");
    properties.putAll(options.debezium());
    return properties;
  }

  /** A name as a regular expression. */
  private static String literally(String table) {
    return table.replaceAll("([^A-Za-z0-9_])", "\\\\$1");
  }

  @Override
  public void check(CdcOptions options) {
    List<Diagnostic> problems = new ArrayList<>();
    try (Connection connection = options.connect()) {
      String level = text(connection, "show wal_level");
      if (!"logical".equals(level)) {
        problems.add(
            problem(
                "type",
                "wal_level of " + options + " is '" + level + "', so that changes cannot be read",
                "set wal_level = logical in postgresql.conf, and restart the server"));
      }
      String role =
          text(
              connection,
              "select (rolreplication or rolsuper)::text from pg_roles where rolname = current_user");
      if (!"true".equals(role)) {
        problems.add(
            problem(
                "user",
                "user '" + options.user() + "' may not replicate",
                "alter role \"" + options.user() + "\" replication"));
      }
      for (String table : options.tables()) {
        if (text(connection, "select to_regclass(?)::text", quoted(table)) == null) {
          problems.add(
              problem(
                  "tables",
                  options + " has no table '" + table + "'",
                  "write schema.table as the database has it, in its case"));
        }
      }
      boolean publication =
          text(connection, "select 1 from pg_publication where pubname = ?", options.publication())
              != null;
      if (!publication && !options.createPublication()) {
        problems.add(
            problem(
                "publication",
                "there is no publication '" + options.publication() + "'",
                "create publication "
                    + options.publication()
                    + " for table "
                    + String.join(", ", options.tables())));
      }
      String active =
          text(
              connection,
              "select active_pid::text from pg_replication_slots where slot_name = ? and active",
              options.slot());
      if (active != null && problems.isEmpty()) {
        throw new FluxCoreException(
            ErrorCategory.EXTERNAL,
            Diagnostic.error(
                CdcSource.UNREACHABLE,
                Place.of("slot"),
                options + ": slot '" + options.slot() + "' is in use by process " + active,
                "give each job a slot of its own, or wait for the other's end"));
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

  private static String quoted(String table) {
    StringBuilder quoted = new StringBuilder();
    for (String part : table.split("\\.")) {
      quoted
          .append(quoted.length() == 0 ? "" : ".")
          .append('"')
          .append(part.replace("\"", "\"\""))
          .append('"');
    }
    return quoted.toString();
  }

  private static @Nullable String text(Connection connection, String query, String... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getString(1) : null;
      }
    }
  }

  @Override
  public boolean tellsEndOfSnapshot(CdcOptions options) {
    // A snapshot without a row does not say that it has ended.
    try (Connection connection = options.connect()) {
      for (String table : options.tables()) {
        if (text(connection, "select 1 from " + quoted(table) + " limit 1") != null) {
          return true;
        }
      }
      return false;
    } catch (SQLException e) {
      throw options.unreachable(e);
    }
  }

  @Override
  public void checkPosition(CdcOptions options, ChangePosition position) {
    Map<String, Object> offset = position.offset();
    try (Connection connection = options.connect()) {
      String confirmed =
          text(
              connection,
              "select (confirmed_flush_lsn - '0/0')::text from pg_replication_slots"
                  + " where slot_name = ?",
              options.slot());
      if (confirmed == null) {
        throw lost(options, "slot '" + options.slot() + "' is not there any more");
      }
      long known = numbers(position.place())[1];
      if (offset != null) {
        known = Math.max(known, number(offset.get("lsn_commit")));
        known = Math.max(known, number(offset.get("lsn")));
      }
      if (Long.parseLong(confirmed) > known) {
        throw lost(
            options,
            "slot '"
                + options.slot()
                + "' has gone on to "
                + confirmed
                + ", and the checkpoint is of "
                + known);
      }
    } catch (SQLException e) {
      // Reading waits for the database.
      System.getLogger(PostgresKind.class.getName())
          .log(System.Logger.Level.DEBUG, "the slot cannot be looked at now", e);
    }
  }

  private static FluxCoreException lost(CdcOptions options, String what) {
    return FluxCoreException.user(
        CdcSource.LOST,
        Place.of("slot"),
        options + ": " + what + "; the changes between are lost",
        "start the job without this checkpoint, so that it takes a new snapshot");
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  /** The place in the log of a change that is no row of a snapshot. */
  static String logPlace(Struct source) {
    // ["<end of the transaction before, or null>","<place of the change>"]
    String sequence = source.getString("sequence");
    return sequence == null ? "" : sequence;
  }

  /**
   * The end of the transaction before is not known of the first transaction that a run sees. No
   * other one has ended between the beginning of the log that is kept and that one, so that a later
   * run may know an end that lies before the change, but none behind it.
   */
  @Override
  public int compare(String place, String known) {
    if (place.equals(known)) {
      return 0;
    }
    if (place.equals(Change.Place.SNAPSHOT) || known.equals(Change.Place.SNAPSHOT)) {
      return place.equals(Change.Place.SNAPSHOT) ? -1 : 1;
    }
    long[] at = numbers(place);
    long[] other = numbers(known);
    if (at[0] < 0 || other[0] < 0) {
      return at[0] > other[1] ? 1 : Long.compare(at[1], other[1]);
    }
    int order = Long.compare(at[0], other[0]);
    return order == 0 ? Long.compare(at[1], other[1]) : order;
  }

  private static long[] numbers(String place) {
    long[] numbers = {-1, -1};
    String[] parts = place.replaceAll("[\\[\\]\" ]", "").split(",");
    for (int i = 0; i < parts.length && i < 2; i++) {
      if (!parts[i].isEmpty() && Character.isDigit(parts[i].charAt(0))) {
        numbers[i] = Long.parseLong(parts[i]);
      }
    }
    return numbers;
  }
}
