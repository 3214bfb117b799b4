package io.fluxcore.application.connector.kit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Kafka broker for tests, in a process of its own, at free ports and in a directory that is
 * deleted; its jars the build has put into {@code test-servers/kafka/target/servers}. Topics are
 * not made by themselves. Where it cannot be started, the tests fail with the reason.
 */
public final class KafkaServer implements AutoCloseable {
  /** Who may use the listener that asks for a password. */
  public static final String USER = "fluxcore";

  public static final String PASSWORD = "not-a-secret";

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int ATTEMPTS = 5;

  private final Path folder;
  private final int port;
  private final int saslPort;
  private Process process;

  private KafkaServer(Path folder, int port, int saslPort, Process process) {
    this.folder = folder;
    this.port = port;
    this.saslPort = saslPort;
    this.process = process;
  }

  /**
   * Starts one, and returns when it answers.
   *
   * @param settings lines of {@code server.properties} beside the usual ones
   */
  public static KafkaServer start(String... settings) {
    return start(List.of(), settings);
  }

  /**
   * Starts one, and returns when it answers.
   *
   * @param features levels of features other than the newest, such as {@code transaction.version=1}
   * @param settings lines of {@code server.properties} beside the usual ones
   */
  public static KafkaServer start(List<String> features, String... settings) {
    try {
      for (int attempt = 1; ; attempt++) {
        KafkaServer server = launched(features, settings);
        String said = server.awaitReady();
        if (said.isEmpty()) {
          return server;
        }
        server.close();
        if (attempt == ATTEMPTS || !said.contains("Address already in use")) {
          throw new IllegalStateException("Kafka does not answer: " + said);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("Kafka cannot be started here: " + e, e);
    }
  }

  private static KafkaServer launched(List<String> features, String... settings)
      throws IOException {
    Path folder = Files.createTempDirectory("fluxcore-kafka");
    int[] ports = freePorts(3);
    Path properties = folder.resolve("server.properties");
    List<String> lines =
        new ArrayList<>(
            List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + ports[2],
                "listeners=PLAINTEXT://127.0.0.1:"
                    + ports[0]
                    + ",SASL://127.0.0.1:"
                    + ports[1]
                    + ",CONTROLLER://127.0.0.1:"
                    + ports[2],
                "advertised.listeners=PLAINTEXT://127.0.0.1:"
                    + ports[0]
                    + ",SASL://127.0.0.1:"
                    + ports[1],
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                "listener.security.protocol.map="
                    + "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT",
                "listener.name.sasl.sasl.enabled.mechanisms=PLAIN",
                "listener.name.sasl.plain.sasl.jaas.config="
                    + "org.apache.kafka.common.security.plain.PlainLoginModule required user_"
                    + USER
                    + "=\""
                    + PASSWORD
                    + "\";",
                "log.dirs=" + folder.resolve("data"),
                "auto.create.topics.enable=false",
                "log.retention.ms=-1", // whatever times the messages of tests have
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms=200",
                "log.cleaner.dedupe.buffer.size=2097152",
                "num.network.threads=2",
                "num.io.threads=2",
                "background.threads=2"));
    lines.addAll(List.of(settings));
    Files.write(properties, lines);
    List<String> format =
        new ArrayList<>(
            List.of(
                "kafka.tools.StorageTool",
                "format",
                "--cluster-id",
                clusterId(),
                "--config",
                properties.toString()));
    features.forEach(feature -> format.addAll(List.of("--feature", feature)));
    Process formatting = run(folder, format);
    try {
      if (formatting.waitFor() != 0) {
        throw new IllegalStateException(
            "Kafka cannot be formatted: " + Files.readString(folder.resolve("log")));
      }
    } catch (InterruptedException e) {
      formatting.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return new KafkaServer(folder, ports[0], ports[1], broker(folder));
  }

  private static String clusterId() {
    UUID id = UUID.randomUUID();
    byte[] bytes =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(id.getMostSignificantBits() & Long.MAX_VALUE) // no dash at the front
            .putLong(id.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Process broker(Path folder) throws IOException {
    return run(folder, List.of("kafka.Kafka", folder.resolve("server.properties").toString()));
  }

  private static Process run(Path folder, List<String> program) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx320m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            jars() + "/*"));
    command.addAll(program);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private static Path jars() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("test-servers"))) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalStateException("there are no test-servers above the working directory");
      }
    }
    Path jars = at.resolve("test-servers/kafka/target/servers/kafka");
    if (!Files.isDirectory(jars)) {
      throw new IllegalStateException(
          "there are no jars in " + jars + ": mvn -pl test-servers/kafka package");
    }
    return jars;
  }

  private static int[] freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Waits until it answers; what it said if it ended before, or took too long. */
  private String awaitReady() throws IOException {
    long begun = System.nanoTime();
    while (!answers()) {
      try {
        if (process.waitFor(20, TimeUnit.MILLISECONDS)
            || System.nanoTime() - begun > PATIENCE_NANOS) {
          return "it said: " + Files.readString(folder.resolve("log"));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return "";
  }

  /** Asks which requests it takes, which it tells only when it takes them. */
  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(1_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      ByteBuffer request = ByteBuffer.allocate(14);
      request.putInt(10).putShort((short) 18).putShort((short) 0).putInt(1).putShort((short) -1);
      out.write(request.array());
      out.flush();
      return new DataInputStream(socket.getInputStream()).readInt() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Address for clients. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Address for clients that give user and password (SASL PLAIN, without TLS). */
  public String saslServers() {
    return "127.0.0.1:" + saslPort;
  }

  /** Its port for clients. */
  public int port() {
    return port;
  }

  /** Where it keeps the messages of its topics. */
  public Path data() {
    return folder.resolve("data");
  }

  /** What it has logged. */
  public String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /** Ends it as {@code kill -9} does; what it has stored stays. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts it again after {@link #kill}, at the same address and with what it had stored. */
  public void restart() {
    try {
      process = broker(folder);
      String said = awaitReady();
      if (!said.isEmpty()) {
        throw new IllegalStateException("Kafka does not come back: " + said);
      }
    } catch (IOException e) {
      throw new IllegalStateException("Kafka cannot be started again: " + e, e);
    }
  }

  /** Stops it, so that it takes connections and answers nothing, until {@link #resume}. */
  public void pause() {
    signal("-STOP");
  }

  public void resume() {
    signal("-CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("cannot signal Kafka", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot remove " + folder, e);
    }
  }
}
