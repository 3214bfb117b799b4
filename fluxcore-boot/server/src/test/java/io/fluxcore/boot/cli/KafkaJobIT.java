package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.kit.KafkaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job reads Kafka and writes Kafka while its servers, and the broker, are killed. What is
 * committed in the end is compared with a plain computation.
 */
@Timeout(600)
final class KafkaJobIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PARTITIONS = 4;
  private static final int WINDOW_MILLIS = 10_000;
  private static final long STEP_MILLIS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** An hour ago, whole windows: brokers refuse times that are far ahead. */
  private static final long BEGIN =
      (System.currentTimeMillis() - 3_600_000) / WINDOW_MILLIS * WINDOW_MILLIS;

  private static KafkaServer kafka;
  private static KafkaProducer<String, String> producer;

  @TempDir private Path folder;
  private final List<RunningServer> started = new ArrayList<>();

  @BeforeAll
  static void startKafka() {
    kafka = KafkaServer.start();
    Map<String, Object> properties = properties();
    properties.put("linger.ms", 5);
    producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  @AfterAll
  static void endKafka() {
    producer.close(Duration.ZERO);
    kafka.close();
  }

  @AfterEach
  void end() {
    started.forEach(RunningServer::close);
  }

  private static Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    return properties;
  }

  private static void createTopics(String prefix) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(properties())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(prefix + "-events", PARTITIONS, (short) 1),
                  new NewTopic(prefix + "-copy", 2, (short) 1),
                  new NewTopic(prefix + "-counts", 2, (short) 1)))
          .all()
          .get();
    }
  }

  private RunningServer start(String name) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    RunningServer server = RunningServer.start(home);
    started.add(server);
    return server;
  }

  private static String job(String prefix, int parallelism) {
    return """
    job:
      name: %1$s
      parallelism: %2$d
      checkpointInterval: 200ms
      deliveryGuarantee: exactly-once
      restartStrategy: {fixedDelay: {attempts: 100000, delay: 200ms}}
    topology:
      - name: events
        source:
          connector: kafka
          bootstrapServers: "%3$s"
          topic: %1$s-events
          consumerGroup: %1$s
          schema: {id: long, user: string, at: timestamp_tz}
          metadata: {partition: partition}
          timestampField: at
          maxOutOfOrderness: 1s
          idleTimeout: 1h
      - name: wanted
        filter: id >= 0
      - name: copy
        sink: {connector: kafka, bootstrapServers: "%3$s", topic: %1$s-copy, keyFields: user}
      - name: window
        from: wanted
        window:
          tumbling: {duration: 10s}
      - name: perUser
        aggregate:
          groupBy: [user]
          fields:
            n: count
            total: {sum: id}
      - name: counts
        sink: {connector: kafka, bootstrapServers: "%3$s", topic: %1$s-counts, keyFields: user}
    """
        .formatted(prefix, parallelism, kafka.bootstrapServers());
  }

  private static String user(long id) {
    return "user-" + id * 31 % 17;
  }

  private static void produce(String prefix, long from, long to) {
    for (long id = from; id < to; id++) {
      send(prefix, (int) (id % PARTITIONS), id, user(id), BEGIN + id * STEP_MILLIS);
    }
    producer.flush();
  }

  private static void send(String prefix, int partition, long id, String user, long at) {
    producer.send(
        new ProducerRecord<>(
            prefix + "-events",
            partition,
            at,
            user,
            "{\"id\":" + id + ",\"user\":\"" + user + "\",\"at\":" + at + "}"));
  }

  /** Has the windows of all events closed. */
  private static void closeWindows(String prefix, long events) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      send(prefix, partition, -1, "nobody", BEGIN + events * STEP_MILLIS + 60_000);
    }
    producer.flush();
  }

  /** All that is committed. */
  private static List<JsonNode> committed(String topic) {
    Map<String, Object> properties = properties();
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    List<JsonNode> rows = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(50)).forEach(r -> rows.add(JSON.readTree(r.value())));
      }
    }
    return rows;
  }

  private static void awaitCommitted(String topic, long rows) throws InterruptedException {
    long begun = System.nanoTime();
    while (committed(topic).size() < rows) {
      assertThat(System.nanoTime() - begun)
          .as("%s of %s in %s", committed(topic).size(), rows, topic)
          .isLessThan(PATIENCE.toNanos());
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static Map<String, String> expectedCounts(long events) {
    Map<String, long[]> counts = new TreeMap<>();
    for (long id = 0; id < events; id++) {
      long window = (BEGIN + id * STEP_MILLIS) / WINDOW_MILLIS * WINDOW_MILLIS;
      long[] count = counts.computeIfAbsent(user(id) + " " + window, key -> new long[2]);
      count[0]++;
      count[1] += id;
    }
    Map<String, String> expected = new TreeMap<>();
    counts.forEach((key, count) -> expected.put(key, count[0] + " " + count[1]));
    return expected;
  }

  private static void assertNoneLostNoneTwice(String prefix, long events) throws Exception {
    assertThat(committed(prefix + "-copy").stream().map(r -> r.path("id").asLong()).sorted())
        .isEqualTo(LongStream.range(0, events).boxed().toList());
    List<JsonNode> rows = committed(prefix + "-counts");
    Map<String, String> found = new TreeMap<>();
    for (JsonNode row : rows) {
      found.put(
          row.path("user").asString()
              + " "
              + Instant.parse(row.path("window_start").asString()).toEpochMilli(),
          row.path("n").asLong() + " " + row.path("total").asLong());
    }
    assertThat(found).isEqualTo(expectedCounts(events));
    assertThat(rows).hasSize(found.size());
  }

  private static void assertNothingOpen() throws Exception {
    try (Admin admin = Admin.create(properties())) {
      assertThat(
              admin
                  .listTransactions(
                      new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                  .all()
                  .get())
          .isEmpty();
    }
  }

  @Test
  void serverAndBrokerKilledAtRandom_loseNothing_andNothingIsTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the moments: " + seed);
    Random random = new Random(seed);
    createTopics("kills");
    long events = 20_000;
    RunningServer server = start("one");
    String id = server.submit(job("kills", 2));
    long produced = 0;
    for (int kill = 0; kill < 4; kill++) {
      produce("kills", produced, produced + events / 4);
      produced += events / 4;
      awaitCommitted("kills-copy", produced - random.nextInt(2_000));
      if (kill == 2) {
        kafka.kill();
        kafka.restart();
      } else {
        server.close();
        server = start("one");
      }
    }
    closeWindows("kills", events);
    awaitCommitted("kills-copy", events);
    awaitCommitted("kills-counts", expectedCounts(events).size());
    JsonNode source = server.get("/jobs/" + id + "/metrics").path("operators").path(0);
    assertThat(source.path("lagRecords").isNumber()).as(source.toString()).isTrue();
    server.send("POST", "/jobs/" + id + "/stop", "{\"mode\":\"CANCEL\"}");
    server.await(id, job -> job.path("state").asString("").equals("CANCELLED"));
    assertNoneLostNoneTwice("kills", events);
    assertNothingOpen();
  }

  @Test
  void savepoint_isRestoredAtAnotherParallelism() throws Exception {
    createTopics("moves");
    long events = 8_000;
    RunningServer server = start("one");
    String id = server.submit(job("moves", 1));
    produce("moves", 0, events / 2);
    awaitCommitted("moves-copy", events / 4);
    JsonNode asked = server.send("POST", "/jobs/" + id + "/savepoints", "{\"stop\":true}");
    JsonNode stopped =
        server.await(id, job -> !job.path("state").asString("").matches("RUNNING|STOPPING"));
    assertThat(stopped.path("state").asString()).as(asked.toString()).isNotEqualTo("FAILED");
    assertNothingOpen();
    produce("moves", events / 2, events);
    closeWindows("moves", events);
    String savepoint = server.get("/savepoints").path("items").path(0).path("id").asString();
    JsonNode restored =
        server.send("POST", "/savepoints/" + savepoint + "/restore", "{\"parallelism\":6}");
    String next = restored.path("id").asString("");
    assertThat(next).as(restored.toString()).startsWith("job_");
    awaitCommitted("moves-copy", events);
    awaitCommitted("moves-counts", expectedCounts(events).size());
    server.send("POST", "/jobs/" + next + "/stop", "{\"mode\":\"CANCEL\"}");
    server.await(next, job -> job.path("state").asString("").equals("CANCELLED"));
    assertNoneLostNoneTwice("moves", events);
    assertNothingOpen();
  }

  @Test
  void whatCouldNeverBeReadOrWritten_isRefusedAtSubmission() throws Exception {
    RunningServer server = start("one");
    JsonNode answer = server.send("POST", "/jobs", job("absent", 1));
    assertThat(answer.path("id").isMissingNode()).as(answer.toString()).isTrue();
    assertThat(answer.toString())
        .contains("FLX-KAFKA-0002", "no topic absent-events", "no topic absent-copy");
  }
}
