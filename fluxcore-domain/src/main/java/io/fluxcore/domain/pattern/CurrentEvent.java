package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.EventBatch;
import org.jspecify.annotations.Nullable;

/** The row of a batch that matchers look at, one after the other. Not thread-safe. */
final class CurrentEvent {
  private final RowFormat format;
  private @Nullable EventBatch batch;
  private int row;
  private long timestamp;
  private long sequence;
  private @Nullable HeldEvent held;

  CurrentEvent(RowFormat format) {
    this.format = format;
  }

  /**
   * Goes to a row.
   *
   * @param newTimestamp its time, which is the clock's in processing time
   */
  void moveTo(EventBatch newBatch, int newRow, long newTimestamp, long newSequence) {
    batch = newBatch;
    row = newRow;
    timestamp = newTimestamp;
    sequence = newSequence;
    held = null;
  }

  EventBatch batch() {
    EventBatch current = batch;
    if (current == null) {
      throw new IllegalStateException("there is no row");
    }
    return current;
  }

  int row() {
    return row;
  }

  long timestamp() {
    return timestamp;
  }

  long sequence() {
    return sequence;
  }

  /** The event as matches hold it, the same for all of them. */
  HeldEvent hold() {
    HeldEvent event = held;
    if (event == null) {
      event = new HeldEvent(timestamp, sequence, format.encode(batch(), row));
      held = event;
    }
    return event;
  }
}
