package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import org.jspecify.annotations.Nullable;

/** A condition that looks at the events of a match, bound to a schema. Used by one thread. */
interface MatchCondition {
  /**
   * Whether an event may continue a match.
   *
   * @param before what the match has so far; null where it has nothing yet
   * @throws RecordException if that cannot be said of the event
   */
  boolean test(CurrentEvent event, @Nullable Link before);
}
