package io.fluxcore.adapters.out.sse;

import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.TlsStores;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and to whom events are told.
 *
 * @param host local address to listen at
 * @param port 0: any that is free
 * @param allowedOrigins web origins whose pages may read; {@code *}: all
 * @param maxClients at once
 * @param bufferEvents kept for clients that are slow or come back
 * @param bufferBytes of them
 * @param heartbeat how often a silent stream says that it lives
 * @param sendTimeout how long a client may take no byte before it is dropped
 */
record SseOptions(
    String host,
    int port,
    String path,
    Access access,
    @Nullable TlsStores tls,
    List<String> allowedOrigins,
    int maxClients,
    int bufferEvents,
    long bufferBytes,
    Duration heartbeat,
    Duration sendTimeout) {
  /** For messages to people. */
  @Override
  public String toString() {
    return "sse " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + path;
  }
}
