package io.fluxcore.adapters.in.spool;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A spool, or its disk, has no room; nothing of the records was taken. Later there may be room. */
public final class SpoolFull extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  SpoolFull(String code, String message, String remedy, @Nullable Throwable cause) {
    super(
        ErrorCategory.RESOURCE,
        List.of(Diagnostic.error(code, Place.of("spool"), message, remedy)),
        cause);
  }
}
