package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Event;

/**
 * User code that makes any number of rows out of one event. Called on the thread of its subtask;
 * several subtasks share one instance, so it must be stateless or thread-safe.
 */
@FunctionalInterface
public interface FlatMapFunction {
  /**
   * Makes the rows of one event.
   *
   * @param event valid during the call
   * @param out takes the rows; valid during the call
   */
  void flatMap(Event event, Collector out);
}
