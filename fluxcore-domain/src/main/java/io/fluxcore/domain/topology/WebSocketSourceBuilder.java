package io.fluxcore.domain.topology;

import java.util.List;

/** Collects the settings of a source of messages over WebSocket. Not thread-safe. */
public final class WebSocketSourceBuilder extends SourceBuilder<WebSocketSourceBuilder> {
  WebSocketSourceBuilder() {
    super("websocket", null);
  }

  /** The server to call: {@code wss://host/path}, without password. */
  public WebSocketSourceBuilder withUri(String uri) {
    return with("mode", "client").with("uri", uri);
  }

  /** Texts that are sent to the server when it is connected. */
  public WebSocketSourceBuilder withSubscribe(String... texts) {
    return with("subscribe", List.of(texts));
  }

  /** The address of this machine, and the port, at which clients call. */
  public WebSocketSourceBuilder withClientsAt(String host, int port) {
    return with("mode", "server").with("host", host).with("port", port);
  }

  /** What is shown to the server, or clients must show. */
  public WebSocketSourceBuilder withToken(String token) {
    return with("token", token);
  }

  /** Keeps messages in this directory until a checkpoint holds them. */
  public WebSocketSourceBuilder withSpool(String directory) {
    return with("spool", directory);
  }

  /** How a message is written, such as {@code json}. */
  public WebSocketSourceBuilder withFormat(String format) {
    return with("format", format);
  }
}
