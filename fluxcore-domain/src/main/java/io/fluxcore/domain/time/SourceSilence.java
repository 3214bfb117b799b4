package io.fluxcore.domain.time;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The wall-clock fallback of a source whose partitions all give nothing. After the timeout its
 * event time goes on with the clock: the watermark is the one that its furthest row would give,
 * plus the time since the last row. All subtasks of a source share one of these, since it is the
 * source as a whole that must be silent. There is no fallback before the first row.
 *
 * <p>While a subtask cannot be read, because of back-pressure or alignment, and for the timeout
 * afterwards, the source is not silent. Time between a checkpoint and its restore does not count,
 * so that rows that came in the meantime are not late.
 *
 * <p>Time is passed in. Thread-safe, without locks.
 */
public final class SourceSilence {
  private static final Anchor UNKNOWN = new Anchor(Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE);

  private final long timeoutMillis;
  private final AtomicReference<Anchor> last = new AtomicReference<>(UNKNOWN);
  private final AtomicLong heldMillis = new AtomicLong(Long.MIN_VALUE);

  /**
   * What event time is reckoned from.
   *
   * @param furthest largest watermark that rows gave
   * @param base event time at {@code atMillis}
   * @param atMillis processing time of the last row, or of the restore
   */
  private record Anchor(long furthest, long base, long atMillis) {}

  public SourceSilence(Duration timeout) {
    this.timeoutMillis = timeout.toMillis();
  }

  private Anchor anchor() {
    return Objects.requireNonNull(last.get());
  }

  /** A subtask has read rows; its partition's watermark is this now. */
  void rows(long watermark, long nowMillis) {
    while (true) {
      Anchor old = anchor();
      long furthest = Math.max(old.furthest(), watermark);
      long at = Math.max(old.atMillis(), nowMillis);
      if (furthest == old.base() && at == old.atMillis()) {
        return;
      }
      if (last.compareAndSet(old, new Anchor(furthest, furthest, at))) {
        return;
      }
    }
  }

  /**
   * A partition goes on after a restore.
   *
   * @param watermark that its rows had given
   * @param eventTime {@link #eventTime} at the checkpoint
   */
  void restore(long watermark, long eventTime, long nowMillis) {
    last.accumulateAndGet(
        new Anchor(watermark, Math.max(watermark, eventTime), nowMillis),
        (old, own) ->
            new Anchor(
                Math.max(old.furthest(), own.furthest()),
                Math.max(old.base(), own.base()),
                Math.max(old.atMillis(), own.atMillis())));
  }

  /** A subtask could not be read until now. */
  void held(long nowMillis) {
    heldMillis.accumulateAndGet(nowMillis, Math::max);
  }

  /** Event time if it went on with the clock since the last row; MIN_VALUE before the first. */
  long eventTime(long nowMillis) {
    Anchor anchor = anchor();
    return anchor.base() == Long.MIN_VALUE || nowMillis <= anchor.atMillis()
        ? anchor.base()
        : anchor.base() + (nowMillis - anchor.atMillis());
  }

  /** The watermark of the silent source, or {@link Long#MIN_VALUE} if it is not silent. */
  long watermark(long nowMillis) {
    Anchor anchor = anchor();
    long since = Math.max(anchor.atMillis(), heldMillis.get());
    return anchor.base() == Long.MIN_VALUE || nowMillis - since < timeoutMillis
        ? Long.MIN_VALUE
        : anchor.base() + (nowMillis - anchor.atMillis());
  }
}
