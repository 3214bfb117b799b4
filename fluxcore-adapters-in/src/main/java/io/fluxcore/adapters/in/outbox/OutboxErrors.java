package io.fluxcore.adapters.in.outbox;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Codes of errors of the source, beside those that all connectors of databases have. */
final class OutboxErrors {
  static final String NOT_INSTALLED = "FLX-OUTBOX-0001";
  static final String LOST = "FLX-OUTBOX-0002";
  static final String POSITION = "FLX-OUTBOX-0003";
  static final String WRONG_TYPE = "FLX-OUTBOX-0101";
  static final String NO_ROW = "FLX-OUTBOX-0102";

  private OutboxErrors() {}

  static FluxCoreException notInstalled(String what, List<String> statements) {
    return FluxCoreException.user(
        NOT_INSTALLED,
        Place.of("install"),
        what,
        "set install: true, or have somebody run: " + String.join("; ", statements));
  }

  static FluxCoreException lost(OutboxSettings settings, long id, @Nullable Long first) {
    return FluxCoreException.user(
        LOST,
        Place.of("outboxTable"),
        settings
            + ": changes behind "
            + id
            + " were deleted; the first one is "
            + (first == null ? "none" : first),
        "start from the newest checkpoint of this job, or without one; each job needs an outbox of"
            + " its own");
  }

  static FluxCoreException position(String text) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            POSITION,
            Place.of("outboxTable"),
            "'" + text + "' is no position in an outbox",
            "start from a checkpoint of this source"));
  }
}
