package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;

/** What a query asks for and streams cannot give. */
final class Unsupported {
  private Unsupported() {}

  static FluxCoreException of(String what, String remedy) {
    return FluxCoreException.user("FLX-QUERY-0007", Place.WHOLE, what, remedy);
  }
}
