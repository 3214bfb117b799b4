package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.Found;
import io.fluxcore.domain.join.LookupReader;
import io.fluxcore.domain.join.LookupTable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database for the rows of keys, of several in one statement. Statements differ in the
 * number of their keys, which is rounded up to a power of two, so that there are few of them.
 */
final class JdbcLookupReader implements LookupReader {
  private static final int LARGEST_BATCH = 1_024;

  private final JdbcOptions options;
  private final Schema key;
  private final Schema wanted;
  private final Schema columns;
  private final Connections connections;
  private @Nullable Target target;
  private boolean isOpen;
  private boolean isClosed;

  /** Of a row that was found: its key, and the wanted values or what is wrong with them. */
  private record Row(
      List<Object> key, @Nullable Object[] values, @Nullable RecordException error) {}

  JdbcLookupReader(JdbcOptions options, LookupTable table) {
    this.options = options;
    this.key = table.key();
    this.wanted = table.fields();
    this.columns = JdbcLookupConnector.columns(table);
    this.connections = new Connections(options);
  }

  @Override
  public int largestBatch() {
    return LARGEST_BATCH;
  }

  @Override
  public List<Found> ask(List<List<Object>> keys) {
    open();
    List<Row> rows;
    try {
      rows = connections.transaction(connection -> select(connection, target(connection), keys));
    } catch (SQLException e) {
      throw JdbcErrors.of(e, JdbcLookup.DOING, options, 0);
    }
    List<List<Row>> byKey = new ArrayList<>();
    keys.forEach(asked -> byKey.add(new ArrayList<>()));
    Map<List<Object>, Integer> places = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      places.put(comparable(keys.get(i)), i);
    }
    for (Row row : rows) {
      byKey.get(place(places, row.key())).add(row);
    }
    return byKey.stream().map(JdbcLookupReader::found).toList();
  }

  private synchronized void open() {
    if (isClosed) {
      throw new IllegalStateException("the lookup in " + options + " is closed");
    }
    if (!isOpen) {
      connections.open();
      isOpen = true;
    }
  }

  private synchronized Target target(Connection connection) throws SQLException {
    Target known = target;
    if (known == null) {
      known = new Catalogue(connection, options, columns).findToRead();
      target = known;
    }
    return known;
  }

  private List<Row> select(Connection connection, Target from, List<List<Object>> keys)
      throws SQLException {
    int count = Integer.highestOneBit(Math.max(1, 2 * keys.size() - 1));
    try (PreparedStatement statement = connection.prepareStatement(statement(from, count))) {
      statement.setQueryTimeout((int) Math.max(1, options.queryTimeout().toSeconds()));
      int at = 1;
      for (int i = 0; i < count; i++) {
        List<Object> values = keys.get(Math.min(i, keys.size() - 1));
        for (int part = 0; part < key.size(); part++) {
          bind(statement, at++, key.type(part), values.get(part));
        }
      }
      try (ResultSet results = statement.executeQuery()) {
        List<Row> rows = new ArrayList<>();
        while (results.next()) {
          rows.add(row(results));
        }
        return rows;
      }
    }
  }

  private String statement(Target from, int count) {
    List<String> names = from.columns().subList(0, key.size());
    String condition;
    if (names.size() == 1) {
      condition =
          Dialect.quoted(names.get(0))
              + " in ("
              + String.join(", ", Collections.nCopies(count, "?"))
              + ")";
    } else {
      String one =
          names.stream()
              .map(name -> Dialect.quoted(name) + " = ?")
              .collect(Collectors.joining(" and ", "(", ")"));
      condition = String.join(" or ", Collections.nCopies(count, one));
    }
    return "select "
        + Dialect.names(from.columns())
        + " from "
        + from.sqlName()
        + " where "
        + condition;
  }

  private static void bind(PreparedStatement statement, int at, DataType type, Object value)
      throws SQLException {
    switch (type.kind()) {
      case LONG -> statement.setLong(at, (Long) value);
      case DOUBLE -> statement.setDouble(at, (Double) value);
      case BOOLEAN -> statement.setBoolean(at, (Boolean) value);
      case DECIMAL -> statement.setBigDecimal(at, (BigDecimal) value);
      case STRING -> statement.setString(at, (String) value);
      case BYTES -> statement.setBytes(at, (byte[]) value);
      case DATE, TIMESTAMP -> statement.setObject(at, value);
      case TIMESTAMP_TZ -> statement.setObject(at, ((Instant) value).atOffset(ZoneOffset.UTC));
      case NESTED -> throw new IllegalArgumentException("a key cannot be nested");
    }
  }

  private Row row(ResultSet results) throws SQLException {
    List<Object> ofKey = new ArrayList<>(key.size());
    for (int i = 0; i < key.size(); i++) {
      Object value = value(results, i + 1, key.field(i));
      if (value == null) {
        throw new SQLException("the database gave a row without the key that was asked for");
      }
      ofKey.add(value);
    }
    @Nullable Object[] values = new @Nullable Object[wanted.size()];
    try {
      for (int i = 0; i < values.length; i++) {
        Field field = wanted.field(i);
        values[i] = value(results, columns.ordinal(field.name()) + 1, field);
      }
    } catch (RecordException e) {
      return new Row(ofKey, values, e);
    }
    return new Row(ofKey, values, null);
  }

  private static @Nullable Object value(ResultSet results, int at, Field field)
      throws SQLException {
    return switch (field.type().kind()) {
      case LONG -> whole(field, results.getBigDecimal(at));
      case DECIMAL -> decimal(field, results.getBigDecimal(at));
      case DOUBLE -> {
        double value = results.getDouble(at);
        yield results.wasNull() ? null : value;
      }
      case BOOLEAN -> {
        boolean value = results.getBoolean(at);
        yield results.wasNull() ? null : value;
      }
      case STRING -> results.getString(at);
      case BYTES -> results.getBytes(at);
      case DATE -> results.getObject(at, LocalDate.class);
      case TIMESTAMP -> {
        LocalDateTime value = results.getObject(at, LocalDateTime.class);
        yield value == null ? null : value.truncatedTo(ChronoUnit.MICROS);
      }
      case TIMESTAMP_TZ -> {
        OffsetDateTime value = results.getObject(at, OffsetDateTime.class);
        yield value == null ? null : value.toInstant().truncatedTo(ChronoUnit.MICROS);
      }
      case NESTED -> throw new IllegalArgumentException("no column is nested");
    };
  }

  private static @Nullable Long whole(Field field, @Nullable BigDecimal value) {
    try {
      return value == null ? null : value.longValueExact();
    } catch (ArithmeticException e) {
      throw JdbcErrors.value(field.name(), field.name(), value + " is no " + field.type());
    }
  }

  private static @Nullable BigDecimal decimal(Field field, @Nullable BigDecimal value) {
    if (value == null) {
      return null;
    }
    try {
      return value.setScale(field.type().scale());
    } catch (ArithmeticException e) {
      throw JdbcErrors.value(field.name(), field.name(), value + " is no " + field.type());
    }
  }

  /**
   * Which of the keys a row has. A column may take texts for equal that are not, such as one that
   * ignores case; a single key has all rows that were found.
   */
  private int place(Map<List<Object>, Integer> places, List<Object> found) {
    if (places.size() == 1) {
      return 0;
    }
    Integer place = places.get(comparable(found));
    if (place != null) {
      return place;
    }
    throw FluxCoreException.user(
        JdbcErrors.COLUMNS,
        Place.of("table"),
        "table '"
            + options.table()
            + "' gave a row of the key "
            + found
            + ", which is equal to one that was asked for by its column's rules alone",
        "ask for one key at a time: set keysPerCall to 1");
  }

  private static List<Object> comparable(List<Object> values) {
    return values.stream()
        .<Object>map(value -> value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value)
        .toList();
  }

  private static Found found(List<Row> rows) {
    for (Row row : rows) {
      if (row.error() != null) {
        return Found.failed(row.error());
      }
    }
    return Found.of(rows.stream().<@Nullable Object[]>map(Row::values).toList());
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    if (isOpen) {
      isOpen = false;
      connections.close();
    }
  }
}
