package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows to a table and deletes them within a transaction, several at a time. Rows that the
 * database does not accept are found one by one and set aside; of rows of one key that are sent
 * together only the last is, which is what would be left of them. Not thread-safe.
 */
final class TargetRows implements AutoCloseable {
  /** Refused rows that are remembered until the end of the transaction. */
  private static final int MAX_REFUSED = 10_000;

  private final Connection connection;
  private final Target target;
  private final int batchSize;
  private final int[] keys;
  private final PreparedStatement statement;
  private @Nullable PreparedStatement deletion;
  private final Map<Object, Row> pending = new LinkedHashMap<>();
  private final List<Refused> refused = new ArrayList<>();

  /** A physical row of a batch. */
  record Row(EventBatch batch, int row) {
    private boolean isDeletion() {
      return batch.rowKind(row) == RowKind.DELETE;
    }
  }

  /** A row that the database does not accept. */
  record Refused(Row row, RecordException why) {
    void tell(RecordFailures failures) {
      failures.failed(row.batch(), row.row(), why);
    }
  }

  TargetRows(Connection connection, Dialect dialect, Target target, int batchSize)
      throws SQLException {
    this.connection = connection;
    this.target = target;
    this.batchSize = batchSize;
    this.keys = target.keyOrdinals();
    this.statement = connection.prepareStatement(target.statement(dialect));
  }

  void add(EventBatch batch, int row) throws SQLException {
    Object key = key(batch, row);
    pending.remove(key);
    pending.put(key, new Row(batch, row));
    if (pending.size() >= batchSize) {
      send();
    }
  }

  private Object key(EventBatch batch, int row) {
    if (keys.length == 0) {
      return new Object();
    }
    List<Object> key = new ArrayList<>(keys.length);
    for (int ordinal : keys) {
      Object value = batch.column(ordinal).get(row);
      key.add(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : String.valueOf(value));
    }
    return key;
  }

  /** Sends what was added. */
  void send() throws SQLException {
    if (pending.isEmpty()) {
      return;
    }
    List<Row> rows = List.copyOf(pending.values());
    Savepoint before = connection.setSavepoint();
    try {
      sendBatch(rows.stream().filter(Row::isDeletion).toList());
      sendBatch(rows.stream().filter(row -> !row.isDeletion()).toList());
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      clearBatches();
      if (!JdbcErrors.isOfTheRow(JdbcErrors.innermost(e))) {
        throw e;
      }
      connection.rollback(before);
      sendOneByOne(rows);
    }
    pending.clear();
  }

  private void sendBatch(List<Row> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    PreparedStatement of = null;
    for (Row row : rows) {
      of = bound(row);
      of.addBatch();
    }
    Objects.requireNonNull(of).executeBatch();
  }

  private void clearBatches() throws SQLException {
    statement.clearBatch();
    if (deletion != null) {
      deletion.clearBatch();
    }
  }

  private void sendOneByOne(List<Row> rows) throws SQLException {
    for (Row row : rows) {
      Savepoint before = connection.setSavepoint();
      try {
        bound(row).executeUpdate();
        connection.releaseSavepoint(before);
      } catch (SQLException e) {
        SQLException why = JdbcErrors.innermost(e);
        if (!JdbcErrors.isOfTheRow(why)) {
          throw e;
        }
        connection.rollback(before);
        if (refused.size() == MAX_REFUSED) {
          throw new SQLException(
              "more than "
                  + MAX_REFUSED
                  + " rows of one transaction are refused, the last one: "
                  + why.getMessage(),
              why.getSQLState(),
              why);
        }
        refused.add(new Refused(row, JdbcErrors.row(target.name(), why)));
      }
    }
  }

  /** The rows that were refused so far. */
  List<Refused> refused() {
    return refused;
  }

  /** The statement that writes or deletes a row, with its values. */
  private PreparedStatement bound(Row row) throws SQLException {
    Column[] columns = row.batch().columns();
    if (row.isDeletion()) {
      PreparedStatement delete = deletion();
      for (int i = 0; i < keys.length; i++) {
        bind(delete, i + 1, columns[keys[i]], row.row());
      }
      return delete;
    }
    for (int i = 0; i < columns.length; i++) {
      bind(statement, i + 1, columns[i], row.row());
    }
    return statement;
  }

  private PreparedStatement deletion() throws SQLException {
    PreparedStatement delete = deletion;
    if (delete == null) {
      delete = connection.prepareStatement(target.deletion());
      deletion = delete;
    }
    return delete;
  }

  private static void bind(PreparedStatement statement, int at, Column column, int row)
      throws SQLException {
    if (column.isNull(row)) {
      statement.setNull(at, sqlType(column.type()));
    } else if (column instanceof LongColumn longs) {
      bindLong(statement, at, column.type(), longs.values()[row]);
    } else if (column instanceof DoubleColumn doubles) {
      statement.setDouble(at, doubles.values()[row]);
    } else if (column instanceof StringColumn strings) {
      statement.setString(at, strings.value(row));
    } else if (column instanceof BooleanColumn booleans) {
      statement.setBoolean(at, booleans.value(row));
    } else if (column instanceof DecimalColumn decimals) {
      statement.setBigDecimal(at, decimals.value(row));
    } else if (column instanceof BytesColumn bytes) {
      statement.setBytes(at, bytes.value(row));
    } else {
      throw new IllegalStateException(column.type() + " was not refused");
    }
  }

  private static void bindLong(PreparedStatement statement, int at, DataType type, long value)
      throws SQLException {
    if (type.kind() == DataType.Kind.LONG) {
      statement.setLong(at, value);
    } else if (type.kind() == DataType.Kind.TIMESTAMP_TZ) {
      Instant instant = Values.instant(value);
      statement.setObject(at, instant.atOffset(ZoneOffset.UTC));
    } else {
      statement.setObject(at, Values.ofLong(type, value));
    }
  }

  private static int sqlType(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Types.BOOLEAN;
      case LONG -> Types.BIGINT;
      case DOUBLE -> Types.DOUBLE;
      case DECIMAL -> Types.NUMERIC;
      case STRING -> Types.VARCHAR;
      case BYTES -> Types.BINARY;
      case DATE -> Types.DATE;
      case TIMESTAMP -> Types.TIMESTAMP;
      case TIMESTAMP_TZ -> Types.TIMESTAMP_WITH_TIMEZONE;
      case NESTED -> Types.OTHER;
    };
  }

  @Override
  public void close() throws SQLException {
    statement.close();
    if (deletion != null) {
      deletion.close();
    }
  }
}
