package io.fluxcore.adapters.out.s3;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.state.StoreUnavailable;
import java.util.List;

/** A request that the store refused or did not answer; its message says what would help. */
final class S3Failure extends StoreUnavailable {
  private static final long serialVersionUID = 1L;

  private final ErrorCategory category;
  private final transient Diagnostic diagnostic;

  S3Failure(ErrorCategory category, Diagnostic diagnostic, Throwable cause) {
    super(diagnostic.toString(), cause);
    this.category = category;
    this.diagnostic = diagnostic;
  }

  ErrorCategory category() {
    return category;
  }

  Diagnostic diagnostic() {
    return diagnostic;
  }

  /** For who asked for the store, rather than for a checkpoint. */
  FluxCoreException toException() {
    return new FluxCoreException(category, List.of(diagnostic), this);
  }
}
