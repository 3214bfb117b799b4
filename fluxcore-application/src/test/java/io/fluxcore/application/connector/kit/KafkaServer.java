package io.fluxcore.application.connector.kit;

import io.fluxcore.application.kit.FreePort;
import io.fluxcore.application.kit.ServerProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker for tests, in a process of its own, at free ports and in a directory that is
 * deleted; its jars the build has put into {@code test-servers/kafka/target/servers}. Topics are
 * not made by themselves. Where it cannot be started, the tests fail with the reason.
 */
public final class KafkaServer implements AutoCloseable {
  /** Who may use the listener that asks for a password. */
  public static final String USER = "fluxcore";

  public static final String PASSWORD = "not-a-secret";

  private static final String SCRAM = "SCRAM-SHA-512";

  private static final short API_VERSIONS = 18;
  private static final int CONNECT_MILLIS = 1_000;

  private final ServerProcess process;
  private final int saslPort;
  private final int tlsPort;

  private KafkaServer(ServerProcess process, int saslPort, int tlsPort) {
    this.process = process;
    this.saslPort = saslPort;
    this.tlsPort = tlsPort;
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
    return start(null, features, settings);
  }

  /**
   * Starts one that takes encrypted connections, too, of {@link #USER} by SCRAM-SHA-512.
   *
   * @param certificate its own
   */
  public static KafkaServer startWithTls(TestCertificate certificate) {
    return start(certificate, List.of());
  }

  private static KafkaServer start(
      @Nullable TestCertificate certificate, List<String> features, String... settings) {
    AtomicInteger saslPort = new AtomicInteger();
    AtomicInteger tlsPort = new AtomicInteger();
    ServerProcess process =
        ServerProcess.start(
            "kafka",
            (port, folder) -> {
              Path properties = folder.resolve("server.properties");
              if (!Files.exists(properties)) { // else it is started again
                saslPort.set(FreePort.next());
                if (certificate != null) {
                  tlsPort.set(FreePort.next());
                }
                write(properties, port, saslPort.get(), tlsPort.get(), certificate, settings);
                format(folder, properties, features);
              }
              return java(folder, List.of("kafka.Kafka", properties.toString()));
            },
            KafkaServer::answers);
    return new KafkaServer(process, saslPort.get(), tlsPort.get());
  }

  private static void write(
      Path properties,
      int port,
      int saslPort,
      int tlsPort,
      @Nullable TestCertificate certificate,
      String... settings)
      throws IOException {
    int controllerPort = FreePort.next();
    String tls = certificate == null ? "" : ",TLS://127.0.0.1:" + tlsPort;
    List<String> lines =
        new ArrayList<>(
            List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:"
                    + port
                    + ",SASL://127.0.0.1:"
                    + saslPort
                    + tls
                    + ",CONTROLLER://127.0.0.1:"
                    + controllerPort,
                "advertised.listeners=PLAINTEXT://127.0.0.1:"
                    + port
                    + ",SASL://127.0.0.1:"
                    + saslPort
                    + tls,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                "listener.security.protocol.map="
                    + "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SASL_SSL",
                "listener.name.sasl.sasl.enabled.mechanisms=PLAIN",
                "listener.name.sasl.plain.sasl.jaas.config="
                    + "org.apache.kafka.common.security.plain.PlainLoginModule required user_"
                    + USER
                    + "=\""
                    + PASSWORD
                    + "\";",
                "log.dirs=" + properties.resolveSibling("data"),
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
    if (certificate != null) {
      lines.addAll(
          List.of(
              "listener.name.tls.sasl.enabled.mechanisms=" + SCRAM,
              "listener.name.tls.scram-sha-512.sasl.jaas.config="
                  + "org.apache.kafka.common.security.scram.ScramLoginModule required;",
              "listener.name.tls.ssl.keystore.type=PKCS12",
              "listener.name.tls.ssl.keystore.location=" + certificate.store(),
              "listener.name.tls.ssl.keystore.password=" + TestCertificate.PASSWORD,
              "listener.name.tls.ssl.key.password=" + TestCertificate.PASSWORD));
    }
    lines.addAll(List.of(settings));
    Files.write(properties, lines);
  }

  private static void format(Path folder, Path properties, List<String> features)
      throws IOException {
    List<String> program =
        new ArrayList<>(
            List.of(
                "kafka.tools.StorageTool",
                "format",
                "--cluster-id",
                clusterId(),
                "--config",
                properties.toString(),
                "--add-scram",
                SCRAM + "=[name=" + USER + ",password=" + PASSWORD + "]"));
    features.forEach(feature -> program.addAll(List.of("--feature", feature)));
    Path log = folder.resolve("format.log");
    Process formatting =
        java(folder, program).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (formatting.waitFor() != 0) {
        throw new IllegalStateException("Kafka cannot be formatted: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      formatting.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Kafka is formatted", e);
    }
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

  private static ProcessBuilder java(Path folder, List<String> program) {
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
    return new ProcessBuilder(command);
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

  /** Asks which requests it takes, which it tells only when it takes them. */
  private static boolean answers(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      socket.setSoTimeout(CONNECT_MILLIS);
      ByteBuffer request = ByteBuffer.allocate(14);
      request.putInt(10).putShort(API_VERSIONS).putShort((short) 0).putInt(1).putShort((short) -1);
      socket.getOutputStream().write(request.array());
      return new DataInputStream(socket.getInputStream()).readInt() > 0;
    }
  }

  /** Address for clients. */
  public String bootstrapServers() {
    return "127.0.0.1:" + process.port();
  }

  /** Address for clients that give user and password (SASL PLAIN, without TLS). */
  public String saslServers() {
    return "127.0.0.1:" + saslPort;
  }

  /** Address for clients that give user and password encrypted (SASL SCRAM-SHA-512 with TLS). */
  public String tlsServers() {
    return "127.0.0.1:" + tlsPort;
  }

  /** Where it keeps the messages of its topics. */
  public Path data() {
    return process.directory().resolve("data");
  }

  /** Ends it as {@code kill -9} does; what it has stored stays. */
  public void kill() {
    process.kill();
  }

  /** Starts it again after {@link #kill}, at the same address and with what it had stored. */
  public void restart() {
    process.restart();
  }

  /** Stops it, so that it takes connections and answers nothing, until {@link #resume}. */
  public void pause() {
    process.pause();
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() {
    process.resume();
  }

  @Override
  public void close() {
    process.close();
  }
}
