package io.fluxcore.domain.error;

/** Who can mend an error. REST status, CLI exit code and retry follow from it. */
public enum ErrorCategory {
  /** The request is wrong: a topology, an option, an expression, a file that cannot be read. */
  USER,
  /** The request is right but not now: a name is taken, a job is in another state. */
  STATE_CONFLICT,
  /** Something that was asked for does not exist. */
  NOT_FOUND,
  /** Another system refused or did not answer. A retry may help. */
  EXTERNAL,
  /** Memory, disk or a limit ran out. */
  RESOURCE,
  /** A defect of FluxCore or of user code. */
  BUG
}
