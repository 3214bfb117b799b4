package io.fluxcore.application.runtime;

import io.fluxcore.application.deadletter.DeadLetter;

/**
 * What became of a dead letter that was given to its operator again.
 *
 * @param letter as it was given
 * @param kind what became of it
 * @param code of the error, or an empty string
 * @param message of the error, or an empty string
 * @param checkpoint the last checkpoint of the subtask before it
 */
public record ReplayOutcome(
    DeadLetter letter, Kind kind, String code, String message, long checkpoint) {
  /** What became of it. */
  public enum Kind {
    /** The operator has processed it. */
    PROCESSED,
    /** The operator was given it, and could not process it again. */
    FAILED,
    /** It could not be given to the operator. */
    REFUSED
  }

  public static ReplayOutcome processed(DeadLetter letter, long checkpoint) {
    return new ReplayOutcome(letter, Kind.PROCESSED, "", "", checkpoint);
  }

  /** The operator took it as late: it counts as such, and goes where late rows go. */
  public static ReplayOutcome late(DeadLetter letter, long checkpoint) {
    return new ReplayOutcome(
        letter,
        Kind.PROCESSED,
        "FLX-DEADLETTER-0005",
        "the row was late for its window: it is counted, and goes where late rows go",
        checkpoint);
  }

  public static ReplayOutcome failed(DeadLetter letter, String code, String message) {
    return new ReplayOutcome(letter, Kind.FAILED, code, message, DeadLetter.FOR_GOOD);
  }

  public static ReplayOutcome refused(DeadLetter letter, String code, String message) {
    return new ReplayOutcome(letter, Kind.REFUSED, code, message, DeadLetter.FOR_GOOD);
  }
}
