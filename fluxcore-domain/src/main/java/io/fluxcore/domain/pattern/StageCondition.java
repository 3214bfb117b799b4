package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.Event;

/**
 * Code of the application that decides whether an event belongs to a stage, looking at earlier
 * events of the same partial match. What it throws is an error of the event. Several subtasks share
 * an instance, so it must be stateless or thread-safe.
 */
@FunctionalInterface
public interface StageCondition {
  /**
   * Whether the event fits.
   *
   * @param event valid during the call
   */
  boolean test(Event event, PatternContext context);
}
