package io.fluxcore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.kit.ElasticsearchServer;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The quick start, word for word, in a Spring application, from a Kafka broker to Elasticsearch:
 * the documents are those that a recount of what was produced gives.
 */
class QuickStartIT {
  private static final int PARTITIONS = 3;
  private static final int EVENTS = 20_000;
  private static final long START = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
  private static final long STEP_MILLIS = 60;
  private static final long MINUTE = 60_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> TYPES = List.of("click", "kauf", "şikâyet", "結帳");

  private static KafkaServer kafka;
  private static ElasticsearchServer elasticsearch;

  /** An application that has connections, and nothing else. */
  @SpringBootApplication
  static class Application {}

  @BeforeAll
  static void start() {
    kafka = KafkaServer.start();
    elasticsearch = ElasticsearchServer.start();
  }

  @AfterAll
  static void stop() {
    elasticsearch.close();
    kafka.close();
  }

  /** By type, start and end of a window: how many important events. */
  private static Map<String, Long> produce() throws ExecutionException, InterruptedException {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      admin.createTopics(List.of(new NewTopic("events", PARTITIONS, (short) 1))).all().get();
    }
    Random random = new Random(7);
    Map<String, Long> counts = new TreeMap<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < EVENTS; i++) {
        long time =
            START + i * STEP_MILLIS - random.nextInt(4_000); // out of order within the bound
        String type = TYPES.get(random.nextInt(TYPES.size()));
        int importance = random.nextInt(11);
        send(producer, random.nextInt(PARTITIONS), time, type, importance);
        if (importance > 5) {
          long last = Math.floorDiv(time, MINUTE) * MINUTE;
          for (long start = last; start > time - 5 * MINUTE; start -= MINUTE) {
            counts.merge(
                type
                    + " "
                    + Instant.ofEpochMilli(start)
                    + " "
                    + Instant.ofEpochMilli(start + 5 * MINUTE),
                1L,
                Long::sum);
          }
        }
      }
      for (int partition = 0; partition < PARTITIONS; partition++) { // so that all windows close
        send(producer, partition, START + EVENTS * STEP_MILLIS + 10 * MINUTE, "click", 0);
      }
    }
    return counts;
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      int partition,
      long time,
      String type,
      int importance) {
    String event = "{\"eventType\":\"" + type + "\",\"importance\":" + importance + "}";
    producer.send(
        new ProducerRecord<>(
            "events", partition, time, null, event.getBytes(StandardCharsets.UTF_8)));
  }

  private static Map<String, Long> documents() {
    elasticsearch.send("POST", "/event-stats/_refresh", "");
    JsonNode found =
        new ObjectMapper()
            .readTree(elasticsearch.send("POST", "/event-stats/_search?size=10000", "{}"));
    Map<String, Long> documents = new TreeMap<>();
    for (JsonNode hit : found.at("/hits/hits")) {
      JsonNode document = hit.path("_source");
      String key =
          document.path("eventType").asString()
              + " "
              + Instant.parse(document.path("window_start").asString())
              + " "
              + Instant.parse(document.path("window_end").asString());
      assertThat(documents.put(key, document.path("count").asLong())).as(key + " twice").isNull();
    }
    return documents;
  }

  @Test
  void documents_areTheCountsOfWhatWasProduced() throws Exception {
    Map<String, Long> expected = produce();
    try (ConfigurableApplicationContext application =
        SpringApplication.run(
            Application.class,
            "--fluxcore.connectors.kafka.bootstrapServers=" + kafka.bootstrapServers(),
            "--spring.elasticsearch.uris=" + elasticsearch.url())) {
      FluxCoreService service = application.getBean(FluxCoreService.class);
      assertThat(new QuickStart(service).run()).isNotEqualTo(JobStatus.FAILED);
      JobId job = service.findJob("event-analytics").orElseThrow();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (documents().size() < expected.size()
          && !service.getJobStatus(job).isTerminal()
          && System.nanoTime() < deadline) {
        Thread.sleep(100);
      }
      assertThat(service.getJob(job).failure()).isNull();
      assertThat(documents()).isEqualTo(expected);
    }
  }
}
