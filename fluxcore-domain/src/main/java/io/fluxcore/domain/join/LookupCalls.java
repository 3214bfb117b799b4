package io.fluxcore.domain.join;

import java.time.Duration;

/**
 * How a lookup join asks.
 *
 * @param ordered whether results leave in the order of the rows, or as soon as they are known
 * @param inFlight calls of a subtask that are under way at once, at most
 * @param largestBatch keys that one call asks for at most; less where the table can less
 * @param timeout of one call
 */
public record LookupCalls(boolean ordered, int inFlight, int largestBatch, Duration timeout) {
  public LookupCalls {
    if (inFlight < 1 || largestBatch < 1) {
      throw new IllegalArgumentException(
          "inFlight is " + inFlight + " and largestBatch " + largestBatch + ", must be positive");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout is " + timeout + ", must be positive");
    }
  }
}
