package io.fluxcore.adapters.in.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the database says of its tables now. */
final class BinlogCatalog {
  private BinlogCatalog() {}

  /**
   * A table.
   *
   * @param key of its columns, those of the primary key
   */
  record Table(List<BinlogColumn> columns, BitSet key) {}

  /**
   * The columns of a table; none if it is not there.
   *
   * @param name with its database
   */
  static Table table(Connection connection, String name) throws SQLException {
    List<BinlogColumn> columns = new ArrayList<>();
    BitSet key = new BitSet();
    int dot = name.indexOf('.');
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select column_name, data_type, column_type, character_set_name, column_key from"
                + " information_schema.columns where table_schema = ? and table_name = ?"
                + " order by ordinal_position")) {
      statement.setString(1, name.substring(0, dot));
      statement.setString(2, name.substring(dot + 1));
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          String type = found.getString(2).toLowerCase(Locale.ROOT);
          String whole = found.getString(3);
          if ("PRI".equals(found.getString(5))) {
            key.set(columns.size());
          }
          columns.add(
              new BinlogColumn(
                  found.getString(1),
                  type,
                  whole.toLowerCase(Locale.ROOT).contains(" unsigned"),
                  found.getString(4),
                  type.equals("enum") || type.equals("set")
                      ? BinlogColumn.values(whole)
                      : List.of()));
        }
      }
    }
    return new Table(columns, key);
  }

  /** Character sets by the numbers of their collations. */
  static Map<Integer, String> charsets(Connection connection) throws SQLException {
    Map<Integer, String> charsets = new HashMap<>();
    // MariaDB's newer collations go with several character sets, and are in the second one only.
    for (String table : List.of("collations", "collation_character_set_applicability")) {
      try (Statement statement = connection.createStatement();
          ResultSet found = statement.executeQuery("select * from information_schema." + table)) {
        ResultSetMetaData columns = found.getMetaData();
        boolean numbered = false;
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          numbered |= columns.getColumnLabel(i).equalsIgnoreCase("id");
        }
        while (numbered && found.next()) {
          String charset = found.getString("character_set_name");
          int id = found.getInt("id");
          if (charset != null && !found.wasNull()) {
            charsets.put(id, charset);
          }
        }
      }
    }
    return charsets;
  }

  /** The first column of the first row, or null. */
  static @Nullable String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      return found.next() ? found.getString(1) : null;
    }
  }

  /** The value of one of the server's variables; null if it has none of the name. */
  static @Nullable String variable(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("show global variables where variable_name = '" + name + "'")) {
      return found.next() ? found.getString(2) : null;
    }
  }

  /** The names of a table and its database, in a statement. */
  static String quoted(String table) {
    int dot = table.indexOf('.');
    return quotedName(table.substring(0, dot)) + "." + quotedName(table.substring(dot + 1));
  }

  static String quotedName(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
