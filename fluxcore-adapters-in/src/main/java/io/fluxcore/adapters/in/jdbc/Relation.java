package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.adapters.in.sql.SqlColumn;
import io.fluxcore.adapters.in.sql.SqlDialect;
import io.fluxcore.adapters.in.sql.SqlTable;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows that are read: a table or query as the database has it. Immutable.
 *
 * @param from what stands behind {@code from} in statements
 * @param fields the columns of the wanted fields, in their order
 * @param order the increasing column and those of the key; empty: there is no order
 */
record Relation(JdbcSettings settings, String from, List<SqlColumn> fields, List<KeyColumn> order) {
  private static final System.Logger LOG = System.getLogger(Relation.class.getName());

  Relation {
    fields = List.copyOf(fields);
    order = List.copyOf(order);
  }

  /**
   * Looks at the table or query.
   *
   * @param wanted fields that must be there
   * @throws FluxCoreException of category USER with all that does not fit
   */
  static Relation look(Connection connection, JdbcSettings settings, Schema wanted)
      throws SQLException {
    SqlDialect dialect = settings.database().dialect();
    String given = settings.table();
    SqlTable table = given == null ? null : SqlTable.find(connection, dialect, given, "table");
    String from = table == null ? "(" + settings.query() + ") fluxcore_rows" : table.sqlName();
    List<SqlColumn> columns = columns(connection, from);
    List<Diagnostic> problems = new ArrayList<>();
    List<SqlColumn> fields = new ArrayList<>();
    for (Field field : wanted.fields()) {
      String name = settings.columns().getOrDefault(field.name(), field.name());
      SqlColumn column = SqlColumn.find(columns, name);
      if (column == null) {
        problems.add(
            JdbcErrors.column(
                "columns",
                settings.what() + " has no column '" + name + "' for field '" + field.name() + "'",
                "it has " + described(columns)));
      } else if (!column.fits(field.type())) {
        problems.add(
            JdbcErrors.column(
                "schema",
                "column "
                    + column
                    + " of "
                    + settings.what()
                    + " does not give a field of type "
                    + field.type(),
                "use or declare the field as another type, or convert it in a query"));
      } else {
        fields.add(column);
      }
    }
    List<KeyColumn> order = order(connection, settings, table, columns, problems);
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    return new Relation(settings, from, fields, order);
  }

  private static List<SqlColumn> columns(Connection connection, String from) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("select * from " + from + " where 1 = 0");
        ResultSet nothing = statement.executeQuery()) {
      return SqlColumn.of(nothing.getMetaData());
    }
  }

  private static String described(List<SqlColumn> columns) {
    return columns.stream().map(SqlColumn::toString).collect(Collectors.joining(", "));
  }

  private static List<KeyColumn> order(
      Connection connection,
      JdbcSettings settings,
      @Nullable SqlTable table,
      List<SqlColumn> columns,
      List<Diagnostic> problems)
      throws SQLException {
    String increasing = settings.column();
    if (increasing == null) {
      return List.of();
    }
    List<KeyColumn> order = new ArrayList<>();
    KeyColumn first = keyColumn("column", increasing, settings, columns, problems);
    List<String> key = settings.key();
    if (first == null) {
      key.forEach(name -> keyColumn("key", name, settings, columns, problems));
      return List.of();
    }
    order.add(first);
    if (settings.splits() > 1 && first.kind() != KeyColumn.Kind.INTEGER) {
      problems.add(
          JdbcErrors.column(
              "splits",
              "column " + first.column() + " is no whole number, by which rows could be parted",
              "leave the option out, or take another column"));
    }
    if (first.column().isNullable()) {
      LOG.log(
          Level.WARNING,
          "rows of {0} without a value of column {1} are not read",
          settings.what(),
          first.name());
    }
    if (key.isEmpty() && table != null) {
      key = defaultKey(connection, settings, table, first, problems);
    }
    for (String name : key) {
      if (!name.equalsIgnoreCase(first.name())) {
        KeyColumn column = keyColumn("key", name, settings, columns, problems);
        if (column != null) {
          order.add(column);
        }
      }
    }
    return order;
  }

  /** Nothing, if the column alone is unique. */
  private static List<String> defaultKey(
      Connection connection,
      JdbcSettings settings,
      SqlTable table,
      KeyColumn first,
      List<Diagnostic> problems)
      throws SQLException {
    List<String> primary = table.primaryKey(connection);
    if (!primary.isEmpty()) {
      return primary.equals(List.of(first.name())) ? List.of() : primary;
    }
    Set<String> alone = new HashSet<>(List.of(first.name()));
    if (table.uniqueIndexes(connection).stream().noneMatch(alone::equals)) {
      problems.add(
          JdbcErrors.column(
              "key",
              settings.what()
                  + " has no primary key by which rows of one value of column "
                  + first.name()
                  + " could be told apart",
              "name columns in 'key' that together with it are unique; or the column itself, if it"
                  + " is"));
    }
    return List.of();
  }

  private static @Nullable KeyColumn keyColumn(
      String option,
      String name,
      JdbcSettings settings,
      List<SqlColumn> columns,
      List<Diagnostic> problems) {
    SqlColumn column = SqlColumn.find(columns, name);
    if (column == null) {
      problems.add(
          JdbcErrors.column(
              option,
              settings.what() + " has no column '" + name + "'",
              "it has " + described(columns)));
      return null;
    }
    KeyColumn key = KeyColumn.of(column);
    if (key == null) {
      problems.add(
          JdbcErrors.column(
              option,
              "column " + column + " of " + settings.what() + " has no exact order",
              "take a column of whole numbers, decimals, times, dates or texts"));
    }
    return key;
  }

  KeyColumn first() {
    return order.get(0);
  }

  private String quoted(String name) {
    return settings.database().dialect().quoted(name);
  }

  /** The largest value of the increasing column. */
  String largest() {
    return "select max(" + quoted(first().name()) + ") from " + from;
  }

  /** All rows, in no order. */
  String all() {
    return "select " + selected() + " from " + from;
  }

  private String selected() {
    List<String> names = new ArrayList<>();
    fields.forEach(column -> names.add(quoted(column.name())));
    order.forEach(column -> names.add(quoted(column.name())));
    return names.isEmpty() ? "1" : String.join(", ", names);
  }

  /**
   * The next rows.
   *
   * @param values how many of the order's columns the position has
   * @param hasBound whether there is a largest value
   * @param split the number of the split
   */
  String next(int values, boolean hasBound, int split, int limit) {
    List<String> conditions = new ArrayList<>();
    String column = quoted(first().name());
    conditions.add(column + " is not null");
    if (values == 1) {
      conditions.add(column + " > ?");
    } else if (values > 1) {
      // The first condition alone lets an index be used.
      conditions.add(column + " >= ?");
      conditions.add(behind(values));
    }
    if (hasBound) {
      conditions.add(column + " <= ?");
    }
    int splits = settings.splits();
    if (splits > 1) {
      conditions.add(
          "mod(mod(" + column + ", " + splits + ") + " + splits + ", " + splits + ") = " + split);
    }
    return "select "
        + selected()
        + " from "
        + from
        + " where "
        + String.join(" and ", conditions)
        + " order by "
        + order.stream().map(key -> quoted(key.name())).collect(Collectors.joining(", "))
        + " limit "
        + limit;
  }

  private String behind(int values) {
    StringBuilder condition = new StringBuilder();
    for (int i = 0; i < values; i++) {
      String column = quoted(order.get(i).name());
      if (i == values - 1) {
        condition.append(column).append(" > ?");
      } else {
        condition.append("(").append(column).append(" > ? or (").append(column).append(" = ? and ");
      }
    }
    return condition.append("))".repeat(values - 1)).toString();
  }
}
