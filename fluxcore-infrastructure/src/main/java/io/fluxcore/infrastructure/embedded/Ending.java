package io.fluxcore.infrastructure.embedded;

/**
 * Whether a job is to end in order, and how. Once it is so it stays so, in all attempts. Used by
 * the job's thread.
 */
final class Ending {
  private boolean stopping;
  private boolean draining;

  /**
   * The job is to end. A second wish does not count.
   *
   * @param drain whether open windows give their results; otherwise they stay in the last snapshot
   * @return whether it was the first
   */
  boolean stop(boolean drain) {
    if (stopping) {
      return false;
    }
    stopping = true;
    draining = drain;
    return true;
  }

  boolean isStopping() {
    return stopping;
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether the job is to end with its next snapshot. */
  boolean isSuspending() {
    return stopping && !draining;
  }
}
