package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.kit.MosquittoServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The example of sensors, as its page has it: readings in Kafka, minutes at an MQTT broker, which
 * are compared with a plain computation.
 */
@Timeout(300)
final class SensorsIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PARTITIONS = 3;
  private static final int MINUTES = 10;
  private static final int SENSORS = 12;
  private static final double SIGMAS = 4;

  private static KafkaServer kafka;
  private static MosquittoServer mosquitto;

  @TempDir private Path folder;

  /** What a sensor says at a time. */
  private record Reading(String site, String sensor, double temperature, Instant at) {
    String topic() {
      return "minutes/" + site + "/" + sensor;
    }

    Instant minute() {
      return at.truncatedTo(ChronoUnit.MINUTES);
    }

    String json() {
      return "{\"site\":\"%s\",\"sensor\":\"%s\",\"temperature\":%s,\"at\":\"%s\"}"
          .formatted(site, sensor, temperature, at);
    }
  }

  @BeforeAll
  static void start() {
    kafka = KafkaServer.start();
    mosquitto = MosquittoServer.start();
  }

  @AfterAll
  static void end() {
    kafka.close();
    mosquitto.close();
  }

  private static void createTopic(String name) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(properties())) {
      admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
    }
  }

  private static Map<String, Object> properties() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  private static void send(String topic, List<Reading> readings) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(properties(), new StringSerializer(), new StringSerializer())) {
      for (Reading reading : readings) {
        producer.send(new ProducerRecord<>(topic, reading.sensor(), reading.json()));
      }
      producer.send(new ProducerRecord<>(topic, 0, null, "{\"site\":\"north\",\"sensor\":"));
      // No sensor has this temperature, and it says that the minutes are over.
      Reading last = new Reading("north", "probe", 999, begin().plusSeconds(60L * MINUTES + 30));
      for (int partition = 0; partition < PARTITIONS; partition++) {
        producer.send(new ProducerRecord<>(topic, partition, null, last.json()));
      }
    }
  }

  private static Instant begin() {
    return Instant.parse("2026-03-01T10:00:00Z");
  }

  /** Up to four seconds out of order; a few are of broken probes, and a few are out of line. */
  private static List<Reading> readings(Random random) {
    List<Reading> readings = new ArrayList<>();
    for (int second = 4; second < 60 * MINUTES; second++) {
      for (int sensor = 0; sensor < SENSORS; sensor++) {
        double luck = random.nextDouble();
        double plain = 20 + random.nextDouble();
        readings.add(
            new Reading(
                sensor % 2 == 0 ? "north" : "south",
                "sensor-" + sensor,
                luck < 0.01 ? -127 : luck > 0.9995 ? 45 : plain,
                begin().plusMillis(second * 1000L - random.nextInt(4000))));
      }
    }
    return readings;
  }

  /** What is published of the minutes, as it comes. */
  private static Map<String, Map<Instant, JsonNode>> receive(
      Mqtt5BlockingClient.Mqtt5Publishes publishes, int minutes) throws Exception {
    Map<String, Map<Instant, JsonNode>> received = new HashMap<>();
    int missing = minutes;
    while (missing > 0) {
      Optional<Mqtt5Publish> next = publishes.receive(2, TimeUnit.MINUTES);
      assertThat(next).as("after " + received).isPresent();
      JsonNode row = JSON.readTree(next.get().getPayloadAsBytes());
      JsonNode former =
          received
              .computeIfAbsent(next.get().getTopic().toString(), topic -> new TreeMap<>())
              .put(Instant.parse(row.path("minute").asString()), row);
      if (former == null) {
        missing--;
      } else {
        assertThat(row).isEqualTo(former);
      }
    }
    return received;
  }

  @Test
  void minutes_areThoseOfAPlainComputation() throws Exception {
    List<Reading> readings = readings(new Random(42));
    Map<String, Map<Instant, List<Double>>> expected = new HashMap<>();
    for (Reading reading : readings) {
      if (reading.temperature() >= -40 && reading.temperature() <= 85) {
        expected
            .computeIfAbsent(reading.topic(), topic -> new TreeMap<>())
            .computeIfAbsent(reading.minute(), minute -> new ArrayList<>())
            .add(reading.temperature());
      }
    }
    createTopic("readings");
    send("readings", readings);
    Mqtt5BlockingClient client =
        Mqtt5Client.builder().serverHost("127.0.0.1").serverPort(mosquitto.port()).buildBlocking();
    client.connect();
    try (Mqtt5BlockingClient.Mqtt5Publishes publishes =
        client.publishes(MqttGlobalPublishFilter.ALL)) {
      client.subscribeWith().topicFilter("minutes/#").send();
      Process program =
          Program.start(
              folder,
              "run",
              Program.ROOT.resolve("examples/sensors.yaml").toString(),
              "--set",
              "kafka=" + kafka.bootstrapServers(),
              "--set",
              "mqtt=" + mosquitto.uri(),
              "--set",
              "topic=readings");
      try {
        compare(receive(publishes, SENSORS * MINUTES), expected);
        Program.signal(program, "TERM");
        assertThat(Program.result(folder, program, "").err())
            .contains("1 record that could not be processed");
      } finally {
        program.destroyForcibly();
      }
    } finally {
      client.disconnect();
    }
  }

  private static void compare(
      Map<String, Map<Instant, JsonNode>> received,
      Map<String, Map<Instant, List<Double>>> expected) {
    assertThat(received.keySet()).isEqualTo(expected.keySet());
    int anomalies = 0;
    for (String topic : expected.keySet()) {
      assertThat(received.get(topic).keySet()).isEqualTo(expected.get(topic).keySet());
      for (Map.Entry<Instant, List<Double>> minute : expected.get(topic).entrySet()) {
        List<Double> values = minute.getValue();
        JsonNode row = received.get(topic).get(minute.getKey());
        double average = values.stream().mapToDouble(v -> v).average().orElseThrow();
        double squares = values.stream().mapToDouble(v -> (v - average) * (v - average)).sum();
        double far = SIGMAS * Math.sqrt(squares / (values.size() - 1));
        boolean anomaly = values.stream().anyMatch(v -> Math.abs(v - average) > far);
        assertThat(row.path("readings").asInt()).isEqualTo(values.size());
        assertThat(row.path("average").asDouble()).isCloseTo(average, within(1e-9));
        assertThat(row.path("lowest").asDouble())
            .isEqualTo(values.stream().mapToDouble(v -> v).min().orElseThrow());
        assertThat(row.path("highest").asDouble())
            .isEqualTo(values.stream().mapToDouble(v -> v).max().orElseThrow());
        assertThat(row.path("anomaly").asBoolean()).as(topic + " " + minute).isEqualTo(anomaly);
        anomalies += anomaly ? 1 : 0;
      }
    }
    assertThat(anomalies).as("some minutes are out of line").isBetween(1, SENSORS * MINUTES / 2);
  }

  @Test
  void simulatedSensors_goIntoKafka() throws IOException, InterruptedException, ExecutionException {
    createTopic("simulated");
    Program.Result result =
        Program.run(
            folder,
            "run",
            Program.ROOT.resolve("examples/sensors-simulated.yaml").toString(),
            "--set",
            "kafka=" + kafka.bootstrapServers(),
            "--set",
            "topic=simulated",
            "--set",
            "count=500");
    assertThat(result.exitCode()).as(result.err()).isZero();
    try (Admin admin = Admin.create(properties())) {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      IntStream.range(0, PARTITIONS)
          .forEach(p -> ends.put(new TopicPartition("simulated", p), OffsetSpec.latest()));
      assertThat(
              admin.listOffsets(ends).all().get().values().stream()
                  .mapToLong(info -> info.offset())
                  .sum())
          .isEqualTo(500);
    }
  }
}
