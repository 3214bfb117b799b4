package io.fluxcore.domain.join;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.Values;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sees to it that what a reader gives are rows of the declared fields. Thread-safe. */
final class FoundCheck {
  private final Schema fields;

  FoundCheck(Schema fields) {
    this.fields = fields;
  }

  /** The answers to some keys, those that are not of the declared types as errors. */
  List<Found> checked(List<List<Object>> keys, List<Found> given) {
    if (given.size() != keys.size()) {
      throw new IllegalStateException(
          keys.size() + " keys were asked for, and the lookup gave " + given.size() + " answers");
    }
    List<Found> checked = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      checked.add(checked(keys.get(i), given.get(i)));
    }
    return checked;
  }

  private Found checked(List<Object> key, Found found) {
    if (found.error() != null || found.rows().isEmpty()) {
      return found;
    }
    List<@Nullable Object[]> rows = new ArrayList<>(found.rows().size());
    for (@Nullable Object[] row : found.rows()) {
      if (row.length != fields.size()) {
        throw new IllegalStateException(
            "a row of " + row.length + " values was found, wanted are " + fields);
      }
      @Nullable Object[] copy = row.clone();
      for (int i = 0; i < copy.length; i++) {
        Object value = copy[i];
        if (value != null) {
          Object fitting = fitting(fields.field(i), value);
          if (fitting == null) {
            return Found.failed(wrong(key, fields.field(i), value));
          }
          copy[i] = fitting;
        }
      }
      rows.add(copy);
    }
    return Found.of(rows);
  }

  /** Null where a value is not of the field's type. */
  private static @Nullable Object fitting(Field field, Object value) {
    DataType type = field.type();
    if (!Values.isOf(type, value)) {
      return null;
    }
    if (value instanceof BigDecimal decimal && type.kind() == DataType.Kind.DECIMAL) {
      if (decimal.stripTrailingZeros().scale() > type.scale()) {
        return null;
      }
      BigDecimal scaled = decimal.setScale(type.scale(), RoundingMode.UNNECESSARY);
      return scaled.precision() <= type.precision() ? scaled : null;
    }
    return value;
  }

  private static RecordException wrong(List<Object> key, Field field, Object value) {
    return new RecordException(
        "FLX-JOIN-0003",
        "the table has for the key "
            + key
            + " in field '"
            + field.name()
            + "' the value '"
            + value
            + "' ("
            + value.getClass().getSimpleName()
            + "), which is no "
            + field.type());
  }
}
