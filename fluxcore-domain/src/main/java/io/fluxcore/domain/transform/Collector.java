package io.fluxcore.domain.transform;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows that user code makes out of an event. They keep the event's timestamp, unless they
 * are given another, its row kind and its envelope.
 */
public interface Collector {
  /**
   * Adds a row.
   *
   * @param values of the declared output fields by name, as {@link io.fluxcore.domain.event.Values}
   *     holds them; an absent one is null
   */
  void emit(Map<String, ? extends @Nullable Object> values);

  /** Adds a row of the values of all declared output fields, in their order. */
  void emit(@Nullable Object... values);

  /**
   * Adds a row of the values of all declared output fields, in their order, with a time of its own.
   * A time at or below the watermark makes the row late.
   *
   * @param timestampMillis epoch milliseconds, or {@link
   *     io.fluxcore.domain.event.EventBatch#NO_TIMESTAMP}
   */
  void emitAt(long timestampMillis, @Nullable Object... values);
}
