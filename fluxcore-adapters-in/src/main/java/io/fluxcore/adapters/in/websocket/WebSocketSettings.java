package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.backlog.ListeningAddress;
import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.TlsStores;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where messages come from.
 *
 * @param call null: clients call
 * @param listening null: a server is called
 * @param tls null: as the address says, or plain
 * @param access who may call, or what is shown to the server
 * @param pingInterval zero: the other side is not asked whether it lives
 * @param maxRecordBytes what a message may have
 */
record WebSocketSettings(
    @Nullable Call call,
    @Nullable Listening listening,
    @Nullable TlsStores tls,
    Access access,
    Duration pingInterval,
    int maxRecordBytes) {

  /**
   * A server.
   *
   * @param subscribe what is sent to it when it is connected
   * @param headers of the request, by name
   * @param subprotocol null: none
   */
  record Call(
      URI uri, List<String> subscribe, Map<String, String> headers, @Nullable String subprotocol) {}

  /**
   * Where clients call.
   *
   * @param path of the address, that they must ask for
   */
  record Listening(ListeningAddress address, String path, int maxConnections) {}

  /** Without query, which may hold a key. */
  String address() {
    Call to = call;
    if (to != null) {
      URI uri = to.uri();
      String path = uri.getRawPath();
      return uri.getScheme() + "://" + uri.getRawAuthority() + (path == null ? "" : path);
    }
    Listening at = listening;
    return at == null ? "" : at.address() + at.path();
  }

  /** For messages to people. */
  @Override
  public String toString() {
    return "websocket " + address();
  }
}
