package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.adapters.in.sql.SqlColumn;
import io.fluxcore.domain.event.EventBatch;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A column by which rows are ordered, and its values as texts of positions. */
record KeyColumn(SqlColumn column, Kind kind) {
  /** How values are compared and written. */
  enum Kind {
    INTEGER,
    DECIMAL,
    LOCAL_TIME,
    ZONED_TIME,
    DATE,
    TEXT;

    boolean isNumber() {
      return this == INTEGER || this == DECIMAL;
    }

    boolean isTime() {
      return this == LOCAL_TIME || this == ZONED_TIME || this == DATE;
    }
  }

  /** That of a column; null where its values have no exact order. */
  static @Nullable KeyColumn of(SqlColumn column) {
    Kind kind =
        column.isInteger()
            ? Kind.INTEGER
            : column.isDecimal()
                ? Kind.DECIMAL
                : column.isZonedTime()
                    ? Kind.ZONED_TIME
                    : column.isLocalTime()
                        ? Kind.LOCAL_TIME
                        : column.isDate() ? Kind.DATE : isText(column) ? Kind.TEXT : null;
    return kind == null ? null : new KeyColumn(column, kind);
  }

  private static boolean isText(SqlColumn column) {
    return switch (column.type()) {
      case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR -> true;
      default -> column.typeName().equalsIgnoreCase("uuid");
    };
  }

  String name() {
    return column.name();
  }

  /** The value of a row as text; null if it has none. */
  @Nullable String text(ResultSet row, int at) throws SQLException {
    Object value =
        switch (kind) {
          case INTEGER, DECIMAL -> row.getBigDecimal(at);
          case LOCAL_TIME -> row.getObject(at, LocalDateTime.class);
          case ZONED_TIME -> row.getObject(at, OffsetDateTime.class);
          case DATE -> row.getObject(at, LocalDate.class);
          case TEXT -> row.getString(at);
        };
    if (value instanceof OffsetDateTime time) {
      return time.withOffsetSameInstant(ZoneOffset.UTC).toString();
    }
    return value == null
        ? null
        : value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  /**
   * Sets a parameter.
   *
   * @throws IllegalArgumentException if the text is no value of the column
   */
  void bind(PreparedStatement statement, int at, String text) throws SQLException {
    try {
      switch (kind) {
        case INTEGER -> statement.setLong(at, new BigDecimal(text).longValueExact());
        case DECIMAL -> statement.setBigDecimal(at, new BigDecimal(text));
        case LOCAL_TIME -> statement.setObject(at, LocalDateTime.parse(text));
        case ZONED_TIME -> statement.setObject(at, OffsetDateTime.parse(text));
        case DATE -> statement.setObject(at, LocalDate.parse(text));
        case TEXT -> statement.setString(at, text);
      }
    } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no value of column " + column + ": " + e.getMessage(), e);
    }
  }

  /** The time that a value is, in epoch milliseconds. */
  long millis(String text) {
    return switch (kind) {
      case LOCAL_TIME -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
      case ZONED_TIME -> OffsetDateTime.parse(text).toInstant().toEpochMilli();
      case DATE -> LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      default -> EventBatch.NO_TIMESTAMP;
    };
  }
}
