package io.fluxcore.application.results;

/**
 * What a reading of results begins with and how much it may hold.
 *
 * @param operatorId the node to read; an empty string for the only sink
 * @param latest how many of the latest rows to begin with, at most {@value #MAX_LATEST}
 * @param bufferRows rows that wait for the reader before the oldest are missed
 */
public record SubscribeOptions(String operatorId, int latest, int bufferRows) {
  /** The latest rows of each sink that are kept for readings to begin with. */
  public static final int MAX_LATEST = 100;

  private static final int BUFFER_ROWS = 10_000;

  public SubscribeOptions {
    if (latest < 0 || latest > MAX_LATEST) {
      throw new IllegalArgumentException("latest is 0 to " + MAX_LATEST + ", not " + latest);
    }
    if (bufferRows < 1) {
      throw new IllegalArgumentException("bufferRows is at least 1, not " + bufferRows);
    }
  }

  /** Of a node, from now on. */
  public static SubscribeOptions of(String operatorId) {
    return new SubscribeOptions(operatorId, 0, BUFFER_ROWS);
  }

  /** As this, beginning with the latest rows. */
  public SubscribeOptions withLatest(int rows) {
    return new SubscribeOptions(operatorId, rows, bufferRows);
  }
}
