package io.fluxcore.domain.pattern;

import io.fluxcore.domain.pattern.PatternProgram.Action;
import io.fluxcore.domain.pattern.PatternProgram.Edge;

/**
 * Where events for which no condition on the event alone is true change nothing: they need not be
 * looked at. Whatever the conditions on the match are, such an event is passed over.
 */
final class CalmStates {
  private final PatternProgram program;
  private final long ofEvent;

  /**
   * Of a program.
   *
   * @param ofEvent the conditions on the event alone
   */
  CalmStates(PatternProgram program, long ofEvent) {
    this.program = program;
    this.ofEvent = ofEvent;
  }

  /** Whether a partial match in this state stays there, and nothing else becomes of it. */
  boolean isCalm(int state) {
    int stays = 0;
    for (Edge edge : program.states().get(state).edges()) {
      if (!edge.guard().mayHoldWithout(ofEvent)) {
        continue;
      }
      if (edge.action() != Action.IGNORE
          || edge.target() != state
          || !edge.guard().mustHold(ofEvent, 0)) {
        return false;
      }
      stays++;
    }
    return stays == 1;
  }

  /** Whether such an event may be taken in this state. */
  boolean mayTake(int state) {
    for (Edge edge : program.states().get(state).edges()) {
      if (edge.guard().mayHoldWithout(ofEvent)
          && (edge.action() == Action.TAKE
              || (edge.action() == Action.PROCEED && mayTake(edge.target())))) {
        return true;
      }
    }
    return false;
  }
}
