package io.fluxcore.application.diagnosis;

/**
 * One thing that explains missing output.
 *
 * @param code stable, {@code FLX-WHY-…}
 * @param operatorId the node that it is about, or an empty string
 * @param message what is the case, with the numbers
 * @param remedy what a user can do
 */
public record Finding(
    String code, Severity severity, String operatorId, String message, String remedy) {
  /** How much it matters. */
  public enum Severity {
    INFO,
    WARNING,
    ERROR
  }
}
