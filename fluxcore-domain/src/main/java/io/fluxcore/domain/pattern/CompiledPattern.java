package io.fluxcore.domain.pattern;

import java.util.List;

/**
 * A pattern as an automaton and the conditions that its guards name.
 *
 * @param program the automaton
 * @param conditions by number: {@link PatternCondition.Text} on the event alone or on the match,
 *     {@link PatternCondition.OfEvent} or {@link PatternCondition.OfMatch}
 */
public record CompiledPattern(PatternProgram program, List<PatternCondition> conditions) {
  public CompiledPattern {
    conditions = List.copyOf(conditions);
  }
}
