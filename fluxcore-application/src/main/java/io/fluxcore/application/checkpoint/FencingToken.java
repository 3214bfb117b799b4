package io.fluxcore.application.checkpoint;

/**
 * Shows that a server owns a job. Whoever takes a job over is given a higher one, and from then on
 * whatever comes with a lower one is refused: so an owner that was taken for dead and wakes up does
 * no harm.
 *
 * @param value from 1
 */
public record FencingToken(long value) implements Comparable<FencingToken> {
  public FencingToken {
    if (value < 1) {
      throw new IllegalArgumentException("a fencing token is at least 1, not " + value);
    }
  }

  @Override
  public int compareTo(FencingToken other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
