package io.fluxcore.application.operation;

import java.util.Locale;

/** What an operation does to its job. */
public enum OperationType {
  /** Stops it with its state, to be resumed. */
  SUSPEND,
  /** Starts it from the state that it was suspended with. */
  RESUME,
  /** Stops it with its state, or without, and starts it again. */
  RESTART,
  /** Stops it with its state and starts it at another parallelism. */
  RESCALE,
  /** Makes a savepoint of it, after which it may be over. */
  SAVEPOINT,
  /** Has a new job replay it, or takes it back itself. */
  REPLAY,
  /** Makes a view of the state that it had at a time; the job is not touched. */
  STATE_AS_OF;

  /** The word that addresses and messages use: {@code suspend}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
