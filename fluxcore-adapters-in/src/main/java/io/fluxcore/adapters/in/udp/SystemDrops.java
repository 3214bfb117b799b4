package io.fluxcore.adapters.in.udp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Datagrams that the operating system threw away because a socket's buffer was full. Linux tells
 * them by socket, since it was opened, in the last column of {@code /proc/net/udp} and {@code
 * udp6}; elsewhere they are not known.
 */
final class SystemDrops {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
  private static final int LOCAL_ADDRESS = 1;

  private final List<Path> tables;
  private final Set<String> addresses;

  /** Of the socket that listens at an address. */
  SystemDrops(InetSocketAddress address) {
    this(TABLES, address);
  }

  SystemDrops(List<Path> tables, InetSocketAddress address) {
    this.tables = tables;
    this.addresses = asWritten(address);
  }

  /**
   * An address as the tables write it: words of four bytes in the order of this machine. One of
   * version 4 may be of a socket of version 6, too.
   */
  private static Set<String> asWritten(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String port = String.format(Locale.ROOT, ":%04X", address.getPort());
    if (host.isAnyLocalAddress()) {
      return Set.of("0".repeat(8) + port, "0".repeat(32) + port);
    }
    String words = words(host.getAddress());
    if (host instanceof Inet4Address) {
      byte[] mapped = {0, 0, (byte) 0xFF, (byte) 0xFF};
      return Set.of(words + port, "0".repeat(16) + words(mapped) + words + port);
    }
    return Set.of(words + port);
  }

  private static String words(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    StringBuilder words = new StringBuilder();
    while (in.hasRemaining()) {
      words.append(String.format(Locale.ROOT, "%08X", in.getInt()));
    }
    return words.toString();
  }

  /** How many; -1: not known. */
  long count() {
    long drops = -1;
    for (Path table : tables) {
      try {
        for (String line : Files.readAllLines(table)) {
          String[] words = line.strip().split(" +");
          if (words.length > LOCAL_ADDRESS && addresses.contains(words[LOCAL_ADDRESS])) {
            drops = Math.max(0, drops) + Long.parseLong(words[words.length - 1]);
          }
        }
      } catch (IOException | NumberFormatException e) {
        // There is no such table here: nothing is known from it.
      }
    }
    return drops;
  }
}
