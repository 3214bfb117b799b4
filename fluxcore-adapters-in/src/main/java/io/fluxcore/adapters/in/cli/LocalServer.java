package io.fluxcore.adapters.in.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A server in this process. Closing it ends it in order. */
public interface LocalServer extends AutoCloseable {
  /** Where it listens. */
  URI url();

  /** Whether other machines can reach it, which nothing but the network keeps them from. */
  boolean isOpen();

  @Override
  void close();

  /**
   * What the command line says of a server.
   *
   * @param port to listen at, 0 for any that is free; null to leave it to the configuration
   * @param address to listen at, or null to leave it to the configuration
   * @param insecure whether addresses that other machines reach are wanted, although nobody is
   *     asked who he is
   * @param data directory of the server
   * @param demo whether it runs two jobs of its own
   */
  record Settings(
      @Nullable Integer port,
      @Nullable String address,
      boolean insecure,
      Path data,
      boolean demo) {}

  /** Makes servers. */
  @FunctionalInterface
  interface Factory {
    /**
     * A server that takes requests.
     *
     * @throws io.fluxcore.domain.error.FluxCoreException if it cannot start
     */
    LocalServer start(Settings settings);
  }
}
