package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;

/** Messages on their way from those who push them to a reader. */
public interface Inflow extends AutoCloseable {
  /** Where they wait. */
  Backlog backlog();

  /** Where reading goes on after what was read so far. */
  SplitPosition position();

  /** How many messages were left out since the last call, because they had come before. */
  int takeDuplicates();

  /** How many messages are known to have been lost on their way; -1: none can be, as is known. */
  default long lost() {
    return -1;
  }

  /**
   * Returns if messages may still come.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException what has ended it for good
   */
  void check();

  /** Ends it. A second call does nothing. */
  @Override
  void close();
}
