package io.fluxcore.adapters.in.socket;

import io.fluxcore.adapters.in.backlog.ListeningAddress;
import io.fluxcore.application.connector.TlsStores;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where records come from.
 *
 * @param isServer whether clients call, or else a server is called
 * @param host of the server, or the local address at which clients call
 * @param tls null: connections are plain
 * @param maxConnections of clients at once
 * @param silence how long a connection may be silent before it is ended; zero: for ever
 * @param maxRecordBytes what a record may have
 */
record SocketSettings(
    boolean isServer,
    String host,
    int port,
    @Nullable TlsStores tls,
    int maxConnections,
    Duration silence,
    Framing framing,
    int maxRecordBytes) {

  int silenceMillis() {
    return (int) Math.min(Integer.MAX_VALUE, silence.toMillis());
  }

  ListeningAddress listening() {
    return new ListeningAddress(host, port);
  }

  /** Where it is. */
  String address() {
    return listening().toString();
  }

  /** For messages to people. */
  @Override
  public String toString() {
    return "socket " + address();
  }
}
