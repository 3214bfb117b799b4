package io.fluxcore.domain.window;

/**
 * One window of all rows of a group, which ends with the input. Triggers make it give results
 * before. Its results have no bounds, and as their time the end of all times, {@link
 * Long#MAX_VALUE}, as in Flink.
 */
public record GlobalWindow() implements WindowSpec {
  /** Its end. */
  static final long END = Long.MAX_VALUE;

  @Override
  public String toString() {
    return "global";
  }
}
