package io.fluxcore.boot.server;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.core.env.PropertyResolver;

/**
 * Who can reach the server. There are no users and no passwords yet, so that other machines are
 * kept out unless somebody says that they may come in.
 */
final class Exposure {
  static final String INSECURE = "fluxcore.server.insecure";
  private static final List<String> ADDRESSES =
      List.of("server.address", "management.server.address");

  private Exposure() {}

  /**
   * Whether other machines can reach the server.
   *
   * @throws FluxCoreException if they can, and nobody said that they may
   */
  static boolean check(PropertyResolver properties) {
    boolean open = false;
    for (String property : ADDRESSES) {
      String address = properties.getProperty(property);
      if (address != null && !isLoopback(property, address)) {
        open = true;
        if (!properties.getProperty(INSECURE, Boolean.class, false)) {
          throw FluxCoreException.user(
              "FLX-SERVER-0001",
              Place.of(property),
              "other machines can reach "
                  + address
                  + ", and there are no users and passwords yet: whoever reaches the server may run"
                  + " jobs and read their results",
              "listen at 127.0.0.1, or say --insecure if the network keeps others away");
        }
      }
    }
    return open;
  }

  private static boolean isLoopback(String property, String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw FluxCoreException.user(
          "FLX-SERVER-0005",
          Place.of(property),
          "'" + address + "' is no address of this machine",
          "say 127.0.0.1, or an address that `ip address` lists");
    }
  }
}
