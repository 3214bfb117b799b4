package io.fluxcore.architecture.planted.libraries.logging.infrastructure.embedded;

import org.slf4j.Logger;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Logger library;
}
