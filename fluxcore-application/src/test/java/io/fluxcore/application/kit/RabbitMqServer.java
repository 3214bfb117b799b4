package io.fluxcore.application.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real RabbitMQ for tests, of Debian's {@code rabbitmq-server}, which {@code bin/servers}
 * installs. What is durable in it outlives {@link #kill} and {@link #restart}.
 */
public final class RabbitMqServer implements AutoCloseable {
  /** A user who may do everything, and the password. */
  public static final String USER = "guest";

  /** How long the broker may keep a declaration in memory alone: it writes its log every 2 s. */
  private static final int DECLARATIONS_ARE_SAVED_MILLIS = 2_500;

  private static final byte[] GREETING = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

  private final ServerProcess process;
  private final int tlsPort;

  private RabbitMqServer(ServerProcess process, int tlsPort) {
    this.process = process;
    this.tlsPort = tlsPort;
  }

  /**
   * Starts one, and returns when it takes connections.
   *
   * @param settings lines of its configuration
   */
  public static RabbitMqServer start(String... settings) {
    return start(0, List.of(settings));
  }

  /**
   * Starts one that takes encrypted connections, too.
   *
   * @param certificate its own, PEM
   * @param key of it, PEM
   */
  public static RabbitMqServer startWithTls(Path certificate, Path key) {
    int port = FreePort.next();
    return start(
        port,
        List.of(
            "listeners.ssl.local = 127.0.0.1:" + port,
            "ssl_options.certfile = " + certificate,
            "ssl_options.keyfile = " + key));
  }

  private static RabbitMqServer start(int tlsPort, List<String> settings) {
    String program =
        ServerProcess.program(
            "rabbitmq", "FLUXCORE_RABBITMQ_SERVER", "/usr/lib/rabbitmq/bin/rabbitmq-server");
    return new RabbitMqServer(
        ServerProcess.start(
            "rabbitmq",
            (port, directory) -> command(program, port, directory, settings),
            RabbitMqServer::answers),
        tlsPort);
  }

  private static ProcessBuilder command(
      String program, int port, Path directory, List<String> settings) throws IOException {
    Path home = Files.createDirectories(directory.resolve("home"));
    Path configuration = directory.resolve("rabbitmq.conf");
    Files.writeString(
        configuration,
        "loopback_users.guest = false\n"
            + "vm_memory_high_watermark.absolute = 512MB\n"
            + "disk_free_limit.absolute = 50MB\n"
            + String.join("\n", settings)
            + "\n");
    Files.writeString(directory.resolve("enabled_plugins"), "[].\n");
    int names = FreePort.next();
    // The daemon of names would outlive the server, were it not its child.
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "epmd -port " + names + " & exec \"$0\"", program);
    Map<String, String> environment = builder.environment();
    environment.put("HOME", home.toString());
    environment.put("RABBITMQ_NODENAME", "test@localhost");
    environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
    environment.put("RABBITMQ_DIST_PORT", Integer.toString(FreePort.next()));
    environment.put("ERL_EPMD_PORT", Integer.toString(names));
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString());
    environment.put("RABBITMQ_LOG_BASE", directory.resolve("logs").toString());
    environment.put(
        "RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("enabled_plugins").toString());
    environment.put("RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq").toString());
    environment.put("RABBITMQ_PID_FILE", directory.resolve("pid").toString());
    environment.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    return builder;
  }

  private static boolean answers(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1_000);
      socket.getOutputStream().write(GREETING);
      return socket.getInputStream().read() == 1;
    }
  }

  /** Its address, without user. */
  public String uri() {
    return "amqp://127.0.0.1:" + process.port();
  }

  /** Its address for encrypted connections, without user. */
  public String tlsUri() {
    return "amqps://127.0.0.1:" + tlsPort;
  }

  public int port() {
    return process.port();
  }

  /**
   * Ends it as {@code kill -9} does, when the durable queues that were declared are on its disk.
   */
  public void kill() {
    try {
      TimeUnit.MILLISECONDS.sleep(DECLARATIONS_ARE_SAVED_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.kill();
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

  /** What it has logged. */
  public String log() {
    return process.log();
  }

  @Override
  public void close() {
    process.close();
  }
}
