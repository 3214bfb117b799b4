package io.fluxcore.architecture.planted.libraries.flyway.adapters.out.store;

import org.flywaydb.core.Flyway;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Flyway library;
}
