package io.fluxcore.adapters.in.rest;

import java.time.Duration;
import java.util.List;

/**
 * What the REST API says of itself, and how much of the process it may take.
 *
 * @param version of FluxCore, as {@code /api/v1/info} tells it
 * @param maxPublishBytes body of one request that publishes events
 * @param maxPublishEvents events of one request
 * @param maxEventBytes one event
 * @param maxReadings results that are read at the same time, over HTTP and WebSocket together
 * @param maxWaits requests that wait for the end of a job at the same time
 * @param maxQueries queries that run at the same time
 * @param queryIdle after which a query that nobody reads is cancelled
 * @param heartbeat after so long without rows a reading says that it lives, and so learns that its
 *     client has gone
 * @param sendTimeout after which a WebSocket client that takes nothing is given up
 * @param allowedOrigins web origins ({@code https://host:port}) beside the server's own whose pages
 *     may use the API; others are refused
 */
public record RestSettings(
    String version,
    int maxPublishBytes,
    int maxPublishEvents,
    int maxEventBytes,
    int maxReadings,
    int maxWaits,
    int maxQueries,
    Duration queryIdle,
    Duration heartbeat,
    Duration sendTimeout,
    List<String> allowedOrigins) {
  public RestSettings {
    atLeastOne("maxPublishBytes", maxPublishBytes);
    atLeastOne("maxPublishEvents", maxPublishEvents);
    atLeastOne("maxEventBytes", maxEventBytes);
    atLeastOne("maxReadings", maxReadings);
    atLeastOne("maxWaits", maxWaits);
    atLeastOne("maxQueries", maxQueries);
    atLeastOne("queryIdle", queryIdle.toMillis());
    atLeastOne("heartbeat", heartbeat.toMillis());
    atLeastOne("sendTimeout", sendTimeout.toMillis());
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, not " + value);
    }
  }

  /**
   * 16 MiB and 100,000 events a request, 1 MiB an event, 32 readings, 64 waits, 16 queries, 10 s.
   */
  public static RestSettings defaults(String version) {
    return new RestSettings(
        version,
        16 << 20,
        100_000,
        1 << 20,
        32,
        64,
        16,
        Duration.ofMinutes(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        List.of());
  }
}
