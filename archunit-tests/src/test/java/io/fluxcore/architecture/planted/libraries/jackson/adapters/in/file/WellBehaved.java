package io.fluxcore.architecture.planted.libraries.jackson.adapters.in.file;

import tools.jackson.databind.JsonNode;

/** Allowed: a library in its folder. */
final class WellBehaved {
  JsonNode library;
}
