package io.fluxcore.domain.transform;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the rows that user code makes out of an event. They keep the event's timestamp. */
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
}
