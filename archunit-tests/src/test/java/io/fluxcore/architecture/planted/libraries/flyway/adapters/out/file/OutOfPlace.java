package io.fluxcore.architecture.planted.libraries.flyway.adapters.out.file;

import org.flywaydb.core.Flyway;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Flyway library;
}
