package io.fluxcore.adapters.in.sql;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of a result, and its values as those of fields: the same that the sink {@code jdbc}
 * writes to it, and texts of most others.
 *
 * @param type of {@link Types}
 * @param typeName as the database calls it
 */
public record SqlColumn(String name, int type, String typeName, boolean isNullable) {
  private static final Set<Integer> INTEGERS =
      Set.of(Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT);
  private static final Set<Integer> FLOATS = Set.of(Types.REAL, Types.FLOAT, Types.DOUBLE);
  private static final Set<Integer> BINARIES =
      Set.of(Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB);
  private static final Set<Integer> NO_TEXTS =
      Set.of(Types.ARRAY, Types.STRUCT, Types.JAVA_OBJECT, Types.REF_CURSOR, Types.ROWID);

  /** The columns of a result, in their order. */
  public static List<SqlColumn> of(ResultSetMetaData about) throws SQLException {
    List<SqlColumn> columns = new ArrayList<>();
    for (int i = 1; i <= about.getColumnCount(); i++) {
      columns.add(
          new SqlColumn(
              about.getColumnLabel(i),
              about.getColumnType(i),
              String.valueOf(about.getColumnTypeName(i)),
              about.isNullable(i) != ResultSetMetaData.columnNoNulls));
    }
    return columns;
  }

  /** That of a name, as it was given or else in another case; null if there is none. */
  public static @Nullable SqlColumn find(List<SqlColumn> columns, String name) {
    SqlColumn found = null;
    for (SqlColumn column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
      if (column.name().equalsIgnoreCase(name)) {
        found = column;
      }
    }
    return found;
  }

  /** Whole numbers that fit 64 bits. */
  public boolean isInteger() {
    return INTEGERS.contains(type);
  }

  /** Decimals. */
  public boolean isDecimal() {
    return type == Types.NUMERIC || type == Types.DECIMAL;
  }

  public boolean isDate() {
    return type == Types.DATE && !typeName.equalsIgnoreCase("year");
  }

  /** PostgreSQL's driver gives both timestamps one type. */
  public boolean isZonedTime() {
    return type == Types.TIMESTAMP_WITH_TIMEZONE
        || typeName.toLowerCase(Locale.ROOT).equals("timestamptz");
  }

  /** A timestamp without zone. */
  public boolean isLocalTime() {
    return type == Types.TIMESTAMP && !isZonedTime();
  }

  /** H2 gives UUIDs the type of bytes. */
  private boolean isBytes() {
    return BINARIES.contains(type) && !typeName.equalsIgnoreCase("uuid");
  }

  private boolean isBoolean() {
    return type == Types.BOOLEAN || type == Types.BIT;
  }

  /** Whether its values can be those of a field, save single ones that are too large for it. */
  public boolean fits(DataType field) {
    return switch (field.kind()) {
      case BOOLEAN -> isBoolean();
      case LONG -> isInteger() || isDecimal();
      case DOUBLE -> FLOATS.contains(type) || isInteger() || isDecimal();
      case DECIMAL -> isDecimal() || isInteger();
      case STRING -> !isBytes() && !NO_TEXTS.contains(type);
      case BYTES -> isBytes();
      case DATE -> isDate();
      case TIMESTAMP -> isLocalTime();
      case TIMESTAMP_TZ -> isZonedTime() || isLocalTime();
      case NESTED -> false;
    };
  }

  /**
   * Appends the value of a row.
   *
   * @throws BadSqlValue if it does not fit
   * @throws SQLException if the database cannot give it
   */
  public void append(ResultSet row, int at, DataType field, ColumnBuilder column)
      throws SQLException {
    try {
      Object value = value(row, at, field);
      if (value == null || row.wasNull()) {
        column.appendNull();
      } else {
        column.append(value);
      }
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
      throw new BadSqlValue(wrong(field, e.getMessage()));
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (state.startsWith("22") || state.startsWith("07")) {
        throw new BadSqlValue(wrong(field, e.getMessage()));
      }
      throw e;
    }
  }

  private String wrong(DataType field, @Nullable String why) {
    return "column '" + name + "' (" + typeName + ") does not fit " + field + ": " + why;
  }

  private @Nullable Object value(ResultSet row, int at, DataType field) throws SQLException {
    return switch (field.kind()) {
      case BOOLEAN -> row.getBoolean(at);
      case LONG -> {
        if (isInteger()) {
          yield row.getLong(at);
        }
        BigDecimal number = row.getBigDecimal(at);
        yield number == null ? null : number.longValueExact();
      }
      case DOUBLE -> row.getDouble(at);
      case DECIMAL -> decimal(field, row.getBigDecimal(at));
      case STRING -> row.getString(at);
      case BYTES -> row.getBytes(at);
      case DATE -> row.getObject(at, LocalDate.class);
      case TIMESTAMP -> row.getObject(at, LocalDateTime.class);
      case TIMESTAMP_TZ -> instant(row, at);
      case NESTED -> throw new IllegalArgumentException("a column holds no lists and maps");
    };
  }

  private static @Nullable BigDecimal decimal(DataType field, @Nullable BigDecimal value) {
    if (value == null) {
      return null;
    }
    BigDecimal scaled = value.setScale(field.scale());
    if (scaled.precision() > field.precision()) {
      throw new ArithmeticException(value + " has more digits");
    }
    return scaled;
  }

  /** A time that names no zone is taken as UTC. */
  @Nullable Instant instant(ResultSet row, int at) throws SQLException {
    if (isZonedTime()) {
      OffsetDateTime time = row.getObject(at, OffsetDateTime.class);
      return time == null ? null : time.toInstant();
    }
    LocalDateTime time = row.getObject(at, LocalDateTime.class);
    return time == null ? null : time.toInstant(ZoneOffset.UTC);
  }

  /** For people. */
  @Override
  public String toString() {
    return name + " (" + typeName + ")";
  }
}
