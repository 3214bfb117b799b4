package io.fluxcore.adapters.out.influxdb;

import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;

/**
 * Rows as lines: measurement, tags, fields, time. Integers have an {@code i}; decimals are floats;
 * dates, timestamps, bytes (Base64) and nested values (JSON) are strings. Nulls are left out. Not
 * thread-safe.
 */
final class LineProtocol {
  private static final long MICROS_PER_MILLI = 1_000;

  private final InfluxOptions options;
  private final RowTemplate.Reader measurements;
  private final String[] names;
  private final TextValues texts = new TextValues();
  private final StringBuilder line = new StringBuilder();

  LineProtocol(InfluxOptions options, Schema schema) {
    this.options = options;
    this.measurements = options.measurement().reader();
    this.names = new String[schema.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = escaped(schema.field(i).name(), ",= ");
    }
  }

  /**
   * The line of a row, without its end.
   *
   * @throws RecordException if the row makes no point
   */
  String of(EventBatch batch, int row) {
    line.setLength(0);
    String measurement = measurements.of(batch, row);
    checkName("measurement", measurement);
    line.append(escaped(measurement, ", "));
    for (int tag : options.tags()) {
      tag(batch.column(tag), tag, row);
    }
    char separator = ' ';
    for (int field : options.fields()) {
      Column column = batch.column(field);
      if (!column.isNull(row)) {
        line.append(separator).append(names[field]).append('=');
        value(column, names[field], row);
        separator = ',';
      }
    }
    if (separator == ' ') {
      throw InfluxErrors.noPoint("all of its fields are null");
    }
    return line.append(' ').append(time(batch, row)).toString();
  }

  /** Line ends part points, and a backslash at the end would take what follows for its own. */
  private static void checkName(String what, String text) {
    if (text.isEmpty() || text.indexOf('\n') >= 0 || text.endsWith("\\")) {
      throw InfluxErrors.noPoint(
          "its " + what + " is empty, has a line end, or ends with \\: '" + text + "'");
    }
  }

  private void tag(Column column, int ordinal, int row) {
    if (column.isNull(row)) {
      return;
    }
    String value = texts.text(column, row);
    if (!value.isEmpty()) {
      checkName("tag '" + names[ordinal] + "'", value);
      line.append(',').append(names[ordinal]).append('=').append(escaped(value, ",= "));
    }
  }

  private static String escaped(String text, String special) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (special.indexOf(c) >= 0) {
        if (escaped == null) {
          escaped = new StringBuilder(text.length() + 8).append(text, 0, i);
        }
        escaped.append('\\');
      }
      if (escaped != null) {
        escaped.append(c);
      }
    }
    return escaped == null ? text : escaped.toString();
  }

  private void value(Column column, String name, int row) {
    if (column instanceof LongColumn longs && longs.type().kind() == DataType.Kind.LONG) {
      line.append(longs.value(row)).append('i');
    } else if (column instanceof DoubleColumn doubles) {
      double value = doubles.value(row);
      if (!Double.isFinite(value)) {
        throw InfluxErrors.noPoint("field '" + name + "' is " + value);
      }
      line.append(value);
    } else if (column instanceof BooleanColumn booleans) {
      line.append(booleans.value(row) ? 't' : 'f');
    } else if (column instanceof DecimalColumn decimals) {
      line.append(decimals.value(row).doubleValue());
    } else {
      line.append('"').append(escaped(texts.text(column, row), "\"\\")).append('"');
    }
  }

  private long time(EventBatch batch, int row) {
    long micros;
    if (options.timeField() >= 0) {
      LongColumn column = (LongColumn) batch.column(options.timeField());
      if (column.isNull(row)) {
        throw InfluxErrors.noPoint("its time is null");
      }
      micros = column.value(row);
    } else {
      long millis = batch.timestamps()[row];
      if (millis == EventBatch.NO_TIMESTAMP) {
        throw InfluxErrors.noPoint("the event has no time; name its field in 'timeField'");
      }
      micros = Math.multiplyExact(millis, MICROS_PER_MILLI);
    }
    return options.precision().ofMicros(micros);
  }
}
