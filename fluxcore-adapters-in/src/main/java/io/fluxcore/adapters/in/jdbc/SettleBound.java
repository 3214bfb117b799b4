package io.fluxcore.adapters.in.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Up to which value rows are read: the largest that was seen so long ago that no row below it can
 * still come. Times are of {@link System#nanoTime}. Not thread-safe.
 */
final class SettleBound {
  private static final int MOST = 10_000;

  private final long settleNanos;
  private final ArrayDeque<Seen> seen = new ArrayDeque<>();
  private @Nullable String bound;

  private record Seen(long nanos, String value) {}

  SettleBound(Duration settle) {
    this.settleNanos = settle.toNanos();
  }

  /** This was the largest value at a time. */
  void saw(String value, long nanos) {
    Seen last = seen.peekLast();
    boolean isNew = last == null ? !value.equals(bound) : !value.equals(last.value());
    if (isNew && seen.size() < MOST) {
      seen.add(new Seen(nanos, value));
    }
  }

  /** The bound now; null if nothing may be read yet. */
  @Nullable String at(long nanos) {
    Seen first = seen.peek();
    while (first != null && nanos - first.nanos() >= settleNanos) {
      bound = first.value();
      seen.remove();
      first = seen.peek();
    }
    return bound;
  }

  /** When the bound rises, at the latest; null if that is not known. */
  @Nullable Long risesAt() {
    Seen first = seen.peek();
    return first == null ? null : first.nanos() + settleNanos;
  }
}
