package io.fluxcore.infrastructure.embedded.channel;

import io.fluxcore.domain.event.EventBatch;

/** What travels in a {@link Channel}, in order. */
public sealed interface Element {
  /**
   * Rows.
   *
   * @param bytes what they count against the channel's bound
   * @param readNanos {@link System#nanoTime()} when the oldest of the rows that led to these was
   *     read by its source
   */
  record Rows(EventBatch batch, long bytes, long readNanos) implements Element {}

  /**
   * No row at or below the timestamp will come any more, late ones excepted.
   *
   * @param timestamp epoch milliseconds, {@link Long#MAX_VALUE} at the end of a bounded input
   * @param readNanos when the source read what made the watermark rise
   */
  record Watermark(long timestamp, long readNanos) implements Element {}

  /** The sender has no active input: its watermark holds nobody back. */
  record Idle() implements Element {
    public static final Idle INSTANCE = new Idle();
  }

  /** The sender is no longer idle. */
  record Active() implements Element {
    public static final Active INSTANCE = new Active();
  }

  /** Everything before it belongs to the checkpoint, nothing after it does. */
  record Barrier(long checkpointId) implements Element {}

  /** Nothing comes after it. */
  record EndOfInput() implements Element {
    public static final EndOfInput INSTANCE = new EndOfInput();
  }
}
