package io.fluxcore.architecture.planted.technology.application;

import org.slf4j.Logger;

/** Planted: technology in a use case. */
final class UsesLogging {
  Logger logger;
}
