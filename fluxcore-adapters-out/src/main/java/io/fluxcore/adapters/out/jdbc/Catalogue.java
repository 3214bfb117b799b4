package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.adapters.out.jdbc.Target.ColumnFacts;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the database says of the table. Names are found as they were given or, where there is none
 * such, whatever their case.
 */
final class Catalogue {
  private static final int LISTED_NAMES = 30;

  private final Connection connection;
  private final JdbcOptions options;
  private final Schema rows;

  Catalogue(Connection connection, JdbcOptions options, Schema rows) {
    this.connection = connection;
    this.options = options;
    this.rows = rows;
  }

  /** The table, and what its columns hold. */
  record Found(Target target, List<ColumnFacts> facts) {}

  /** The names of a table, as they are in the database. */
  private record TableName(String schema, String table) {}

  /**
   * Looks the table up, and whether rows fit.
   *
   * @return null if it is missing and is to be made
   * @throws FluxCoreException of category USER with everything that is wrong
   */
  @Nullable Found find() throws SQLException {
    TableName name = table();
    if (name != null) {
      return matched(name, true);
    }
    if (options.createTable()) {
      return null;
    }
    throw noTable("; or set createTable");
  }

  /**
   * The table as it is to be read, whatever its other columns need.
   *
   * @throws FluxCoreException of category USER with everything that is wrong
   */
  Target findToRead() throws SQLException {
    TableName name = table();
    if (name == null) {
      throw noTable("");
    }
    return matched(name, false).target();
  }

  private FluxCoreException noTable(String otherwise) throws SQLException {
    String schema = schema(schemaGiven());
    return JdbcErrors.user(
        JdbcErrors.NO_TABLE,
        "table",
        "there is no table '" + options.table() + "' in " + options.url(),
        NearestName.remedy(tableGiven(), tables(schema), "schema '" + schema + "' has")
            + otherwise);
  }

  /** As {@link #find}, and makes a table that is missing. */
  Found findOrCreate() throws SQLException {
    Found found = find();
    if (found != null) {
      return found;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(definition());
    } catch (SQLException e) {
      if (table() == null) {
        throw e;
      }
      throw new Connections.LostRaceException(e); // another writer was faster
    }
    Found made = find();
    if (made == null) {
      throw new SQLException("table " + options.table() + " was made and is not there");
    }
    return made;
  }

  private String definition() throws SQLException {
    List<String> columns = new ArrayList<>();
    for (Field field : rows.fields()) {
      columns.add(
          Dialect.quoted(newName(options.column(field.name())))
              + " "
              + options.dialect().typeName(field.type())
              + (options.keyFields().contains(field.name()) ? " not null" : ""));
    }
    List<String> keys = new ArrayList<>();
    for (String field : options.keyFields()) {
      keys.add(newName(options.column(field)));
    }
    return "create table "
        + Dialect.quoted(schema(schemaGiven()))
        + "."
        + Dialect.quoted(newName(tableGiven()))
        + " ("
        + String.join(", ", columns)
        + (keys.isEmpty() ? "" : ", primary key (" + Dialect.names(keys) + ")")
        + ")";
  }

  /** A name as the database has it where it is written without quotes, if it can be so written. */
  private String newName(String given) throws SQLException {
    if (!given.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      return given;
    }
    DatabaseMetaData about = connection.getMetaData();
    if (about.storesUpperCaseIdentifiers()) {
      return given.toUpperCase(Locale.ROOT);
    }
    return about.storesLowerCaseIdentifiers() ? given.toLowerCase(Locale.ROOT) : given;
  }

  private @Nullable String schemaGiven() {
    int point = options.table().lastIndexOf('.');
    return point < 0 ? null : options.table().substring(0, point);
  }

  private String tableGiven() {
    return options.table().substring(options.table().lastIndexOf('.') + 1);
  }

  private String schema(@Nullable String given) throws SQLException {
    if (given == null) {
      String current = connection.getSchema();
      return current == null ? "public" : current;
    }
    return matching(given, schemas());
  }

  private List<String> schemas() throws SQLException {
    return texts("select schema_name from information_schema.schemata");
  }

  private List<String> tables(String schema) throws SQLException {
    return texts(
        "select table_name from information_schema.tables where table_schema = ?"
            + " order by table_name",
        schema);
  }

  private List<String> texts(String sql, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet results = statement.executeQuery()) {
        List<String> texts = new ArrayList<>();
        while (results.next()) {
          texts.add(results.getString(1));
        }
        return texts;
      }
    }
  }

  /** The name as it was given, or the one that differs in case; as given if there is none. */
  private static String matching(String given, Iterable<String> names) {
    String found = given;
    for (String name : names) {
      if (name.equals(given)) {
        return name;
      }
      if (name.equalsIgnoreCase(given)) {
        found = name;
      }
    }
    return found;
  }

  private @Nullable TableName table() throws SQLException {
    String schema = schema(schemaGiven());
    List<String> tables = tables(schema);
    String name = matching(tableGiven(), tables);
    return tables.contains(name) ? new TableName(schema, name) : null;
  }

  private Found matched(TableName name, boolean isWritten) throws SQLException {
    Map<String, ColumnFacts> columns = columns(name);
    List<Diagnostic> problems = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<ColumnFacts> facts = new ArrayList<>();
    for (Field field : rows.fields()) {
      String wanted = options.column(field.name());
      ColumnFacts column = columns.get(matching(wanted, columns.keySet()));
      if (column == null) {
        problems.add(
            problem(
                "table '"
                    + options.table()
                    + "' has no column '"
                    + wanted
                    + "' for field '"
                    + field.name()
                    + "'",
                "map the field with option 'columns', leave it out before the sink, or add the"
                    + " column; the table has "
                    + described(columns)));
      } else if (!takes(column, field.type())) {
        problems.add(
            problem(
                "column '"
                    + column.name()
                    + "' of table '"
                    + options.table()
                    + "' is "
                    + column.typeName()
                    + ", which does not take field '"
                    + field.name()
                    + "' of type "
                    + field.type(),
                "convert the field before the sink, or map it to another column; the table has "
                    + described(columns)));
      } else {
        names.add(column.name());
        facts.add(column);
      }
    }
    if (isWritten) {
      missingValues(columns, names, problems);
    }
    List<String> keys = keys(names);
    if (problems.isEmpty() && !keys.isEmpty()) {
      checkKeys(name, keys, problems);
    }
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    return new Found(new Target(name.schema(), name.table(), rows, names, keys), facts);
  }

  private List<String> keys(List<String> names) {
    List<String> keys = new ArrayList<>();
    if (names.size() == rows.size()) {
      options.keyFields().forEach(field -> keys.add(names.get(rows.indexOf(field))));
    }
    return keys;
  }

  private void missingValues(
      Map<String, ColumnFacts> columns, List<String> names, List<Diagnostic> problems) {
    for (ColumnFacts column : columns.values()) {
      if (!column.isNullable() && !column.hasDefault() && !names.contains(column.name())) {
        problems.add(
            problem(
                "column '"
                    + column.name()
                    + "' of table '"
                    + options.table()
                    + "' needs a value, and no field gives one",
                "give the rows a field '"
                    + column.name()
                    + "' or the column a default; fields are "
                    + String.join(", ", rows.fieldNames())));
      }
    }
  }

  private static Diagnostic problem(String message, String remedy) {
    return Diagnostic.error(JdbcErrors.COLUMNS, Place.of("table"), message, remedy);
  }

  private static String described(Map<String, ColumnFacts> columns) {
    String list =
        columns.values().stream()
            .limit(LISTED_NAMES)
            .map(column -> column.name() + " (" + column.typeName() + ")")
            .collect(Collectors.joining(", "));
    return columns.size() > LISTED_NAMES
        ? list + " and " + (columns.size() - LISTED_NAMES) + " more"
        : list;
  }

  private Map<String, ColumnFacts> columns(TableName name) throws SQLException {
    DatabaseMetaData about = connection.getMetaData();
    Map<String, ColumnFacts> columns = new LinkedHashMap<>();
    try (ResultSet results =
        about.getColumns(
            connection.getCatalog(),
            escaped(about, name.schema()),
            escaped(about, name.table()),
            null)) {
      while (results.next()) {
        String column = results.getString("COLUMN_NAME");
        boolean made =
            results.getString("COLUMN_DEF") != null
                || "YES".equals(results.getString("IS_AUTOINCREMENT"))
                || "YES".equals(results.getString("IS_GENERATEDCOLUMN"));
        columns.put(
            column,
            new ColumnFacts(
                column,
                results.getInt("DATA_TYPE"),
                results.getString("TYPE_NAME"),
                results.getInt("COLUMN_SIZE"),
                !"NO".equals(results.getString("IS_NULLABLE")),
                made));
      }
    }
    return columns;
  }

  private static String escaped(DatabaseMetaData about, String name) throws SQLException {
    String escape = about.getSearchStringEscape();
    return name.replace(escape, escape + escape)
        .replace("_", escape + "_")
        .replace("%", escape + "%");
  }

  private void checkKeys(TableName name, List<String> keys, List<Diagnostic> problems)
      throws SQLException {
    Map<String, Set<String>> unique = new TreeMap<>();
    try (ResultSet results =
        connection
            .getMetaData()
            .getIndexInfo(connection.getCatalog(), name.schema(), name.table(), true, true)) {
      while (results.next()) {
        String column = results.getString("COLUMN_NAME");
        if (column != null) {
          unique
              .computeIfAbsent(results.getString("INDEX_NAME"), index -> new TreeSet<>())
              .add(column);
        }
      }
    }
    if (!unique.containsValue(new TreeSet<>(keys))) {
      problems.add(
          Diagnostic.error(
              JdbcErrors.COLUMNS,
              Place.of("key"),
              "table '"
                  + options.table()
                  + "' has no primary key or unique index of "
                  + String.join(", ", keys)
                  + ", by which a row could replace another",
              unique.isEmpty()
                  ? "make one"
                  : "make one, or name the fields of one that it has: " + unique.values()));
    }
  }

  /** Whether a column takes values of a type, save single ones that are too large for it. */
  private static boolean takes(ColumnFacts column, DataType type) {
    int sql = column.type();
    return switch (type.kind()) {
      case BOOLEAN -> sql == Types.BOOLEAN || sql == Types.BIT;
      case LONG ->
          Set.of(Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT).contains(sql)
              || isExact(sql);
      case DOUBLE -> Set.of(Types.REAL, Types.FLOAT, Types.DOUBLE).contains(sql);
      case DECIMAL -> isExact(sql);
      case STRING ->
          Set.of(Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB, Types.OTHER)
                  .contains(sql)
              || Set.of(Types.NCHAR, Types.NVARCHAR, Types.SQLXML).contains(sql);
      case BYTES ->
          Set.of(Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB).contains(sql);
      case DATE -> sql == Types.DATE;
      case TIMESTAMP -> sql == Types.TIMESTAMP && !isZoned(column);
      case TIMESTAMP_TZ -> isZoned(column);
      case NESTED -> false;
    };
  }

  private static boolean isExact(int sql) {
    return sql == Types.NUMERIC || sql == Types.DECIMAL;
  }

  /** PostgreSQL's driver gives both timestamps one type. */
  private static boolean isZoned(ColumnFacts column) {
    return column.type() == Types.TIMESTAMP_WITH_TIMEZONE
        || column.typeName().equals("timestamptz");
  }
}
