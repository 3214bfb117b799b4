package io.fluxcore.adapters.in.rest;

import java.util.List;

/**
 * What this server is and can.
 *
 * @param features what clients may show
 */
record ServerResource(
    String name,
    String version,
    String apiVersion,
    List<String> features,
    Limits limits,
    List<String> sources,
    List<String> sinks) {
  /** How much a request may ask for. */
  record Limits(
      int maxJobFileBytes,
      int maxPublishBytes,
      int maxPublishEvents,
      int maxEventBytes,
      int maxReadings,
      int maxWaits,
      int maxQueries,
      int maxLatest) {}
}
