package io.fluxcore.adapters.out.http;

import io.fluxcore.application.connector.OptionProblems;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses may be called: those of the open network, and internal ones that are named. So an
 * address that somebody else gives cannot reach what stands behind the firewall. Immutable.
 */
public final class AddressRule {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** What is not of the open network, beside what the JDK knows as such. */
  private static final List<Network> INTERNAL =
      List.of(
          Network.of("0.0.0.0/8"),
          Network.of("100.64.0.0/10"),
          Network.of("192.0.0.0/24"),
          Network.of("198.18.0.0/15"),
          Network.of("240.0.0.0/4"),
          Network.of("fc00::/7"),
          // Those that hold an address of version 4, whatever it is.
          Network.of("::/96"),
          Network.of("64:ff9b::/96"),
          Network.of("64:ff9b:1::/48"),
          Network.of("2002::/16"));

  private final boolean isOpen;
  private final Set<String> hosts = new HashSet<>();
  private final List<Network> networks = new ArrayList<>();

  /**
   * Addresses that begin alike.
   *
   * @param bits of the address that they have in common
   */
  private record Network(InetAddress address, int bits) {
    static Network of(String text) {
      Network network = parse(text);
      if (network == null) {
        throw new IllegalArgumentException(text);
      }
      return network;
    }

    /** A network or a single address; null: it is neither. */
    static @Nullable Network parse(String text) {
      String[] parts = text.split("/", 2);
      if (!LITERAL.matcher(parts[0]).matches()) {
        return null;
      }
      try {
        InetAddress address = InetAddress.getByName(parts[0]);
        int all = address.getAddress().length * Byte.SIZE;
        int bits = parts.length == 1 ? all : Integer.parseInt(parts[1]);
        return bits < 0 || bits > all ? null : new Network(address, bits);
      } catch (UnknownHostException | NumberFormatException e) {
        return null; // for whoever gave it, it is wrong either way
      }
    }

    boolean has(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] its = other.getAddress();
      int rest = mine.length * Byte.SIZE - bits;
      return mine.length == its.length
          && new BigInteger(1, mine)
              .shiftRight(rest)
              .equals(new BigInteger(1, its).shiftRight(rest));
    }
  }

  private AddressRule(boolean isOpen) {
    this.isOpen = isOpen;
  }

  /**
   * A rule from options.
   *
   * @param allowInternal whether all addresses are allowed
   * @param option that names exceptions, for problems
   * @param exceptions hosts, addresses and networks that are allowed though they are internal
   */
  public static AddressRule of(
      boolean allowInternal, String option, List<String> exceptions, OptionProblems problems) {
    AddressRule rule = new AddressRule(allowInternal);
    for (String exception : exceptions) {
      Network network = Network.parse(exception);
      if (network != null) {
        rule.networks.add(network);
      } else if (exception.contains("/") || exception.contains(":")) {
        problems.add(
            option,
            "'" + exception + "' is neither a host nor a network",
            "give such as hooks.internal, 10.1.2.3 or 10.1.0.0/16");
      } else {
        rule.hosts.add(exception.toLowerCase(Locale.ROOT));
      }
    }
    return rule;
  }

  /**
   * Whether a host may be called at an address.
   *
   * @param host as it stands in the URL
   * @param address that its name has now
   */
  boolean allows(String host, InetAddress address) {
    return isOpen
        || hosts.contains(host.toLowerCase(Locale.ROOT))
        || networks.stream().anyMatch(network -> network.has(address))
        || !isInternal(address);
  }

  private static boolean isInternal(InetAddress address) {
    return address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || (address instanceof Inet6Address six && six.isIPv4CompatibleAddress())
        || INTERNAL.stream().anyMatch(network -> network.has(address));
  }
}
