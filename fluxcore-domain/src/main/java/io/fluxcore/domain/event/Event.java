package io.fluxcore.domain.event;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event, as user code sees it: a read-only view of a row. Unless it is an {@link EventRecord}
 * it is a cursor that is valid only during the call that received it; {@link #copy()} keeps it.
 *
 * <p>Getters of a field that the schema does not have throw {@link
 * io.fluxcore.domain.error.RecordException}, as do getters of the wrong type; an open schema's
 * absent field is null. Not thread-safe.
 */
public interface Event {
  /**
   * A numeric field as double. Null or absent: {@code NaN}, for which every comparison but {@code
   * !=} is false; ask {@link #isNull} before {@code !=} or a negation.
   */
  double getValue(String field);

  /** A LONG field, or an integral value of another numeric type. Null: a record error. */
  long getLong(String field);

  @Nullable BigDecimal getDecimal(String field);

  @Nullable String getString(String field);

  /** A BOOLEAN field. Null: false; ask {@link #isNull}. */
  boolean getBoolean(String field);

  /** The field as an object of {@link Values}, or null. */
  @Nullable Object get(String field);

  boolean isNull(String field);

  /** Event time, epoch milliseconds; {@link EventBatch#NO_TIMESTAMP} when the event has none. */
  long timestamp();

  @Nullable String id();

  /** The name of the source that the event came from. */
  @Nullable String source();

  @Nullable String type();

  @Nullable String key();

  /** Larger is more important; 0 unless the source says otherwise. */
  int priority();

  Map<String, String> headers();

  RowKind rowKind();

  Schema schema();

  /** An immutable record of this event that may be kept and passed between threads. */
  EventRecord copy();
}
