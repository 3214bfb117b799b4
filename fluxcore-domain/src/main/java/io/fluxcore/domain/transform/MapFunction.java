package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Event;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * User code that makes one row out of one event. Called on the thread of its subtask; several
 * subtasks share one instance, so it must be stateless or thread-safe.
 */
@FunctionalInterface
public interface MapFunction {
  /**
   * The values of the declared output fields by name, as {@link io.fluxcore.domain.event.Values}
   * holds them; an absent one is null. A name that is not declared is a record error, and so is
   * anything that is thrown.
   *
   * @param event valid during the call
   */
  Map<String, ? extends @Nullable Object> map(Event event);
}
