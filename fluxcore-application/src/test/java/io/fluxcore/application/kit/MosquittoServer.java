package io.fluxcore.application.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real MQTT broker for tests, Debian's {@code mosquitto}, which {@code bin/servers} installs. It
 * takes anybody, and user {@link #USER} with the right password only. Its sessions outlive {@link
 * #stop} and {@link #restart}.
 */
public final class MosquittoServer implements AutoCloseable {
  public static final String USER = "flux";
  public static final String PASSWORD = "s3cret";

  private final ServerProcess process;
  private final int tlsPort;

  private MosquittoServer(ServerProcess process, int tlsPort) {
    this.process = process;
    this.tlsPort = tlsPort;
  }

  /**
   * Starts one, and returns when it takes connections.
   *
   * @param settings lines of its configuration
   */
  public static MosquittoServer start(String... settings) {
    return start(0, List.of(settings));
  }

  /**
   * Starts one that takes encrypted connections, too.
   *
   * @param certificate its own, PEM
   * @param key of it, PEM
   */
  public static MosquittoServer startWithTls(Path certificate, Path key) {
    int port = FreePort.next();
    return start(
        port,
        List.of("listener " + port + " 127.0.0.1", "certfile " + certificate, "keyfile " + key));
  }

  private static MosquittoServer start(int tlsPort, List<String> settings) {
    String program =
        ServerProcess.program("mosquitto", "FLUXCORE_MOSQUITTO", "/usr/sbin/mosquitto");
    return new MosquittoServer(
        ServerProcess.start(
            "mosquitto",
            (port, directory) -> command(program, port, directory, settings),
            ServerProcess::accepts),
        tlsPort);
  }

  private static ProcessBuilder command(
      String program, int port, Path directory, List<String> settings) throws IOException {
    Path passwords = directory.resolve("passwords");
    if (!Files.exists(passwords)) {
      ServerProcess.prepare(
          "mosquitto",
          directory,
          "mosquitto_passwd",
          "-b",
          "-c",
          passwords.toString(),
          USER,
          PASSWORD);
    }
    List<String> lines =
        new ArrayList<>(
            List.of(
                "user root",
                "allow_anonymous true",
                "password_file " + passwords,
                "persistence true",
                "persistence_location " + directory + "/",
                "max_queued_messages 0"));
    lines.add("listener " + port + " 127.0.0.1");
    lines.addAll(settings);
    Path configuration = directory.resolve("mosquitto.conf");
    Files.write(configuration, lines);
    return new ProcessBuilder(program, "-c", configuration.toString());
  }

  /** Its address, without user. */
  public String uri() {
    return "tcp://127.0.0.1:" + process.port();
  }

  /** Its address for encrypted connections, without user. */
  public String tlsUri() {
    return "ssl://127.0.0.1:" + tlsPort;
  }

  public int port() {
    return process.port();
  }

  /** Ends it as {@code kill -9} does; what it has acknowledged may not be saved yet. */
  public void kill() {
    process.kill();
  }

  /** Ends it so that it saves what it has. */
  public void stop() {
    process.stop();
  }

  /** Starts it anew with what it had on its disk. */
  public void restart() {
    process.restart();
  }

  /** Stops it, so that it answers nothing, until it goes on. */
  public void pause() {
    process.pause();
  }

  /** Lets it go on. */
  public void resume() {
    process.resume();
  }

  @Override
  public void close() {
    process.close();
  }
}
