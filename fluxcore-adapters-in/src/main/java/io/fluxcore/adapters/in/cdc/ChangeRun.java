package io.fluxcore.adapters.in.cdc;

import org.jspecify.annotations.Nullable;

/**
 * One run of what reads the log, from a position until it ends, fails or is closed. It reads no
 * faster than changes are taken. For one thread.
 */
interface ChangeRun extends AutoCloseable {
  /** What comes next, or null. */
  @Nullable Change next();

  /** How it ended, once everything that it read has been taken; null before. */
  @Nullable End end();

  /** The database need not keep what came up to a change. */
  void confirm(Change change);

  @Override
  void close();

  /**
   * How a run has ended by itself.
   *
   * @param message what went wrong, or null
   */
  record End(@Nullable String message, @Nullable Throwable error) {
    boolean isFailure() {
      return message != null || error != null;
    }
  }
}
