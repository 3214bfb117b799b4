package io.fluxcore.domain.pattern;

/** Between which events a time of a pattern is measured. */
public enum WithinScope {
  /** From the first event of a match to its last. */
  FIRST_AND_LAST,
  /** From the event before those of a stage to the first of that stage. */
  PREVIOUS_AND_CURRENT
}
