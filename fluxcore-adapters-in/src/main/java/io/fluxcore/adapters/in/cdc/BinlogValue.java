package io.fluxcore.adapters.in.cdc;

import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonBinary;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Values of columns of MariaDB and MySQL: what the log has of them, made into what a snapshot has
 * of them, and appended as values of fields.
 */
final class BinlogValue {
  private static final long MICROS = 1_000_000;

  private BinlogValue() {}

  /** A value of the log as an object of the column's type. */
  static Object of(BinlogColumn column, ColumnType type, int width, Serializable cell) {
    if (cell instanceof Integer number) {
      return switch (type) {
        case ENUM -> column.valueOf(number);
        case TINY -> column.unsigned(number, 8);
        case SHORT -> column.unsigned(number, 16);
        case INT24 -> column.unsigned(number, 24);
        case LONG -> column.unsigned(number, 32);
        default -> (long) number;
      };
    }
    if (cell instanceof Long number) {
      return switch (type) {
        case SET -> column.valuesOf(number);
        case LONGLONG -> column.unsigned(number, 64);
        default -> number;
      };
    }
    if (cell instanceof Float number) {
      return number.doubleValue();
    }
    if (cell instanceof byte[] bytes) {
      return type == ColumnType.JSON ? json(bytes) : column.textOf(bytes, width);
    }
    return cell;
  }

  private static String json(byte[] bytes) {
    try {
      return bytes.length == 0 ? "null" : JsonBinary.parseAsString(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Appends a value.
   *
   * @throws BadChange if it does not go with the field
   */
  static void append(Field field, String type, Object value, ColumnBuilder builder) {
    Object given = value;
    if (value instanceof Duration time) {
      given =
          field.type().kind() == DataType.Kind.LONG
              ? (Object) (time.getSeconds() * MICROS + time.getNano() / 1000)
              : text(time);
    } else if (value instanceof Long number
        && field.type().kind() == DataType.Kind.BOOLEAN
        && (number == 0 || number == 1)) {
      given = number == 1;
    }
    FieldValue.append(field, type, given, builder);
  }

  /** As the database writes it: {@code -12:30:00.5}, with more than 24 hours, too. */
  private static String text(Duration time) {
    Duration size = time.abs();
    String text =
        String.format(
            Locale.ROOT,
            "%s%02d:%02d:%02d",
            time.isNegative() ? "-" : "",
            size.toHours(),
            size.toMinutesPart(),
            size.toSecondsPart());
    String fraction = String.format(Locale.ROOT, "%06d", size.toNanosPart() / 1000);
    fraction = fraction.replaceAll("0+$", "");
    return fraction.isEmpty() ? text : text + "." + fraction;
  }
}
