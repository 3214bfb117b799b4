package io.fluxcore.application.connector;

import org.jspecify.annotations.Nullable;

/**
 * Where a server is, and how one gets in.
 *
 * @param path what follows host and port in its address, without the first slash and decoded; null
 *     where nothing does
 * @param user null: none
 * @param password the user's
 * @param tls null: connections are plain
 */
public record ServerAddress(
    String host,
    int port,
    @Nullable String path,
    @Nullable String user,
    Secret password,
    @Nullable TlsStores tls) {

  /** Host and port. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
