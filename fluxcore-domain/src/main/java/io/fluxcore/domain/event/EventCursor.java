package io.fluxcore.domain.event;

import io.fluxcore.domain.error.RecordException;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A view of one row of a batch at a time, reused for all rows. After {@link #close()} every getter
 * throws, so that user code which kept the view finds out. Not thread-safe.
 *
 * <p>Field names are resolved by a per-call-site trick rather than a hash per row: code asks for
 * the same names in the same order for each row, and a literal is one reference, so the cursor
 * remembers the sequence of (name, ordinal) and compares references; anything else is looked up.
 */
public final class EventCursor implements Event {
  private static final int SEQUENCE = 16;

  private @Nullable EventBatch batch;
  private int row;
  private Schema schema = Schema.of();

  private final @Nullable String[] names = new @Nullable String[SEQUENCE];
  private final int[] ordinals = new int[SEQUENCE];
  private int next;

  /** Places the cursor on a physical row. */
  @SuppressWarnings("ReferenceEquality") // the same schema object in most batches; others reset
  public EventCursor moveTo(EventBatch newBatch, int newRow) {
    if (newBatch.schema() != schema) {
      schema = newBatch.schema();
      java.util.Arrays.fill(names, null);
    }
    batch = newBatch;
    row = newRow;
    next = 0;
    return this;
  }

  /** Ends the view: getters throw until the next {@link #moveTo}. */
  public void close() {
    batch = null;
  }

  private EventBatch batch() {
    EventBatch current = batch;
    if (current == null) {
      throw new IllegalStateException(
          "this event was a view of a row that has passed; keep event.copy() instead of the event");
    }
    return current;
  }

  /** The ordinal of a field, or -1 where an open schema does not have it as a column. */
  @SuppressWarnings("ReferenceEquality") // a literal is one reference; anything else is looked up
  private int ordinal(String field) {
    int at = next;
    if (at < SEQUENCE && names[at] == field && ordinals[at] >= 0) {
      next = at + 1;
      return ordinals[at];
    }
    int ordinal = schema.indexOf(field);
    if (ordinal < 0 && !schema.isOpen() && batch().rawRecords() == null) {
      throw new RecordException(
          "FLX-EVENT-0001",
          "event.get…(\""
              + field
              + "\"): there is no such field; fields are "
              + schema.fieldNames());
    }
    if (at < SEQUENCE) {
      names[at] = field;
      ordinals[at] = ordinal;
      next = at + 1;
    }
    return ordinal;
  }

  private @Nullable Object raw(EventBatch current, String field) {
    RawRecords records = current.rawRecords();
    return records == null ? null : records.field(row, field);
  }

  @Override
  public double getValue(String field) {
    EventBatch current = batch();
    int ordinal = ordinal(field);
    if (ordinal < 0) {
      return EventValues.toDouble(field, raw(current, field));
    }
    Column column = current.column(ordinal);
    if (column.isNull(row)) {
      return Double.NaN;
    }
    if (column instanceof LongColumn longs && column.type().kind() == DataType.Kind.LONG) {
      return longs.value(row);
    }
    if (column instanceof DoubleColumn doubles) {
      return doubles.value(row);
    }
    return EventValues.toDouble(field, column.get(row));
  }

  @Override
  public long getLong(String field) {
    EventBatch current = batch();
    int ordinal = ordinal(field);
    if (ordinal >= 0) {
      Column column = current.column(ordinal);
      if (column instanceof LongColumn longs
          && column.type().kind() == DataType.Kind.LONG
          && !column.isNull(row)) {
        return longs.value(row);
      }
      return EventValues.toLong(field, column.get(row));
    }
    return EventValues.toLong(field, raw(current, field));
  }

  @Override
  public @Nullable BigDecimal getDecimal(String field) {
    return EventValues.toDecimal(field, get(field));
  }

  @Override
  public @Nullable String getString(String field) {
    return EventValues.toText(field, get(field));
  }

  @Override
  public boolean getBoolean(String field) {
    return EventValues.toBoolean(field, get(field));
  }

  @Override
  public @Nullable Object get(String field) {
    EventBatch current = batch();
    int ordinal = ordinal(field);
    return ordinal < 0 ? raw(current, field) : current.column(ordinal).get(row);
  }

  @Override
  public boolean isNull(String field) {
    EventBatch current = batch();
    int ordinal = ordinal(field);
    return ordinal < 0 ? raw(current, field) == null : current.column(ordinal).isNull(row);
  }

  @Override
  public long timestamp() {
    return batch().timestamps()[row];
  }

  @Override
  public @Nullable String id() {
    return text(batch().envelope().ids());
  }

  @Override
  public @Nullable String source() {
    return batch().envelope().source();
  }

  @Override
  public @Nullable String type() {
    return text(batch().envelope().types());
  }

  @Override
  public @Nullable String key() {
    return text(batch().envelope().keys());
  }

  @Override
  public int priority() {
    int[] priorities = batch().envelope().priorities();
    return priorities == null ? 0 : priorities[row];
  }

  @Override
  public Map<String, String> headers() {
    @Nullable Map<String, String>[] headers = batch().envelope().headers();
    Map<String, String> own = headers == null ? null : headers[row];
    return own == null ? Map.of() : own;
  }

  @Override
  public RowKind rowKind() {
    return batch().rowKind(row);
  }

  @Override
  public Schema schema() {
    return batch().schema();
  }

  @Override
  public EventRecord copy() {
    EventBatch current = batch();
    @Nullable Object[] values = new @Nullable Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = current.column(i).get(row);
    }
    RawRecords records = current.rawRecords();
    return new EventRecord(
        schema,
        values,
        timestamp(),
        id(),
        source(),
        type(),
        key(),
        priority(),
        headers(),
        rowKind(),
        records == null ? null : records.gather(new int[] {row}, 1));
  }

  private @Nullable String text(@Nullable StringColumn column) {
    return column == null || column.isNull(row) ? null : column.value(row);
  }
}
