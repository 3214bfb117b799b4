package io.fluxcore.domain.event;

import io.fluxcore.domain.error.RecordException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event on its own, immutable: what {@link Event#copy()} gives and what row-wise sinks keep. */
public final class EventRecord implements Event {
  private final Schema schema;
  private final @Nullable Object[] values;
  private final long timestamp;
  private final @Nullable String id;
  private final @Nullable String source;
  private final @Nullable String type;
  private final @Nullable String key;
  private final int priority;
  private final Map<String, String> headers;
  private final RowKind rowKind;
  private final @Nullable RawRecords raw;

  EventRecord(
      Schema schema,
      @Nullable Object[] values,
      long timestamp,
      @Nullable String id,
      @Nullable String source,
      @Nullable String type,
      @Nullable String key,
      int priority,
      Map<String, String> headers,
      RowKind rowKind,
      @Nullable RawRecords raw) {
    this.schema = schema;
    this.values = values;
    this.timestamp = timestamp;
    this.id = id;
    this.source = source;
    this.type = type;
    this.key = key;
    this.priority = priority;
    this.headers = headers.isEmpty() ? Map.of() : Map.copyOf(headers);
    this.rowKind = rowKind;
    this.raw = raw;
  }

  /** An insertion with these field values, in the schema's order, of {@link Values}' classes. */
  public static EventRecord of(Schema schema, long timestamp, @Nullable Object... values) {
    return of(schema, RowKind.INSERT, timestamp, values);
  }

  /** A row of a changelog with these field values. */
  public static EventRecord of(
      Schema schema, RowKind kind, long timestamp, @Nullable Object... values) {
    if (values.length != schema.size()) {
      throw new IllegalArgumentException(values.length + " values for " + schema);
    }
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null && !Values.isOf(schema.type(i), value)) {
        throw new IllegalArgumentException(
            "field '"
                + schema.field(i).name()
                + "' is "
                + schema.type(i)
                + ", but the value is a "
                + value.getClass().getSimpleName());
      }
    }
    return new EventRecord(
        schema, values.clone(), timestamp, null, null, null, null, 0, Map.of(), kind, null);
  }

  @Override
  public @Nullable Object get(String field) {
    int ordinal = schema.indexOf(field);
    if (ordinal >= 0) {
      return values[ordinal];
    }
    if (raw != null) {
      return raw.field(0, field);
    }
    if (schema.isOpen()) {
      return null;
    }
    throw new RecordException(
        "FLX-EVENT-0001",
        "event.get…(\"" + field + "\"): there is no such field; fields are " + schema.fieldNames());
  }

  /** The value of a field by position. */
  public @Nullable Object get(int ordinal) {
    return values[ordinal];
  }

  @Override
  public double getValue(String field) {
    return EventValues.toDouble(field, get(field));
  }

  @Override
  public long getLong(String field) {
    return EventValues.toLong(field, get(field));
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
  public boolean isNull(String field) {
    return get(field) == null;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public @Nullable String id() {
    return id;
  }

  @Override
  public @Nullable String source() {
    return source;
  }

  @Override
  public @Nullable String type() {
    return type;
  }

  @Override
  public @Nullable String key() {
    return key;
  }

  @Override
  public int priority() {
    return priority;
  }

  @Override
  public Map<String, String> headers() {
    return headers;
  }

  @Override
  public RowKind rowKind() {
    return rowKind;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public EventRecord copy() {
    return this;
  }

  /** Equal in schema, kind, time and field values; the envelope is not compared. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventRecord r
        && timestamp == r.timestamp
        && rowKind == r.rowKind
        && schema.equals(r.schema)
        && Arrays.deepEquals(values, r.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(timestamp, rowKind, Arrays.deepHashCode(values));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(rowKind.sign()).append('{');
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(schema.field(i).name()).append('=').append(values[i]);
    }
    return text.append("}@").append(timestamp).toString();
  }
}
