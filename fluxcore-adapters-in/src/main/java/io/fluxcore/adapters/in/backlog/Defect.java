package io.fluxcore.adapters.in.backlog;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;

/** What nobody expected of a thread that a source has of its own, so that the source ends by it. */
final class Defect {
  private Defect() {}

  static FluxCoreException of(String name, RuntimeException cause) {
    return new FluxCoreException(
        ErrorCategory.BUG,
        List.of(
            Diagnostic.error(
                "FLX-BACKLOG-0006",
                Place.of(name),
                name + " cannot go on: " + cause,
                "this is a defect of the connector or its client library: report it")),
        cause);
  }
}
