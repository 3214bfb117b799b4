package io.fluxcore.domain.topology;

import java.util.List;

/**
 * Collects the settings of a sink of messages over WebSocket to clients that connect. Not
 * thread-safe.
 */
public final class WebSocketSinkBuilder extends SinkBuilder<WebSocketSinkBuilder> {
  WebSocketSinkBuilder() {
    super("websocket", null);
  }

  /** The address of this machine, and the port, at which clients connect. */
  public WebSocketSinkBuilder withClientsAt(String host, int port) {
    return with("host", host).with("port", port);
  }

  /** The path that clients must ask for. */
  public WebSocketSinkBuilder withPath(String path) {
    return with("path", path);
  }

  /** What clients must show. */
  public WebSocketSinkBuilder withToken(String token) {
    return with("token", token);
  }

  /** Web origins whose pages may read. */
  public WebSocketSinkBuilder withAllowedOrigins(String... origins) {
    return with("allowedOrigins", List.of(origins));
  }

  /** How a row is written, such as {@code json}. */
  public WebSocketSinkBuilder withFormat(String format) {
    return with("format", format);
  }
}
