package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outside of a sink does not answer, or not now, and the same call may be made again: nothing
 * that the writer had taken before is lost, and of the batch at hand it has taken only the rows
 * that the exception counts. A writer that cannot promise that throws another exception, which
 * fails the job.
 */
public final class TransientSinkException extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  private final int taken;

  /**
   * A failure that may be over soon.
   *
   * @param taken how many of the batch's selected rows, from the first, have been taken and must
   *     not be given again; 0 where the call has no batch
   */
  public TransientSinkException(Diagnostic finding, int taken, @Nullable Throwable cause) {
    super(ErrorCategory.EXTERNAL, List.of(finding), cause);
    this.taken = taken;
  }

  /** How many selected rows have been taken. */
  public int taken() {
    return taken;
  }
}
