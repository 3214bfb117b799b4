package io.fluxcore.application.runtime.kit;

import io.fluxcore.application.kit.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis for tests: that of {@code FLUXCORE_TEST_REDIS} (an address such as {@code
 * redis://localhost:6379/9}; tests write under prefixes of their own), or else a process of its own
 * of Debian's {@code redis-server}, which {@code bin/servers} installs, at a port that is free and
 * in a directory that is deleted. Where neither can be had, the tests fail with the reason.
 */
public final class RedisServer implements AutoCloseable {
  private static final String VARIABLE = "FLUXCORE_TEST_REDIS";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String uri;
  private final @Nullable ServerProcess process;

  private RedisServer(String uri, @Nullable ServerProcess process) {
    this.uri = uri;
    this.process = process;
  }

  /** The one that is named, or a new one. */
  public static RedisServer start() {
    String given = System.getenv(VARIABLE);
    return given == null ? startOwn() : new RedisServer(given, null);
  }

  /**
   * A new one, which may be stopped and killed.
   *
   * @param options of redis-server, such as {@code --maxmemory 10mb}
   */
  public static RedisServer startOwn(String... options) {
    String program =
        ServerProcess.program("redis", "FLUXCORE_REDIS_SERVER", "/usr/bin/redis-server");
    ServerProcess process =
        ServerProcess.start(
            "redis",
            (port, directory) -> {
              List<String> command = new ArrayList<>(List.of(program));
              command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
              command.addAll(List.of("--dir", directory.toString(), "--daemonize", "no"));
              command.addAll(List.of("--appendonly", "no", "--save", ""));
              command.addAll(List.of(options));
              return new ProcessBuilder(command);
            },
            port -> {
              String answer = ask(port, "PING");
              return answer.startsWith("+PONG") || answer.startsWith("-NOAUTH");
            });
    return new RedisServer("redis://127.0.0.1:" + process.port() + "/0", process);
  }

  private ServerProcess own() {
    if (process == null) {
      throw new IllegalStateException("the Redis of " + VARIABLE + " is not ours to end");
    }
    return process;
  }

  /** The answer to a command without spaces in its words, if it is one line or one text. */
  public String ask(String... words) throws IOException {
    return ask(own().port(), words);
  }

  private static String ask(int port, String... words) throws IOException {
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
    return own().port();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    own().kill();
  }

  /** Stops it, so that it takes connections and answers nothing, until it goes on or is killed. */
  public void pause() {
    own().pause();
  }

  /** Lets it go on. */
  public void resume() {
    own().resume();
  }

  /** Starts it anew where it was: with nothing in it. */
  public void restart() {
    own().restart();
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
