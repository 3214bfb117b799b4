package io.fluxcore.domain.error;

import org.jspecify.annotations.Nullable;

/**
 * One record cannot be processed: a value of the wrong type, a malformed line, user code that
 * threw. It is counted and handled by the operator's error policy; it never stops a batch.
 */
public final class RecordException extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  public RecordException(String code, String message, @Nullable Throwable cause) {
    super(
        ErrorCategory.USER,
        java.util.List.of(Diagnostic.error(code, Place.WHOLE, message, "")),
        cause);
  }

  public RecordException(String code, String message) {
    this(code, message, null);
  }
}
