package io.fluxcore.domain.transform;

import io.fluxcore.domain.error.RecordException;

/**
 * What becomes of exceptions of user code. Callers catch {@link Exception} only: an {@link Error}
 * says nothing about the row, and fails the job.
 */
public final class UserCode {
  static final String THREW = "FLX-TRANSFORM-0001";

  private UserCode() {}

  /** The error of a row for which user code threw; one that has a code keeps it. */
  public static RecordException error(String operatorId, Exception thrown) {
    String operator = "operator '" + operatorId + "': ";
    if (thrown instanceof RecordException e) {
      return new RecordException(e.code(), operator + e.diagnostics().get(0).message(), e);
    }
    String message = thrown.getMessage();
    return new RecordException(
        THREW,
        operator
            + "user code threw "
            + thrown.getClass().getSimpleName()
            + (message == null ? "" : ": " + message),
        thrown);
  }
}
