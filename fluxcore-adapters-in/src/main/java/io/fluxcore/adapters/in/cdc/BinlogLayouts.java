package io.fluxcore.adapters.in.cdc;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventMetadata;
import com.github.shyiko.mysql.binlog.event.TableMapEventMetadata.DefaultCharset;
import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns of tables as they are at a place of the log: by what the log says of them, or, where
 * it says nothing ({@code binlog_row_metadata} is not {@code FULL}), by what the database has now,
 * as long as that goes with the log. For one thread.
 */
final class BinlogLayouts {
  private final CdcOptions options;
  private final Map<String, Known> known = new HashMap<>();
  private final Map<String, BinlogCatalog.Table> catalog = new HashMap<>();
  private @Nullable Map<Integer, String> charsets;

  /** A table, and what the log said of it. */
  private record Known(String said, BinlogTable table) {}

  BinlogLayouts(CdcOptions options) {
    this.options = options;
  }

  /** A statement may have altered the tables that it names. */
  void altered(String statement) {
    String text = statement.toLowerCase(Locale.ROOT);
    for (String name : List.copyOf(known.keySet())) {
      if (text.contains(name.substring(name.indexOf('.') + 1).toLowerCase(Locale.ROOT))) {
        known.remove(name);
        catalog.remove(name);
      }
    }
  }

  /** The table that rows which follow are of. */
  BinlogTable of(TableMapEventData map) throws SQLException {
    String name = map.getDatabase() + "." + map.getTable();
    TableMapEventMetadata more = map.getEventMetadata();
    boolean full = more != null && more.getColumnNames() != null;
    String said =
        Arrays.toString(map.getColumnTypes()) + Arrays.toString(map.getColumnMetadata()) + more;
    Known last = known.get(name);
    if (last == null || !last.said().equals(said)) {
      last = new Known(said, table(name, map, full ? more : null));
      known.put(name, last);
    }
    return last.table();
  }

  private BinlogTable table(
      String name, TableMapEventData map, @Nullable TableMapEventMetadata full)
      throws SQLException {
    int count = map.getColumnTypes().length;
    ColumnType[] types = new ColumnType[count];
    int[] widths = new int[count];
    for (int i = 0; i < count; i++) {
      resolve(map.getColumnTypes()[i] & 0xFF, map.getColumnMetadata()[i], i, types, widths);
    }
    return full == null ? ofCatalog(name, types, widths) : ofLog(name, types, widths, full);
  }

  /** What a column of constant width is: a text, an enumeration, a set. */
  private static void resolve(int code, int meta, int i, ColumnType[] types, int[] widths) {
    types[i] = ColumnType.byCode(code);
    if (types[i] != ColumnType.STRING) {
      return;
    }
    int high = meta >> 8;
    if (high == ColumnType.ENUM.getCode() || high == ColumnType.SET.getCode()) {
      types[i] = ColumnType.byCode(high);
    } else {
      widths[i] = high == 0 ? meta : (meta & 0xFF) | ((high & 0x30) ^ 0x30) << 4;
    }
  }

  private BinlogCatalog.Table catalog(String name) throws SQLException {
    BinlogCatalog.Table table = catalog.get(name);
    if (table == null) {
      try (Connection connection = options.connect()) {
        table = BinlogCatalog.table(connection, name);
      }
      catalog.put(name, table);
    }
    return table;
  }

  private BinlogTable ofCatalog(String name, ColumnType[] types, int[] widths) throws SQLException {
    BinlogCatalog.Table table = catalog(name);
    List<String> wrong = new ArrayList<>();
    if (table.columns().size() != types.length) {
      wrong.add("the log has " + types.length + " columns, the database " + table.columns().size());
    } else {
      for (int i = 0; i < types.length; i++) {
        if (!goesWith(types[i], table.columns().get(i).type())) {
          wrong.add(
              "column '"
                  + table.columns().get(i).name()
                  + "' is "
                  + types[i]
                  + " in the log, and "
                  + table.columns().get(i).type()
                  + " in the database");
        }
      }
    }
    if (!wrong.isEmpty()) {
      throw FluxCoreException.user(
          CdcSource.LAYOUT,
          Place.of("tables"),
          "table '"
              + name
              + "' has been altered since the log was written, which does not say its columns: "
              + String.join("; ", wrong),
          "set binlog_row_metadata = FULL in the server's configuration, so that the log says them;"
              + " this once, start the job without its checkpoint, so that it takes a new snapshot");
    }
    return new BinlogTable(name, table.columns(), types, widths, table.key());
  }

  private static boolean goesWith(ColumnType logged, String type) {
    return switch (logged) {
      case TINY -> type.equals("tinyint");
      case SHORT -> type.equals("smallint");
      case INT24 -> type.equals("mediumint");
      case LONG -> type.equals("int");
      case LONGLONG -> type.equals("bigint");
      case FLOAT -> type.equals("float");
      case DOUBLE -> type.equals("double");
      case NEWDECIMAL -> type.equals("decimal");
      case DATE -> type.equals("date");
      case TIME, TIME_V2 -> type.equals("time");
      case DATETIME, DATETIME_V2 -> type.equals("datetime");
      case TIMESTAMP, TIMESTAMP_V2 -> type.equals("timestamp");
      case YEAR -> type.equals("year");
      case BIT -> type.equals("bit");
      case ENUM -> type.equals("enum");
      case SET -> type.equals("set");
      case VARCHAR, VAR_STRING -> type.startsWith("var");
      case BLOB -> type.endsWith("blob") || type.endsWith("text") || type.equals("json");
      default -> true;
    };
  }

  private BinlogTable ofLog(
      String name, ColumnType[] types, int[] widths, TableMapEventMetadata full)
      throws SQLException {
    List<String> names = full.getColumnNames().stream().map(BinlogLayouts::utf8).toList();
    BitSet unsigned = full.getSignedness() == null ? new BitSet() : full.getSignedness();
    Collations texts = new Collations(full.getDefaultCharset(), full.getColumnCharsets());
    Collations listed =
        new Collations(full.getEnumAndSetDefaultCharset(), full.getEnumAndSetColumnCharsets());
    int enumerations = 0;
    int sets = 0;
    List<BinlogColumn> columns = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      String charset = null;
      List<String> values = List.of();
      switch (types[i]) {
        case STRING, VARCHAR, VAR_STRING, BLOB -> charset = charset(texts.next());
        case ENUM -> values = decoded(full.getEnumStrValues().get(enumerations++), listed.next());
        case SET -> values = decoded(full.getSetStrValues().get(sets++), listed.next());
        default -> {}
      }
      boolean mayBeUuid =
          types[i] == ColumnType.STRING && "binary".equals(charset) && widths[i] == 16;
      columns.add(
          new BinlogColumn(
              names.get(i),
              mayBeUuid ? typeNow(name, names.get(i)) : "",
              unsigned.get(i),
              charset,
              values));
    }
    BitSet key = new BitSet();
    if (full.getSimplePrimaryKeys() != null) {
      full.getSimplePrimaryKeys().forEach(key::set);
    }
    if (full.getPrimaryKeysWithPrefix() != null) {
      full.getPrimaryKeysWithPrefix().keySet().forEach(key::set);
    }
    return new BinlogTable(name, columns, types, widths, key);
  }

  /** The type that a column has now: the log does not tell a UUID from 16 bytes. */
  private String typeNow(String table, String column) throws SQLException {
    return catalog(table).columns().stream()
        .filter(one -> one.name().equals(column))
        .map(BinlogColumn::type)
        .findFirst()
        .orElse("");
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private List<String> decoded(String[] values, int collation) throws SQLException {
    Charset known = BinlogColumn.charset(charset(collation));
    Charset charset = known == null ? StandardCharsets.ISO_8859_1 : known;
    return Arrays.stream(values)
        .map(value -> value.getBytes(StandardCharsets.ISO_8859_1))
        .map(bytes -> new String(bytes, charset))
        .toList();
  }

  private String charset(int collation) throws SQLException {
    Map<Integer, String> all = charsets;
    if (all == null) {
      try (Connection connection = options.connect()) {
        all = BinlogCatalog.charsets(connection);
      }
      charsets = all;
    }
    String name = all.get(collation);
    if (name == null) {
      throw new SQLException("the log has the collation " + collation + ", which is not known");
    }
    return name;
  }

  /** The collations of columns that have one, in their order. */
  private static final class Collations {
    private final @Nullable DefaultCharset common;
    private final @Nullable List<Integer> each;
    private int next;

    Collations(@Nullable DefaultCharset common, @Nullable List<Integer> each) {
      this.common = common;
      this.each = each;
    }

    int next() throws SQLException {
      int column = next++;
      if (each != null && column < each.size()) {
        return each.get(column);
      }
      if (common == null) {
        throw new SQLException("the log does not say the character set of a column");
      }
      Map<Integer, Integer> others = common.getCharsetCollations();
      Integer other = others == null ? null : others.get(column);
      return other == null ? common.getDefaultCharsetCollation() : other;
    }
  }
}
