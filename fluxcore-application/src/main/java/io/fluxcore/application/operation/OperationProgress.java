package io.fluxcore.application.operation;

/**
 * How far an operation is.
 *
 * @param percent 0 to 100; never less than before
 * @param step what is being done, in a few words
 */
public record OperationProgress(int percent, String step) {
  public static final OperationProgress NONE = new OperationProgress(0, "accepted");

  public OperationProgress {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("percent is " + percent + ", must be 0..100");
    }
  }
}
