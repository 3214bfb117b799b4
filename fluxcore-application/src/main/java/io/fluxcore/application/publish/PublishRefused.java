package io.fluxcore.application.publish;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.time.Duration;

/** A stream takes no more now. */
public final class PublishRefused extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  private final int accepted;
  private final Duration retryAfter;

  public PublishRefused(Diagnostic diagnostic, int accepted, Duration retryAfter) {
    super(ErrorCategory.RESOURCE, diagnostic);
    this.accepted = accepted;
    this.retryAfter = retryAfter;
  }

  public int accepted() {
    return accepted;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
