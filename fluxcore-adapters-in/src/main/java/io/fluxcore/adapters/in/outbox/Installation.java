package io.fluxcore.adapters.in.outbox;

import io.fluxcore.adapters.in.sql.SqlDialect;
import io.fluxcore.adapters.in.sql.SqlTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The outbox and the triggers in a database: what is missing of them, and the statements that make
 * it. A trigger writes each change of a row to the outbox, in the transaction of the change.
 */
final class Installation {
  /** Triggers of MariaDB, one for each kind of change: what it says of it, and the rows it has. */
  private static final Map<String, String> MARIADB_KINDS =
      Map.of("insert", "c", "update", "u", "delete", "d");

  private static final Set<String> BINARIES =
      Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit");

  private final OutboxSettings settings;
  private final SqlDialect dialect;

  Installation(OutboxSettings settings) {
    this.settings = settings;
    this.dialect = settings.database().dialect();
  }

  /**
   * The statements that make what is missing.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if a table is not there
   */
  List<String> missing(Connection connection) throws SQLException {
    List<SqlTable> tables = new ArrayList<>();
    for (String table : settings.tables()) {
      tables.add(SqlTable.find(connection, dialect, table, "tables"));
    }
    return dialect == SqlDialect.POSTGRESQL
        ? missingInPostgres(connection, tables)
        : missingInMariaDb(connection, tables);
  }

  /** Makes what is missing. */
  void install(Connection connection) throws SQLException {
    for (String one : missing(connection)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(one);
      }
    }
    connection.commit();
  }

  private static boolean isThere(Connection connection, String query, String... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }

  private List<String> missingInPostgres(Connection connection, List<SqlTable> tables)
      throws SQLException {
    String outbox = settings.outbox();
    List<String> statements = new ArrayList<>();
    if (!isThere(connection, "select 1 from pg_class where oid = to_regclass(?)", outbox)) {
      statements.add(
          "create table "
              + outbox
              + " (id bigserial primary key, changed_at timestamptz not null default"
              + " clock_timestamp(), table_schema text not null, table_name text not null, op text"
              + " not null, row_before json, row_after json)");
    }
    String function = outbox + "_write";
    if (!isThere(
        connection,
        "select 1 from pg_proc where proname = ? and pg_function_is_visible(oid)",
        function)) {
      statements.add(
          "create function "
              + function
              + "() returns trigger language plpgsql security definer set search_path from current"
              + " as $$ begin insert into "
              + outbox
              + " (table_schema, table_name, op, row_before, row_after) values (tg_table_schema,"
              + " tg_table_name, case tg_op when 'INSERT' then 'c' when 'UPDATE' then 'u' when"
              + " 'DELETE' then 'd' else 't' end, case when tg_op in ('UPDATE', 'DELETE') then"
              + " to_json(old) end, case when tg_op in ('INSERT', 'UPDATE') then to_json(new)"
              + " end); return null; end $$");
    }
    for (SqlTable table : tables) {
      addTrigger(
          connection,
          outbox + "_rows",
          "after insert or update or delete",
          "row",
          table,
          statements);
      addTrigger(connection, outbox + "_all", "after truncate", "statement", table, statements);
    }
    return statements;
  }

  private void addTrigger(
      Connection connection,
      String name,
      String when,
      String each,
      SqlTable table,
      List<String> statements)
      throws SQLException {
    if (!isThere(
        connection,
        "select 1 from pg_trigger where tgname = ? and tgrelid = to_regclass(?)",
        name,
        table.sqlName())) {
      statements.add(
          "create trigger "
              + name
              + " "
              + when
              + " on "
              + table.sqlName()
              + " for each "
              + each
              + " execute function "
              + settings.outbox()
              + "_write()");
    }
  }

  private List<String> missingInMariaDb(Connection connection, List<SqlTable> tables)
      throws SQLException {
    String outbox = settings.outbox();
    List<String> statements = new ArrayList<>();
    if (!isThere(
        connection,
        "select 1 from information_schema.tables where table_schema = database() and table_name ="
            + " ?",
        outbox)) {
      statements.add(
          "create table "
              + outbox
              + " (id bigint auto_increment primary key, changed_at timestamp(6) not null default"
              + " current_timestamp(6), table_schema varchar(64) not null, table_name varchar(64)"
              + " not null, op varchar(1) not null, row_before longtext, row_after longtext)"
              + " engine = InnoDB default character set utf8mb4");
    }
    for (SqlTable table : tables) {
      for (String kind : List.of("insert", "update", "delete")) {
        String name = triggerName(table, kind);
        if (!isThere(
            connection,
            "select 1 from information_schema.triggers where trigger_schema = ? and trigger_name ="
                + " ?",
            table.schema(),
            name)) {
          statements.add(mariaDbTrigger(connection, table, kind, name));
        }
      }
    }
    return statements;
  }

  /** Names of triggers are of the whole database, and have at most 64 characters. */
  private String triggerName(SqlTable table, String kind) {
    String hash = String.format(Locale.ROOT, "%08x", table.name().hashCode());
    return settings.outbox() + "_" + hash + "_" + kind;
  }

  private String mariaDbTrigger(Connection connection, SqlTable table, String kind, String name)
      throws SQLException {
    return "create trigger "
        + dialect.quoted(table.schema())
        + "."
        + dialect.quoted(name)
        + " after "
        + kind
        + " on "
        + table.sqlName()
        + " for each row insert into "
        + dialect.quoted(String.valueOf(connection.getCatalog()))
        + "."
        + settings.outbox()
        + " (table_schema, table_name, op, row_before, row_after) values ("
        + text(table.schema())
        + ", "
        + text(table.name())
        + ", '"
        + MARIADB_KINDS.get(kind)
        + "', "
        + (kind.equals("insert") ? "null" : object(connection, table, "old"))
        + ", "
        + (kind.equals("delete") ? "null" : object(connection, table, "new"))
        + ")";
  }

  private static String text(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  private String object(Connection connection, SqlTable table, String row) throws SQLException {
    List<String> members = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select column_name, data_type from information_schema.columns where table_schema = ?"
                + " and table_name = ? order by ordinal_position")) {
      statement.setString(1, table.schema());
      statement.setString(2, table.name());
      try (ResultSet columns = statement.executeQuery()) {
        while (columns.next()) {
          String column = columns.getString(1);
          String value = row + "." + dialect.quoted(column);
          boolean isBinary = BINARIES.contains(columns.getString(2).toLowerCase(Locale.ROOT));
          members.add(text(column) + ", " + (isBinary ? "to_base64(" + value + ")" : value));
        }
      }
    }
    return "json_object(" + String.join(", ", members) + ")";
  }
}
