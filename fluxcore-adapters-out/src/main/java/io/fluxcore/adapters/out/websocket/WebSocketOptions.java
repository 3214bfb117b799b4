package io.fluxcore.adapters.out.websocket;

import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.TlsStores;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and to whom messages go.
 *
 * @param host local address to listen at
 * @param isText whether messages are texts, or else bytes
 * @param allowedOrigins web origins whose pages may read; {@code *}: all
 * @param maxClients at once
 * @param bufferEvents kept for clients that are slow
 * @param bufferBytes of them
 * @param pingInterval how often clients are asked whether they live; zero: never
 * @param sendTimeout how long a client may take nothing before it is dropped
 */
record WebSocketOptions(
    String host,
    int port,
    String path,
    boolean isText,
    Access access,
    @Nullable TlsStores tls,
    List<String> allowedOrigins,
    int maxClients,
    int bufferEvents,
    long bufferBytes,
    Duration pingInterval,
    Duration sendTimeout) {
  /** For messages to people. */
  @Override
  public String toString() {
    return "websocket " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + path;
  }
}
