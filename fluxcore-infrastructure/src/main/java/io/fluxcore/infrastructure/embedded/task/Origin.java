package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.deadletter.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows that a task has at hand come from, as far as it is known, for dead letters. Used
 * by the task's thread.
 */
final class Origin {
  private final String source;
  private String split = "";
  private @Nullable SplitPosition from;
  private @Nullable SplitPosition to;
  private long checkpoint;

  /**
   * An origin.
   *
   * @param source at the head of the task's stage, or an empty string
   * @param checkpoint that the task starts from, or 0
   */
  Origin(String source, long checkpoint) {
    this.source = source;
    this.checkpoint = checkpoint;
  }

  /** The rows of a split that were read between two positions. */
  void at(String newSplit, @Nullable SplitPosition newFrom, @Nullable SplitPosition newTo) {
    split = newSplit;
    from = newFrom;
    to = newTo;
  }

  /** The task has taken its part of a checkpoint. */
  void checkpoint(long id) {
    checkpoint = id;
  }

  /** The last checkpoint that the task has taken its part of, or that it started from. */
  long checkpoint() {
    return checkpoint;
  }

  /** Of one record. */
  DeadLetter.Origin exactly(String position) {
    return new DeadLetter.Origin(source, split, position);
  }

  /** Of a row that was read with others. */
  DeadLetter.Origin origin() {
    if (to == null) {
      return source.isEmpty()
          ? DeadLetter.Origin.UNKNOWN
          : new DeadLetter.Origin(source, split, "");
    }
    return new DeadLetter.Origin(
        source, split, (from == null ? "" : from.text()) + ".." + to.text());
  }
}
