package io.fluxcore.domain.operator;

import io.fluxcore.domain.event.EventBatch;

/** Where an operator's batches go. Valid during the call that received it, on its thread. */
public interface Output {
  /** The port of an operator's ordinary results. */
  int MAIN = 0;

  /**
   * Hands a batch on; empty batches are ignored. May block where the host has no other means of
   * back-pressure.
   *
   * @param port {@link #MAIN} or a port that the operator declares, such as its late output
   */
  void emit(int port, EventBatch batch);

  default void emit(EventBatch batch) {
    emit(MAIN, batch);
  }

  /**
   * Whether downstream takes more without delay. An operator with much to emit (a firing, a
   * flatMap) looks after each batch of about {@link EventBatch#TARGET_ROWS} rows, and when it is
   * false keeps the rest, says {@link Operator#hasMore()}, and goes on in {@link Operator#resume}.
   * A single batch may always be emitted.
   */
  boolean hasCapacity();
}
