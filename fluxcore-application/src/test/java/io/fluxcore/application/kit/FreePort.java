package io.fluxcore.application.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports for the servers of tests. A port that was given is given to nobody else, in this process or
 * another, until this process ends, so that a server may go and come back at it: a lock on a file
 * says so. None is among those that the system gives to clients. For any threads.
 */
public final class FreePort {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;
  private static final Path CLAIMS =
      Path.of(System.getProperty("java.io.tmpdir"), "fluxcore-ports");
  // The locks go with their channels; and with any other channel to the file that is closed, so
  // that the file of a port that this process has must not be opened again.
  private static final Map<Integer, FileLock> CLAIMED = new HashMap<>();

  private FreePort() {}

  /**
   * One that neither TCP nor UDP uses at the loopback address.
   *
   * @throws IllegalStateException if there is none
   */
  public static synchronized int next() {
    try {
      Files.createDirectories(CLAIMS);
      int start = ThreadLocalRandom.current().nextInt(COUNT);
      for (int i = 0; i < COUNT; i++) {
        int port = FIRST + (start + i) % COUNT;
        FileLock claim = CLAIMED.containsKey(port) ? null : claim(port);
        if (claim == null) {
          continue;
        }
        if (isFree(port)) {
          CLAIMED.put(port, claim);
          return port;
        }
        claim.channel().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(
        "no port is free from " + FIRST + " to " + (FIRST + COUNT - 1) + " (see " + CLAIMS + ")");
  }

  private static @Nullable FileLock claim(int port) throws IOException {
    FileChannel channel =
        FileChannel.open(
            CLAIMS.resolve(Integer.toString(port)),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock != null) {
      return lock;
    }
    channel.close();
    return null;
  }

  private static boolean isFree(int port) {
    try (ServerSocket stream = new ServerSocket();
        DatagramSocket datagrams = new DatagramSocket(null)) {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      stream.bind(address);
      datagrams.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
