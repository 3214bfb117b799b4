package io.fluxcore.adapters.in.cdc;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rows of tables as they are at one place of the log. */
final class BinlogSnapshot {
  private static final System.Logger LOG = System.getLogger(BinlogSnapshot.class.getName());
  private static final int FETCHED = 1000;
  private static final int ANSWER_MILLIS = 600_000;

  private final CdcOptions options;
  private final BinlogKind kind;
  private final Schema wanted;
  private volatile @Nullable Connection open;

  /** Takes what is read. */
  interface Taker {
    /**
     * @param bytes about how large it is
     */
    void take(BinlogChange change, long bytes) throws InterruptedException;
  }

  BinlogSnapshot(CdcOptions options, BinlogKind kind, Schema wanted) {
    this.options = options;
    this.kind = kind;
    this.wanted = wanted;
  }

  /** Reads all rows, and returns the place of the log that they are of. */
  BinlogPosition read(Taker taker) throws SQLException, InterruptedException {
    try (Connection connection = options.connect()) {
      open = connection;
      connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
      // Times come as the log has them, and a reader that is slow is waited for.
      execute(connection, "set session time_zone = '+00:00', net_write_timeout = 31536000");
      execute(connection, "set session transaction isolation level repeatable read");
      BinlogPosition position = kind.beginSnapshot(connection);
      long millis = millis(connection);
      for (String table : options.tables()) {
        read(connection, table, millis, taker);
      }
      execute(connection, "commit");
      return position;
    }
  }

  private static void execute(Connection connection, String statement) throws SQLException {
    try (Statement one = connection.createStatement()) {
      one.execute(statement);
    }
  }

  private static long millis(Connection connection) throws SQLException {
    String seconds = BinlogCatalog.text(connection, "select unix_timestamp(now(3)) * 1000");
    return seconds == null ? 0 : (long) Double.parseDouble(seconds);
  }

  private void read(Connection connection, String table, long millis, Taker taker)
      throws SQLException, InterruptedException {
    BinlogCatalog.Table there = BinlogCatalog.table(connection, table);
    List<String> names = there.columns().stream().map(BinlogColumn::name).toList();
    List<Integer> read = new ArrayList<>();
    for (Field field : wanted.fields()) {
      int index = names.indexOf(field.name());
      if (index >= 0) {
        read.add(index);
      }
    }
    List<String> expressions =
        read.stream().map(index -> expression(there.columns().get(index))).toList();
    String query =
        "select "
            + (expressions.isEmpty() ? "1" : String.join(", ", expressions))
            + " from "
            + BinlogCatalog.quoted(table);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCHED);
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          @Nullable Object[] values = new Object[names.size()];
          long bytes = 200;
          for (int i = 0; i < read.size(); i++) {
            Object value = value(there.columns().get(read.get(i)), rows, i + 1);
            values[read.get(i)] = value;
            bytes += 16 + size(value);
          }
          give(
              taker,
              new BinlogChange(
                  Change.READ,
                  false,
                  new Change.Place(Change.Place.SNAPSHOT, true),
                  Map.of(),
                  table,
                  millis,
                  null,
                  new Row(there, names, values),
                  ""),
              bytes);
        }
      }
    }
  }

  private void give(Taker taker, BinlogChange row, long bytes) throws InterruptedException {
    try {
      taker.take(row, bytes);
    } catch (InterruptedException e) {
      abort(); // a result that is closed before its end is read to its end
      throw e;
    }
  }

  /** Ends reading, wherever it is. Thread-safe. */
  void abort() {
    Connection connection = open;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.log(System.Logger.Level.DEBUG, "the snapshot was ending already", e);
      }
    }
  }

  private static long size(@Nullable Object value) {
    return value instanceof byte[] bytes
        ? bytes.length
        : value instanceof String text ? 2L * text.length() : 16;
  }

  /** Times as texts, and numbers with all of their digits. */
  private static String expression(BinlogColumn column) {
    String name = BinlogCatalog.quotedName(column.name());
    return switch (column.type()) {
      case "float" -> "cast(" + name + " as double)";
      case "bit", "year" -> name + " + 0";
      case "date", "time", "datetime", "timestamp", "uuid" -> "cast(" + name + " as char)";
      case "inet4" -> "cast(" + name + " as binary(4))";
      case "inet6" -> "cast(" + name + " as binary(16))";
      default -> name;
    };
  }

  private static @Nullable Object value(BinlogColumn column, ResultSet rows, int at)
      throws SQLException {
    switch (column.type()) {
      case "float", "double" -> {
        double number = rows.getDouble(at);
        return rows.wasNull() ? null : number;
      }
      case "decimal" -> {
        return rows.getBigDecimal(at);
      }
      case "tinyint", "smallint", "mediumint", "int", "year" -> {
        long number = rows.getLong(at);
        return rows.wasNull() ? null : number;
      }
      default -> {}
    }
    if (column.charset() == null && isBytes(column.type())) {
      return rows.getBytes(at);
    }
    String text = rows.getString(at);
    return text == null ? null : parsed(column, text);
  }

  private static boolean isBytes(String type) {
    return type.endsWith("blob")
        || type.endsWith("binary")
        || type.startsWith("inet")
        || type.equals("geometry")
        || type.endsWith("point")
        || type.endsWith("polygon")
        || type.endsWith("linestring")
        || type.endsWith("collection");
  }

  private static @Nullable Object parsed(BinlogColumn column, String text) {
    try {
      return switch (column.type()) {
        case "bigint", "bit" -> number(text);
        case "date" -> LocalDate.parse(text);
        case "datetime" -> LocalDateTime.parse(text.replace(' ', 'T'));
        case "timestamp" -> LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        case "time" -> time(text);
        default -> text;
      };
    } catch (DateTimeException e) {
      return null; // a date with a month 0, which is null in the log, too
    }
  }

  private static Object number(String text) {
    BigInteger number = new BigInteger(text);
    return number.bitLength() < 64 ? (Object) number.longValue() : number;
  }

  private static Duration time(String text) {
    boolean negative = text.startsWith("-");
    String[] parts = (negative ? text.substring(1) : text).split("[:.]");
    Duration time =
        Duration.ofHours(Long.parseLong(parts[0]))
            .plusMinutes(Long.parseLong(parts[1]))
            .plusSeconds(Long.parseLong(parts[2]));
    if (parts.length > 3) {
      time = time.plusNanos(Long.parseLong((parts[3] + "000000000").substring(0, 9)));
    }
    return negative ? time.negated() : time;
  }

  /** A row of the snapshot, with the values that are asked for. */
  private record Row(BinlogCatalog.Table table, List<String> columns, @Nullable Object[] values)
      implements ChangedRow {
    @Override
    public Object layout() {
      return table;
    }

    @Override
    public void append(Field field, int index, ColumnBuilder builder) {
      Object value = values[index];
      if (value == null) {
        builder.appendNull();
      } else {
        BinlogValue.append(field, table.columns().get(index).type(), value, builder);
      }
    }

    @Override
    public String toString() {
      return columns + " " + Arrays.toString(values);
    }
  }
}
