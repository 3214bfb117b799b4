package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.fluxcore.application.kit.MosquittoServer;
import io.fluxcore.application.kit.RabbitMqServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Jobs read from RabbitMQ and from an MQTT broker, with a spool and with acknowledgement on
 * checkpoints, while their server is killed again and again. What they wrote is compared with what
 * was published.
 */
@Timeout(600)
final class QueuesIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long MESSAGES = 6_000;
  private static final String CLIENT = "fluxcore-it";

  private static RabbitMqServer rabbit;
  private static MosquittoServer mosquitto;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    rabbit = RabbitMqServer.start();
    mosquitto = MosquittoServer.start();
  }

  @AfterAll
  static void end() {
    rabbit.close();
    mosquitto.close();
  }

  private String job(String name, String guarantee, String source, String sink) {
    return """
    job:
      name: %s
      parallelism: 1
      checkpointInterval: 150ms
      deliveryGuarantee: %s
      restartStrategy: {fixedDelay: {attempts: 100000, delay: 200ms}}
    topology:
      - name: in
        source:
    %s
          schema: {id: long}
      - name: out
        sink:
    %s
    """
        .formatted(name, guarantee, source.indent(6), sink.indent(6));
  }

  private String spooledQueue() {
    return job(
        "spooled",
        "exactly-once",
        """
        connector: rabbitmq
        uri: %s
        queue: spooled
        spool: %s
        """
            .formatted(rabbit.uri(), folder.resolve("spool-a")),
        "{connector: file, path: \"" + folder.resolve("spooled/rows.json") + "\"}");
  }

  private String heldQueue() {
    return job(
        "held",
        "exactly-once",
        """
        connector: rabbitmq
        uri: %s
        queue: held
        acknowledge: checkpoint
        requireId: true
        """
            .formatted(rabbit.uri()),
        "{connector: file, path: \"" + folder.resolve("held/rows.json") + "\"}");
  }

  private String sensors() {
    return job(
        "sensors",
        "at-least-once",
        """
        connector: mqtt
        uri: %s
        clientId: %s
        topic: sensors/#
        idProperty: id
        spool: %s
        """
            .formatted(mosquitto.uri(), CLIENT, folder.resolve("spool-b")),
        """
        connector: rabbitmq
        uri: %s
        routingKey: out
        idField: id
        """
            .formatted(rabbit.uri()));
  }

  /** What is done on a channel. */
  @FunctionalInterface
  private interface Action<T> {
    T on(Channel channel) throws Exception;
  }

  private static <T> T with(Action<T> action) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(rabbit.port());
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      return action.on(channel);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] json(long id) {
    return ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8);
  }

  /** To both queues, at a pace that takes some seconds. */
  private static void publishToQueues() {
    with(
        channel -> {
          channel.confirmSelect();
          for (long id = 0; id < MESSAGES; id++) {
            var properties =
                MessageProperties.PERSISTENT_BASIC.builder().messageId("m" + id).build();
            channel.basicPublish("", "spooled", properties, json(id));
            channel.basicPublish("", "held", properties, json(id));
            if (id % 100 == 99) {
              channel.waitForConfirmsOrDie(60_000);
              TimeUnit.MILLISECONDS.sleep(100);
            }
          }
          return true;
        });
  }

  private static Mqtt5BlockingClient client() {
    return Mqtt5Client.builder()
        .serverHost("127.0.0.1")
        .serverPort(mosquitto.port())
        .buildBlocking();
  }

  /** The session is there before the first message, so that none is lost. */
  private static void subscribe() {
    Mqtt5BlockingClient client =
        Mqtt5Client.builder()
            .identifier(CLIENT)
            .serverHost("127.0.0.1")
            .serverPort(mosquitto.port())
            .buildBlocking();
    client.connectWith().cleanStart(true).sessionExpiryInterval(3_600).send();
    client.subscribeWith().topicFilter("sensors/#").qos(MqttQos.AT_LEAST_ONCE).send();
    client.disconnect();
  }

  private static void publishToTopics() {
    Mqtt5BlockingClient client = client();
    client.connect();
    for (long id = 0; id < MESSAGES; id++) {
      client
          .publishWith()
          .topic("sensors/" + id % 7)
          .qos(MqttQos.AT_LEAST_ONCE)
          .payload(json(id))
          .userProperties(Mqtt5UserProperties.builder().add("id", "m" + id).build())
          .send();
    }
    client.disconnect();
  }

  private List<Long> idsInFiles(String name) throws IOException {
    List<Long> ids = new ArrayList<>();
    Path directory = folder.resolve(name);
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
          for (String line : Files.readAllLines(file)) {
            ids.add(JSON.readTree(line).path("id").asLong());
          }
        }
      }
    }
    return ids.stream().sorted().toList();
  }

  private static List<Long> drained(List<Long> ids) {
    with(
        channel -> {
          for (GetResponse next = channel.basicGet("out", true);
              next != null;
              next = channel.basicGet("out", true)) {
            long id = JSON.readTree(next.getBody()).path("id").asLong();
            assertThat(next.getProps().getMessageId()).isEqualTo(Long.toString(id));
            ids.add(id);
          }
          return true;
        });
    return ids;
  }

  @Test
  void serverKilledAtRandom_losesNothing_andReadsNothingTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the moments: " + seed);
    Random random = new Random(seed);
    for (String queue : List.of("spooled", "held", "out")) {
      with(channel -> channel.queueDeclare(queue, true, false, false, Map.of()));
    }
    subscribe();
    Path home = Files.createDirectories(folder.resolve("home"));
    RunningServer server = RunningServer.start(home);
    try {
      for (String job : List.of(spooledQueue(), heldQueue(), sensors())) {
        server.submit(job);
      }
      CompletableFuture<Void> queues = CompletableFuture.runAsync(QueuesIT::publishToQueues);
      CompletableFuture<Void> topics = CompletableFuture.runAsync(QueuesIT::publishToTopics);
      for (int kill = 0; kill < 3; kill++) {
        int before = idsInFiles("held").size();
        while (idsInFiles("held").size() == before && before < MESSAGES) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
        server.close();
        server = RunningServer.start(home);
      }
      queues.join();
      topics.join();
      List<Long> all = LongStream.range(0, MESSAGES).boxed().toList();
      List<Long> out = new ArrayList<>();
      while (idsInFiles("spooled").size() < MESSAGES
          || idsInFiles("held").size() < MESSAGES
          || drained(out).stream().distinct().count() < MESSAGES) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(idsInFiles("spooled")).isEqualTo(all);
      assertThat(idsInFiles("held")).isEqualTo(all);
      assertThat(out.stream().distinct().sorted().toList()).isEqualTo(all);
    } finally {
      server.close();
    }
  }

  @Test
  void wrongPasswordAndMissingExchange_refuseAJob() throws Exception {
    with(channel -> channel.queueDeclare("spooled", true, false, false, Map.of()));
    Path home = Files.createDirectories(folder.resolve("home"));
    try (RunningServer server = RunningServer.start(home)) {
      String wrong =
          spooledQueue()
              .replace(
                  "queue: spooled", "queue: spooled\n      user: guest\n      password: wrong");
      assertThat(server.send("POST", "/jobs", wrong).toString()).contains("FLX-RABBITMQ-0001");
      String missing = sensors().replace("routingKey: out", "exchange: nowhere");
      assertThat(server.send("POST", "/jobs", missing).toString()).contains("FLX-RABBITMQ-0005");
    }
  }
}
