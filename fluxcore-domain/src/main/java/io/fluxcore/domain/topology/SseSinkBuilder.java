package io.fluxcore.domain.topology;

import java.util.List;

/**
 * Collects the settings of a sink of server-sent events to clients that connect. Not thread-safe.
 */
public final class SseSinkBuilder extends SinkBuilder<SseSinkBuilder> {
  SseSinkBuilder() {
    super("sse", null);
  }

  /** The address of this machine, and the port, at which clients connect. */
  public SseSinkBuilder withClientsAt(String host, int port) {
    return with("host", host).with("port", port);
  }

  /** The path that clients must ask for. */
  public SseSinkBuilder withPath(String path) {
    return with("path", path);
  }

  /** What clients must show. */
  public SseSinkBuilder withToken(String token) {
    return with("token", token);
  }

  /** Web origins whose pages may read. */
  public SseSinkBuilder withAllowedOrigins(String... origins) {
    return with("allowedOrigins", List.of(origins));
  }

  /** How a row is written, such as {@code json}. */
  public SseSinkBuilder withFormat(String format) {
    return with("format", format);
  }
}
