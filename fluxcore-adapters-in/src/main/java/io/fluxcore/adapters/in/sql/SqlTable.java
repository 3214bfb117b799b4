package io.fluxcore.adapters.in.sql;

import io.fluxcore.domain.error.NearestName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A table as the database has it. Names are found as they were given or, where there is none such,
 * whatever their case.
 *
 * @param schema that it is in; of MariaDB the database
 */
public record SqlTable(SqlDialect dialect, String schema, String name) {

  /**
   * Finds a table or view.
   *
   * @param given its name, or {@code schema.name}
   * @param option that names it
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if there is none, with
   *     those that there are
   */
  public static SqlTable find(
      Connection connection, SqlDialect dialect, String given, String option) throws SQLException {
    int point = given.lastIndexOf('.');
    String name = given.substring(point + 1);
    String schema = point < 0 ? current(connection) : given.substring(0, point);
    SqlTable found = null;
    Set<String> names = new TreeSet<>();
    for (SqlTable table : tables(connection, dialect, schema)) {
      names.add(table.name());
      boolean isSame = table.name().equals(name) && table.schema().equals(schema);
      if (isSame || (found == null && table.name().equalsIgnoreCase(name))) {
        found = table;
      }
    }
    if (found == null) {
      throw SqlErrors.user(
          SqlErrors.NO_TABLE,
          option,
          "there is no table '" + given + "', or the user may not see it",
          NearestName.remedy(name, names, "schema '" + schema + "' has"));
    }
    return found;
  }

  private static List<SqlTable> tables(Connection connection, SqlDialect dialect, String schema)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select table_schema, table_name from information_schema.tables"
                + " where lower(table_schema) = lower(?) order by table_name")) {
      statement.setString(1, schema);
      List<SqlTable> tables = new ArrayList<>();
      try (ResultSet results = statement.executeQuery()) {
        while (results.next()) {
          tables.add(new SqlTable(dialect, results.getString(1), results.getString(2)));
        }
      }
      return tables;
    }
  }

  private static String current(Connection connection) throws SQLException {
    String schema = connection.getSchema();
    String found = schema == null ? connection.getCatalog() : schema;
    return found == null ? "public" : found;
  }

  /** For statements. */
  public String sqlName() {
    return dialect.quoted(schema) + "." + dialect.quoted(name);
  }

  private @Nullable String catalog(Connection connection) throws SQLException {
    return dialect == SqlDialect.MARIADB ? schema : connection.getCatalog();
  }

  private @Nullable String schemaOfMetaData() {
    return dialect == SqlDialect.MARIADB ? null : schema;
  }

  /** The columns of its primary key in their order; empty if it has none. */
  public List<String> primaryKey(Connection connection) throws SQLException {
    Map<Integer, String> columns = new TreeMap<>();
    try (ResultSet results =
        connection.getMetaData().getPrimaryKeys(catalog(connection), schemaOfMetaData(), name)) {
      while (results.next()) {
        columns.put(results.getInt("KEY_SEQ"), results.getString("COLUMN_NAME"));
      }
    }
    return List.copyOf(columns.values());
  }

  /** The columns of each unique index. */
  public List<Set<String>> uniqueIndexes(Connection connection) throws SQLException {
    Map<String, Set<String>> indexes = new LinkedHashMap<>();
    try (ResultSet results =
        connection
            .getMetaData()
            .getIndexInfo(catalog(connection), schemaOfMetaData(), name, true, true)) {
      while (results.next()) {
        String column = results.getString("COLUMN_NAME");
        if (column != null) {
          indexes
              .computeIfAbsent(results.getString("INDEX_NAME"), index -> new TreeSet<>())
              .add(column);
        }
      }
    }
    return List.copyOf(indexes.values());
  }

  /** For people. */
  @Override
  public String toString() {
    return schema + "." + name;
  }
}
