package io.fluxcore.adapters.in.backlog;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backlog has no room now: nothing was taken, and later there may be room. */
public final class BacklogFull extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  BacklogFull(Diagnostic finding, @Nullable Throwable cause) {
    super(ErrorCategory.RESOURCE, List.of(finding), cause);
  }
}
