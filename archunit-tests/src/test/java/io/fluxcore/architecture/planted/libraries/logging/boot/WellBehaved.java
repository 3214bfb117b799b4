package io.fluxcore.architecture.planted.libraries.logging.boot;

import org.slf4j.Logger;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Logger library;
}
