package io.fluxcore.domain.operator;

/** What happens to a row or record that cannot be processed; it is counted in any case. */
public enum ErrorPolicy {
  /** The job fails. */
  FAIL,
  /** The row is left out. */
  SKIP,
  /** The row is left out and kept, with its origin and error, to be repaired and replayed. */
  DEAD_LETTER
}
