package io.fluxcore.adapters.in.kafka;

import io.fluxcore.application.connector.kit.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics of a broker, made and filled for tests. */
final class Topics implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final KafkaServer server;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  Topics(KafkaServer server) {
    this.server = server;
    this.admin = Admin.create(properties());
    this.producer =
        new KafkaProducer<>(properties(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", server.bootstrapServers());
    return properties;
  }

  Admin admin() {
    return admin;
  }

  /** A topic that no other test has. */
  String create(int partitions) {
    return create("topic" + COUNT.incrementAndGet(), partitions, Map.of());
  }

  String create(String name, int partitions, Map<String, String> configs) {
    get(
        admin
            .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs)))
            .all());
    return name;
  }

  void delete(String name) {
    get(admin.deleteTopics(List.of(name)).all());
  }

  void addPartitions(String name, int total) {
    get(admin.createPartitions(Map.of(name, NewPartitions.increaseTo(total))).all());
  }

  void deleteRecordsBefore(String topic, int partition, long offset) {
    get(
        admin
            .deleteRecords(
                Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
            .all());
  }

  static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  static ProducerRecord<byte[], byte[]> message(
      String topic, int partition, long millis, @Nullable String key, @Nullable String value) {
    return new ProducerRecord<>(topic, partition, millis, bytes(key), bytes(value));
  }

  void send(String topic, int partition, long millis, @Nullable String value) {
    get(producer.send(message(topic, partition, millis, null, value)));
  }

  void send(ProducerRecord<byte[], byte[]> record) {
    get(producer.send(record));
  }

  void send(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<?>> sent = records.stream().<Future<?>>map(producer::send).toList();
    sent.forEach(Topics::get);
  }

  /** A producer of transactions, which is in none. */
  KafkaProducer<byte[], byte[]> transactional() {
    Map<String, Object> properties = properties();
    properties.put("transactional.id", UUID.randomUUID().toString());
    KafkaProducer<byte[], byte[]> transactions =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    transactions.initTransactions();
    return transactions;
  }

  static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
  }
}
