package io.fluxcore.domain.operator;

import java.time.Duration;

/**
 * How an operator asks something outside without blocking: the host runs the call on a thread of
 * its own, and its completion comes back as a call of the operator, on the operator's thread and
 * between two others, never while {@link Operator#hasMore()}. Each call that is asked for completes
 * once, at the latest when its time is over, unless the operator is closed before.
 *
 * <p>An operator whose rows wait for completions says so by {@link Operator#awaitsCalls()}, saves
 * them in its snapshots and asks again after a restore: a call itself is never saved. It asks for
 * calls from its first {@link Operator#processingTime} on, not while it is opened or restored,
 * which also happens only to look at its state.
 *
 * <p>Used by the operator's thread.
 */
@FunctionalInterface
public interface AsyncCalls {
  /** Of a host that runs no calls: it fails whoever asks for one. */
  AsyncCalls NONE =
      new AsyncCalls() {
        @Override
        public <R> void call(
            Duration delay, Duration timeout, Work<R> work, Completion<R> completion) {
          throw new IllegalStateException("this host runs no asynchronous calls");
        }
      };

  /**
   * Asks for a call.
   *
   * @param delay before it is begun
   * @param timeout how long it may take after that; then it is interrupted, what it still gives is
   *     ignored, and the completion is a {@link CallTimeout}
   * @param work what is run on another thread; may block
   * @param completion is told how it ended
   */
  <R> void call(Duration delay, Duration timeout, Work<R> work, Completion<R> completion);

  /** What is run elsewhere. */
  @FunctionalInterface
  interface Work<R> {
    /** Gives the result; may block, and ends soon when its thread is interrupted. */
    R run() throws Exception;
  }

  /** How a call ended, told on the operator's thread. */
  interface Completion<R> {
    /** With a result. */
    void succeeded(R result, Output out);

    /** With what the work threw, or a {@link CallTimeout}. */
    void failed(Exception failure, Output out);
  }
}
