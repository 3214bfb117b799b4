package io.fluxcore.benchmarks;

/** Makes the events of a benchmark, each a pure function of its index. Used by one thread. */
public interface RowGenerator {
  /**
   * Writes events {@code first, first + step, …} to rows 0, 1, …: every column of each row, since
   * the columns may still hold earlier events.
   *
   * @param rows how many
   */
  void fill(long first, long step, int rows, GeneratedColumns target);

  /**
   * Indexes that are due now, counted from 0: a paced run emits no others.
   *
   * @return {@link Long#MAX_VALUE} when the run is not paced
   */
  default long due() {
    return Long.MAX_VALUE;
  }

  /** Says that a subtask has emitted this many events. */
  default void progress(int subtask, long emitted) {}
}
