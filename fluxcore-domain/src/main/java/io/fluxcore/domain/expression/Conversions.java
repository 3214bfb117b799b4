package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.kernel.DoubleArithmetic;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * The table of casts. Fractions are cut when a number becomes LONG, as in Flink, and rounded (half
 * away from zero) when it becomes DECIMAL; a value out of range fails the row.
 */
final class Conversions {
  private static final double LONG_LIMIT = 0x1p63;

  private Conversions() {}

  /**
   * The conversion between two types, or null if there is none.
   *
   * @param explicit whether the user asked: then the text in a NESTED value is parsed
   */
  static @Nullable Conversion find(DataType from, DataType to, ZoneId zone, boolean explicit) {
    if (from.equals(to)) {
      return (rows, column, failure) -> column;
    }
    if (from.kind() == Kind.NESTED) {
      return NestedConversions.find(to, zone, explicit);
    }
    return switch (to.kind()) {
      case LONG -> toLong(from);
      case DOUBLE -> toDouble(from);
      case DECIMAL -> toDecimal(from, to);
      case BOOLEAN -> toBoolean(from);
      case STRING -> toText(from);
      case BYTES -> toBytes(from);
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> TemporalConversions.find(from, to, zone);
      case NESTED -> toNested(from);
    };
  }

  private static @Nullable Conversion toLong(DataType from) {
    return switch (from.kind()) {
      case DOUBLE ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .longs(DataType.LONG, row -> truncated(((DoubleColumn) c).value(row)));
      case DECIMAL ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .longs(DataType.LONG, row -> truncated(((DecimalColumn) c).value(row)));
      case STRING ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .longs(DataType.LONG, row -> TextValues.toLong(((StringColumn) c).value(row)));
      case BOOLEAN ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .longs(DataType.LONG, row -> ((BooleanColumn) c).value(row) ? 1 : 0);
      default -> null;
    };
  }

  static long truncated(double value) {
    if (!(value >= -LONG_LIMIT && value < LONG_LIMIT)) {
      throw new ArithmeticException(value + " is out of range");
    }
    return (long) value;
  }

  static long truncated(BigDecimal value) {
    if ((long) value.precision() - value.scale() > 19) {
      throw new ArithmeticException("out of range");
    }
    return value.toBigInteger().longValueExact();
  }

  private static @Nullable Conversion toDouble(DataType from) {
    return switch (from.kind()) {
      case LONG -> Conversions::widen;
      case DECIMAL ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .doubles(row -> ((DecimalColumn) c).value(row).doubleValue());
      case STRING ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .doubles(row -> TextValues.toDouble(((StringColumn) c).value(row)));
      default -> null;
    };
  }

  private static Column widen(Rows rows, Column column, RowLoops.Failure failure) {
    double[] out = new double[rows.rowCount()];
    DoubleArithmetic.widen(((LongColumn) column).values(), out, rows.selection(), rows.count());
    return new DoubleColumn(out.length, out, column.nulls());
  }

  private static @Nullable Conversion toDecimal(DataType from, DataType to) {
    return switch (from.kind()) {
      case LONG, DECIMAL -> (rows, c, failure) -> exact(to, rows, c, failure);
      case DOUBLE ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .decimals(to, row -> BigDecimal.valueOf(((DoubleColumn) c).value(row)));
      case STRING ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .decimals(to, row -> TextValues.toDecimal(((StringColumn) c).value(row)));
      default -> null;
    };
  }

  /** In longs where they have no fewer digits before or after the point than they had. */
  private static Column exact(DataType to, Rows rows, Column column, RowLoops.Failure failure) {
    long[] longs = hasRoom(to, column) ? Decimals.scaledTo(to.scale(), column, rows) : null;
    return longs == null
        ? new RowLoops(rows, failure, column).decimals(to, row -> Decimals.value(column, row))
        : DecimalColumn.ofLongs(to, column.size(), longs, column.nulls());
  }

  /** Whether all values of a column that can be longs have room. */
  private static boolean hasRoom(DataType to, Column column) {
    int digits =
        column.type().kind() == Kind.DECIMAL
            ? Math.min(column.type().precision(), Decimals.DIGITS_OF_LONG)
            : Decimals.DIGITS_OF_LONG;
    return to.precision() - to.scale() >= digits - Decimals.scale(column);
  }

  private static @Nullable Conversion toBoolean(DataType from) {
    return switch (from.kind()) {
      case LONG ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c).booleans(row -> ((LongColumn) c).value(row) != 0);
      case STRING ->
          (rows, c, failure) ->
              new RowLoops(rows, failure, c)
                  .booleans(row -> TextValues.toBoolean(((StringColumn) c).value(row)));
      default -> null;
    };
  }

  private static Conversion toText(DataType from) {
    if (from.kind() == Kind.BYTES) {
      return (rows, c, failure) ->
          new RowLoops(rows, failure, c)
              .strings(row -> new String(((BytesColumn) c).value(row), StandardCharsets.UTF_8));
    }
    if (from.kind() == Kind.LONG) {
      return (rows, c, failure) ->
          new RowLoops(rows, failure, c).strings(row -> Long.toString(((LongColumn) c).value(row)));
    }
    return (rows, c, failure) ->
        new RowLoops(rows, failure, c).strings(row -> TextValues.text(c.get(row)));
  }

  private static @Nullable Conversion toBytes(DataType from) {
    return from.kind() != Kind.STRING
        ? null
        : (rows, c, failure) ->
            new RowLoops(rows, failure, c)
                .bytes(row -> ((StringColumn) c).value(row).getBytes(StandardCharsets.UTF_8));
  }

  /** Values that JSON does not have become text. */
  private static @Nullable Conversion toNested(DataType from) {
    if (from.kind() == Kind.BYTES) {
      return null;
    }
    boolean text = Coercion.isTemporal(from);
    return (rows, c, failure) ->
        new RowLoops(rows, failure, c)
            .nested(row -> text ? TextValues.text(c.get(row)) : c.get(row));
  }
}
