package io.fluxcore.domain.error;

/**
 * One finding of a validation: what was asked and why it cannot be, where, and what would help.
 *
 * @param severity {@link Severity#ERROR} stops, {@link Severity#WARNING} is told
 * @param code stable code, {@code FLX-…}
 * @param place where
 * @param message what was asked and the offending value
 * @param remedy what to do, or an empty string where nothing sensible can be said
 */
public record Diagnostic(
    Severity severity, String code, Place place, String message, String remedy) {

  /** How bad a finding is. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public static Diagnostic error(String code, Place place, String message, String remedy) {
    return new Diagnostic(Severity.ERROR, code, place, message, remedy);
  }

  public static Diagnostic warning(String code, Place place, String message, String remedy) {
    return new Diagnostic(Severity.WARNING, code, place, message, remedy);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The same finding in the text or part of something named. */
  public Diagnostic in(String name) {
    return new Diagnostic(severity, code, place.in(name), message, remedy);
  }

  @Override
  public String toString() {
    String where = place.toString();
    return code
        + (where.isEmpty() ? "" : " at " + where)
        + ": "
        + message
        + (remedy.isEmpty() ? "" : " (" + remedy + ")");
  }
}
