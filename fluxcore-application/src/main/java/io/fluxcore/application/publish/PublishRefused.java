package io.fluxcore.application.publish;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Back-pressure: nothing (or only the first {@link #accepted()} events) was taken; try again after
 * {@link #retryAfter()}.
 */
public final class PublishRefused extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  private final int accepted;
  private final Duration retryAfter;

  public PublishRefused(
      Diagnostic reason, int accepted, Duration retryAfter, @Nullable Throwable cause) {
    super(ErrorCategory.RESOURCE, List.of(reason), cause);
    this.accepted = accepted;
    this.retryAfter = retryAfter;
  }

  /** How many of the events, from the first, were taken all the same. */
  public int accepted() {
    return accepted;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
