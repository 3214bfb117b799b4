package io.fluxcore.application.job;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;

/** This server has a job no longer: whatever it still does for it must not count. */
public final class LeaseLostException extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  /**
   * A job is lost.
   *
   * @param token with which it was held
   */
  public LeaseLostException(JobId id, long token) {
    super(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(
            "FLX-STORE-0001",
            Place.of("job " + id),
            "this server does not have the job any more: its lease with token "
                + token
                + " is over",
            "another server has taken the job on, after this one did not answer for a while; there"
                + " is nothing to be done"));
  }
}
