package io.fluxcore.benchmarks;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import org.jspecify.annotations.Nullable;

/** The columns of one batch that a {@link RowGenerator} fills: those that the query uses. */
public final class GeneratedColumns {
  private final Schema schema;
  private final Object[] arrays;
  private final long[] timestamps;

  GeneratedColumns(Schema schema, int capacity) {
    this.schema = schema;
    this.timestamps = new long[capacity];
    this.arrays = new Object[schema.size()];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] =
          switch (schema.type(i).kind()) {
            case LONG, TIMESTAMP -> new long[capacity];
            case DOUBLE -> new double[capacity];
            case STRING -> new String[capacity];
            default -> throw new IllegalArgumentException(schema.field(i).toString());
          };
    }
  }

  /**
   * The values of a LONG field, or the microseconds of a TIMESTAMP, or null where the query does
   * not use it.
   */
  public long @Nullable [] longs(String field) {
    int ordinal = schema.indexOf(field);
    return ordinal < 0 ? null : (long[]) arrays[ordinal];
  }

  /** The values of a DOUBLE field, or null where the query does not use it. */
  public double @Nullable [] doubles(String field) {
    int ordinal = schema.indexOf(field);
    return ordinal < 0 ? null : (double[]) arrays[ordinal];
  }

  /** The values of a STRING field, or null where the query does not use it. */
  public String @Nullable [] strings(String field) {
    int ordinal = schema.indexOf(field);
    return ordinal < 0 ? null : (String[]) arrays[ordinal];
  }

  /** Event times, epoch milliseconds. */
  public long[] timestamps() {
    return timestamps;
  }

  EventBatch batch(int rows) {
    Column[] columns = new Column[arrays.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] =
          arrays[i] instanceof long[] longs
              ? new LongColumn(schema.type(i), rows, longs, null)
              : arrays[i] instanceof double[] doubles
                  ? new DoubleColumn(rows, doubles, null)
                  : StringColumn.of(rows, (String[]) arrays[i], null);
    }
    return EventBatch.of(schema, columns, timestamps, rows);
  }
}
