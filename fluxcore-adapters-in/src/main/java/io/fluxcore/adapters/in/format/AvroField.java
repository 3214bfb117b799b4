package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Appends values of a writer's type to the column of a wanted field. Types that differ go together
 * as Avro's schema resolution has it (an int is a long or double, a string is bytes), and beyond it
 * where nothing is lost: numbers and texts may be times and decimals. Immutable.
 */
final class AvroField {
  private final AvroType type;
  private final Field field;
  private final DataType wanted;

  /** Of a union, by branch; null where the branch does not go with the field. */
  private final @Nullable AvroField[] branches;

  /** Reads texts as times and the like. */
  private final TextField text;

  /** What a bare number means where a time is wanted. */
  private final EpochFormat epoch;

  private AvroField(AvroType type, Field field, FieldSettings settings) {
    this.type = type;
    this.field = field;
    this.wanted = field.type();
    this.text = new TextField(field.name(), wanted, settings);
    this.epoch = EpochFormat.of(field, settings);
    this.branches =
        new @Nullable AvroField[wanted.kind() == DataType.Kind.NESTED ? 0 : type.partCount()];
    if (type.kind() == AvroType.Kind.UNION) {
      for (int i = 0; i < branches.length; i++) {
        branches[i] = of(type.part(i), field, settings);
      }
    }
  }

  /** What appends the values to the field; null if none of them would fit. */
  static @Nullable AvroField of(AvroType type, Field field, FieldSettings settings) {
    return fits(type, field.type()) ? new AvroField(type, field, settings) : null;
  }

  private static boolean fits(AvroType type, DataType wanted) {
    if (wanted.kind() == DataType.Kind.NESTED) {
      return true;
    }
    return switch (type.kind()) {
      case NULL -> true;
      case BOOLEAN -> wanted.kind() == DataType.Kind.BOOLEAN;
      case INT, LONG ->
          wanted.isNumeric() || (wanted.isLongBacked() && wanted.kind() != DataType.Kind.DATE);
      case FLOAT, DOUBLE -> wanted.kind() == DataType.Kind.DOUBLE;
      case STRING ->
          switch (wanted.kind()) {
            case STRING, BYTES, DECIMAL, DATE, TIMESTAMP, TIMESTAMP_TZ -> true;
            default -> false;
          };
      case BYTES, FIXED ->
          wanted.kind() == DataType.Kind.BYTES || wanted.kind() == DataType.Kind.STRING;
      case ENUM, UUID_FIXED -> wanted.kind() == DataType.Kind.STRING;
      case DECIMAL_BYTES, DECIMAL_FIXED -> wanted.kind() == DataType.Kind.DECIMAL;
      case DATE -> wanted.kind() == DataType.Kind.DATE || wanted.kind() == DataType.Kind.LONG;
      case TIMESTAMP ->
          wanted.kind() == DataType.Kind.TIMESTAMP || wanted.kind() == DataType.Kind.LONG;
      case TIMESTAMP_TZ ->
          wanted.kind() == DataType.Kind.TIMESTAMP_TZ || wanted.kind() == DataType.Kind.LONG;
      case RECORD, ARRAY, MAP -> false;
      case UNION -> {
        for (int i = 0; i < type.partCount(); i++) {
          AvroType part = type.part(i);
          if (part.kind() != AvroType.Kind.NULL && fits(part, wanted)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  /**
   * Appends the value that comes next.
   *
   * @throws BadValue if it does not fit, or is damaged
   */
  void append(AvroInput in, ColumnBuilder column) {
    if (type.kind() == AvroType.Kind.UNION && wanted.kind() != DataType.Kind.NESTED) {
      int branch = type.readIndex(in);
      AvroField of = branches[branch];
      if (of == null) {
        throw BadValue.wrongType(field.name(), wanted, type.part(branch).toString());
      }
      of.append(in, column);
      return;
    }
    if (type.kind() == AvroType.Kind.NULL) {
      column.appendNull();
      return;
    }
    switch (wanted.kind()) {
      case LONG -> column.appendLong(integer(in));
      case DOUBLE -> column.appendDouble(number(in));
      case BOOLEAN -> column.appendBoolean(in.readBoolean());
      case STRING -> column.appendString(string(in));
      case BYTES -> column.append(type.readBytes(in));
      case DECIMAL -> decimal(in, column);
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> time(in, column);
      case NESTED -> column.append(type.read(in));
    }
  }

  private long integer(AvroInput in) {
    return type.kind() == AvroType.Kind.INT || type.kind() == AvroType.Kind.DATE
        ? in.readInt()
        : in.readLong();
  }

  private double number(AvroInput in) {
    return switch (type.kind()) {
      case FLOAT -> in.readFloat();
      case DOUBLE -> in.readDouble();
      default -> integer(in);
    };
  }

  private String string(AvroInput in) {
    return switch (type.kind()) {
      case ENUM -> type.symbol(in);
      case UUID_FIXED -> type.readUuid(in);
      case FIXED -> {
        byte[] bytes = type.readBytes(in);
        yield TextField.string(field.name(), bytes, 0, bytes.length, false);
      }
      default -> {
        int length = in.readLength();
        int from = in.take(length);
        yield TextField.string(field.name(), in.bytes(), from, from + length, false);
      }
    };
  }

  private void decimal(AvroInput in, ColumnBuilder column) {
    BigDecimal value;
    switch (type.kind()) {
      case STRING -> {
        text(in, column);
        return;
      }
      case INT, LONG -> value = BigDecimal.valueOf(integer(in));
      default -> value = type.readDecimal(in);
    }
    BigDecimal fitting = Decimals.fit(wanted, value);
    if (fitting == null) {
      throw BadValue.wrongType(field.name(), wanted, value.toString());
    }
    column.append(fitting);
  }

  private void time(AvroInput in, ColumnBuilder column) {
    switch (type.kind()) {
      case DATE -> column.appendLong(in.readInt());
      case TIMESTAMP, TIMESTAMP_TZ -> column.appendLong(type.readMicros(in));
      case STRING -> text(in, column);
      default -> {
        long number = integer(in);
        long value = epoch.of(number);
        if (value == TimeFormat.NONE) {
          throw BadValue.wrongType(field.name(), wanted, Long.toString(number));
        }
        column.appendLong(value);
      }
    }
  }

  private void text(AvroInput in, ColumnBuilder column) {
    int length = in.readLength();
    int from = in.take(length);
    text.append(in.bytes(), from, from + length, column);
  }
}
