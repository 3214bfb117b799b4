package io.fluxcore.application.job;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;

/** There is a job of the same name that is not over. */
public final class JobNameTakenException extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  public JobNameTakenException(String name) {
    super(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(
            "FLX-STORE-0006",
            Place.of("job"),
            "another server has just submitted a job '" + name + "'",
            "submit it again to attach to that job"));
  }
}
