package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.Event;
import java.util.List;

/** What a condition can ask of the partial match that an event may continue. During the call. */
public interface PatternContext {
  /**
   * The events that the partial match has for a stage so far, in their order; without the event
   * that is looked at. They may be kept.
   *
   * @throws IllegalArgumentException if the pattern has no such stage
   */
  List<Event> events(String stage);
}
