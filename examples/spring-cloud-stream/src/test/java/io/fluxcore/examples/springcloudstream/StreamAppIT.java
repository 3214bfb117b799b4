package io.fluxcore.examples.springcloudstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application with a real Kafka and a real RabbitMQ, each as source and as sink: stopped and
 * started again in the middle, and RabbitMQ too.
 */
@Timeout(300)
final class StreamAppIT {
  private static final int MESSAGES = 3_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LARGE_ORDERS = "large-orders.billing";

  private static KafkaServer kafka;
  private static RabbitMqServer rabbit;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    kafka = KafkaServer.start();
    rabbit = RabbitMqServer.start();
  }

  @AfterAll
  static void stop() {
    rabbit.close();
    kafka.close();
  }

  private ConfigurableApplicationContext application() {
    return SpringApplication.run(
        StreamApp.class,
        "--spools=" + folder,
        "--spring.main.banner-mode=off",
        "--logging.level.root=warn",
        "--spring.cloud.stream.bindings.nowhere.binder=pigeons",
        "--spring.cloud.stream.kafka.binder.brokers=" + kafka.bootstrapServers(),
        "--spring.rabbitmq.addresses=" + rabbit.uri());
  }

  private static String json(long id) {
    return "{\"order\":" + id + ",\"amount\":" + amount(id) + "}";
  }

  private static long amount(long id) {
    return id * 7 % 200;
  }

  private static void order(long from, long to) {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      LongStream.range(from, to)
          .forEach(id -> producer.send(new ProducerRecord<>("orders", json(id))));
    }
  }

  /** What is done on a channel. */
  @FunctionalInterface
  private interface Action<T> {
    T on(Channel channel) throws Exception;
  }

  private static <T> T with(Action<T> action) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(rabbit.port());
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      return action.on(channel);
    }
  }

  /** Each tenth one comes twice. */
  private static void pay(long from, long to) throws Exception {
    with(
        channel -> {
          channel.confirmSelect();
          for (long id = from; id < to; id++) {
            var properties =
                new AMQP.BasicProperties.Builder().deliveryMode(2).messageId("p" + id).build();
            for (int times = id % 10 == 0 ? 2 : 1; times > 0; times--) {
              channel.basicPublish(
                  "payments", "payments", properties, json(id).getBytes(StandardCharsets.UTF_8));
            }
          }
          channel.waitForConfirmsOrDie(60_000);
          return true;
        });
  }

  /**
   * The large orders that the queue has, until as many are there. The first one makes the queue.
   */
  private static Map<String, Integer> largeOrders(int wanted) throws Exception {
    Map<String, Integer> found = new HashMap<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (found.size() < wanted && System.nanoTime() < deadline) {
      try {
        with(
            channel -> {
              GetResponse next = channel.basicGet(LARGE_ORDERS, true);
              for (; next != null; next = channel.basicGet(LARGE_ORDERS, true)) {
                found.merge(new String(next.getBody(), StandardCharsets.UTF_8), 1, Integer::sum);
              }
              return true;
            });
      } catch (IOException e) {
        assertThat(e.getCause()).hasMessageContaining("NOT_FOUND");
      }
      Thread.sleep(50);
    }
    return found;
  }

  private static List<ConsumerRecord<String, String>> ledger(int wanted) {
    List<ConsumerRecord<String, String>> found = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition("ledger", 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (found.stream().map(ConsumerRecord::value).distinct().count() < wanted
          && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
    }
    return found;
  }

  private static String[] rows(long smallest) {
    return LongStream.range(0, 3 * MESSAGES)
        .filter(id -> amount(id) >= smallest)
        .mapToObj(StreamAppIT::json)
        .toArray(String[]::new);
  }

  @Test
  void messages_arriveThoughApplicationAndBrokerStop() throws Exception {
    try (ConfigurableApplicationContext application = application()) {
      FluxCoreService service = application.getBean(FluxCoreService.class);
      awaitRunning(service);
      order(0, MESSAGES);
      pay(0, MESSAGES);
    }
    // Nobody is there; queue and topic keep what comes.
    order(MESSAGES, 2 * MESSAGES);
    pay(MESSAGES, 2 * MESSAGES);
    try (ConfigurableApplicationContext application = application()) {
      FluxCoreService service = application.getBean(FluxCoreService.class);
      awaitRunning(service);
      rabbit.kill();
      order(2 * MESSAGES, 3 * MESSAGES);
      rabbit.restart();
      pay(2 * MESSAGES, 3 * MESSAGES);

      String[] large = rows(100);
      assertThat(largeOrders(large.length)).containsOnlyKeys(large);
      String[] paid = rows(1);
      List<ConsumerRecord<String, String>> ledger = ledger(paid.length);
      assertThat(ledger.stream().map(ConsumerRecord::value).distinct())
          .containsExactlyInAnyOrder(paid);
      for (ConsumerRecord<String, String> entry : ledger) {
        String order =
            new String(entry.headers().lastHeader("order").value(), StandardCharsets.UTF_8);
        assertThat(entry.value()).startsWith("{\"order\":" + order + ",");
      }
      awaitRunning(service);
    }
  }

  private static void awaitRunning(FluxCoreService service) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (String job : List.of("large-orders", "ledger")) {
      while (service.getJobStatus(service.findJob(job).orElseThrow()) != JobStatus.RUNNING) {
        assertThat(System.nanoTime()).as(job + " does not run").isLessThan(deadline);
        Thread.sleep(50);
      }
    }
  }

  @Test
  void whatCannotBeKept_isRefusedWithItsReason() {
    try (ConfigurableApplicationContext application = application()) {
      FluxCoreService service = application.getBean(FluxCoreService.class);
      assertThatThrownBy(() -> service.submitJob(to("unconfirmed"), atLeastOnce("unconfirmed")))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("out")
          .hasMessageContaining("at most once");
      assertThatThrownBy(() -> service.submitJob(to("nowhere"), atLeastOnce("nowhere")))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContaining("FLX-BINDING-0002")
          .hasMessageContaining("pigeons");
    }
  }

  private static JobConfig atLeastOnce(String name) {
    return JobConfig.builder()
        .name(name)
        .deliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .build();
  }

  private static StreamTopology to(String binding) {
    return StreamTopology.builder()
        .source("in", SourceConfig.generator().withCount(10).build())
        .sink("out", SinkConfig.connector("springcloudstream").with("binding", binding).build())
        .build();
  }
}
