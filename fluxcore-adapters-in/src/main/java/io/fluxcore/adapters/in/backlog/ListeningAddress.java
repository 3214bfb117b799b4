package io.fluxcore.adapters.in.backlog;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;

/**
 * An address of this machine at which a source listens.
 *
 * @param host name or address, as the option {@code host} gives it
 * @param port as the option {@code port} gives it
 */
public record ListeningAddress(String host, int port) {
  private static final String NOT_LOCAL = "FLX-BACKLOG-0007";
  private static final String NO_PORT = "FLX-BACKLOG-0008";

  /**
   * The address, whoever listens there just now.
   *
   * @throws FluxCoreException if it is none of this machine
   */
  public InetSocketAddress resolve() {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null) {
        return new InetSocketAddress(address, port);
      }
      throw new UnknownHostException(host);
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          List.of(
              Diagnostic.error(
                  NOT_LOCAL,
                  Place.of("host"),
                  "'" + host + "' is no address of this machine to listen at",
                  "give one that it has, 127.0.0.1 for who is on it, or 0.0.0.0 for all")),
          e);
    }
  }

  /** Nobody can listen there. */
  public FluxCoreException unusable(IOException cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                NO_PORT,
                Place.of("port"),
                "cannot listen at " + this + ": " + cause.getMessage(),
                "give a port that nobody else listens at and that this user may have")),
        cause);
  }

  /** Host and port. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
