package io.fluxcore.application.runtime.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis for tests: that of {@code FLUXCORE_TEST_REDIS} (an address such as {@code
 * redis://localhost:6379/9}; tests write under prefixes of their own), or else a process of its own
 * of Debian's {@code redis-server}, which {@code bin/redis} installs, at a port that is free and in
 * a directory that is deleted. Where neither can be had, the tests fail with the reason.
 */
public final class RedisServer implements AutoCloseable {
  private static final String VARIABLE = "FLUXCORE_TEST_REDIS";
  private static final String PROGRAM_VARIABLE = "FLUXCORE_REDIS_SERVER";
  private static final String PROGRAM = "/usr/bin/redis-server";
  private static final int ATTEMPTS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LOOK_EVERY_MILLIS = 20;

  private final String uri;
  private final @Nullable Process process;
  private final @Nullable Path directory;
  private final int port;

  private RedisServer(String uri, @Nullable Process process, @Nullable Path directory, int port) {
    this.uri = uri;
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /** The one that is named, or a new one. */
  public static RedisServer start() {
    String given = System.getenv(VARIABLE);
    return given == null ? startOwn() : new RedisServer(given, null, null, 0);
  }

  /**
   * A new one, which may be stopped and killed.
   *
   * @param options of redis-server, such as {@code --maxmemory 10mb}
   */
  public static RedisServer startOwn(String... options) {
    try {
      for (int attempt = 1; ; attempt++) {
        Path directory = Files.createTempDirectory("fluxcore-redis");
        int port = freePort();
        RedisServer server = launch(port, directory, options);
        if (server.isReady()) {
          return server;
        }
        String log = Files.readString(directory.resolve("log"));
        server.close();
        if (attempt == ATTEMPTS || !log.contains("Address already in use")) {
          throw new IllegalStateException("redis-server ended as soon as it was started:\n" + log);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "Redis cannot be started here ("
              + e
              + "); bin/redis installs it, or name a running one in "
              + VARIABLE
              + ", such as redis://localhost:6379/9",
          e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static RedisServer launch(int port, Path directory, String... options)
      throws IOException {
    String program = System.getenv(PROGRAM_VARIABLE);
    List<String> command =
        new ArrayList<>(
            List.of(
                program == null ? PROGRAM : program,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--appendonly",
                "no",
                "--daemonize",
                "no",
                "--save",
                ""));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    return new RedisServer("redis://127.0.0.1:" + port + "/0", process, directory, port);
  }

  /** Waits until it answers; whether it does not end before. */
  private boolean isReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String seen = "nothing";
    while (own().isAlive()) {
      try {
        seen = ask("PING");
        if (seen.startsWith("+PONG") || seen.startsWith("-NOAUTH")) {
          return true;
        }
      } catch (IOException e) {
        seen = e.toString();
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("redis-server does not answer as it should: " + seen);
      }
      waitALittle();
    }
    return false;
  }

  private void waitALittle() {
    try {
      if (own().waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Redis starts", e);
    }
  }

  private Process own() {
    if (process == null) {
      throw new IllegalStateException("the Redis of " + VARIABLE + " is not ours to end");
    }
    return process;
  }

  /** The answer to a command without spaces in its words, if it is one line or one text. */
  public String ask(String... words) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket
          .getOutputStream()
          .write((String.join(" ", words) + "\r\n").getBytes(StandardCharsets.UTF_8));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      if (line != null && line.startsWith("$") && !line.equals("$-1")) {
        line = in.readLine();
      }
      return line == null ? "" : line;
    }
  }

  /** Its address. */
  public String uri() {
    return uri;
  }

  /** Its port, if it is a process of ours. */
  public int port() {
    return port;
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    own().destroyForcibly();
    awaitEnd();
  }

  /** Stops it, so that it takes connections and answers nothing, until it is killed. */
  public void pause() {
    try {
      new ProcessBuilder("kill", "-STOP", Long.toString(own().pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it anew where it was, after it was killed: with nothing in it. */
  public RedisServer restarted(String... options) {
    try {
      RedisServer again = launch(port, Files.createTempDirectory("fluxcore-redis"), options);
      if (!again.isReady()) {
        throw new IllegalStateException(
            "redis-server cannot be started at port " + port + " again");
      }
      return again;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitEnd() {
    try {
      own().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (process == null || directory == null) {
      return;
    }
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
