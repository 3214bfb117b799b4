package io.fluxcore.architecture.planted.libraries.jackson.infrastructure.embedded;

import tools.jackson.databind.JsonNode;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  JsonNode library;
}
