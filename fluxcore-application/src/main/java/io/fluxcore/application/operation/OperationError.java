package io.fluxcore.application.operation;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;

/**
 * Why an operation failed.
 *
 * @param code stable code, {@code FLX-…}
 * @param category who can mend it
 * @param message what happened
 * @param remedy what to do, or an empty string
 */
public record OperationError(String code, ErrorCategory category, String message, String remedy) {
  /** What a failure says of itself. */
  static OperationError of(Throwable failure) {
    if (failure instanceof FluxCoreException known) {
      Diagnostic first = known.diagnostics().get(0);
      return new OperationError(first.code(), known.category(), first.message(), first.remedy());
    }
    return new OperationError("FLX-OP-0003", ErrorCategory.BUG, failure.toString(), "");
  }

  /** The same as an exception. */
  public FluxCoreException toException() {
    return new FluxCoreException(
        category, Diagnostic.error(code, Place.of("operation"), message, remedy));
  }
}
