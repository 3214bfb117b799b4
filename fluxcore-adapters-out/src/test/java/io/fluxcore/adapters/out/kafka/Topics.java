package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.kit.KafkaServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.FileLogInputStream;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Topics of a broker, made for tests and read back. */
final class Topics implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final KafkaServer server;
  private final Admin admin;
  private final Map<String, Integer> partitions = new HashMap<>();

  Topics(KafkaServer server) {
    this.server = server;
    this.admin = Admin.create(properties());
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
  String create(int count) {
    return create("topic" + COUNT.incrementAndGet(), count, Map.of());
  }

  String create(String name, int count, Map<String, String> configs) {
    get(admin.createTopics(List.of(new NewTopic(name, count, (short) 1).configs(configs))).all());
    partitions.put(name, count);
    return name;
  }

  /** All that is committed. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    awaitMarkers();
    Map<String, Object> properties = properties();
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (int partition = 0; partition < partitions.getOrDefault(topic, 1); partition++) {
        all.add(new TopicPartition(topic, partition));
      }
      consumer.assign(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (all.stream().anyMatch(id -> consumer.position(id) < ends.get(id))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /**
   * The values of all that is committed, as texts, from the files of the broker: a consumer would
   * not see those behind an open transaction.
   */
  List<String> values(String topic) {
    awaitMarkers();
    List<String> committed = new ArrayList<>();
    for (int partition = 0; partition < partitions.getOrDefault(topic, 1); partition++) {
      Map<Long, List<String>> open = new HashMap<>();
      try (Stream<Path> files = Files.list(server.data().resolve(topic + "-" + partition))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
          FileRecords records = FileRecords.open(file.toFile(), false);
          try {
            for (FileLogInputStream.FileChannelRecordBatch batch : records.batches()) {
              read(batch, open, committed);
            }
          } finally {
            records.closeHandlers(); // more than that would cut off what was added meanwhile
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return committed;
  }

  /** The numbers in field {@code id}, which comes first, of all that is committed. */
  List<Long> ids(String topic) {
    return values(topic).stream()
        .map(value -> Long.valueOf(value.replaceAll("\\{\"id\":(\\d+),.*", "$1")))
        .toList();
  }

  private static void read(
      RecordBatch batch, Map<Long, List<String>> open, List<String> committed) {
    if (batch.isControlBatch()) {
      List<String> ended = open.remove(batch.producerId());
      for (Record marker : batch) {
        if (ended != null && ControlRecordType.parse(marker.key()) == ControlRecordType.COMMIT) {
          committed.addAll(ended);
        }
      }
      return;
    }
    List<String> values =
        batch.isTransactional()
            ? open.computeIfAbsent(batch.producerId(), id -> new ArrayList<>())
            : committed;
    for (Record record : batch) {
      values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
    }
  }

  /** Brokers answer a commit before they have marked it in all partitions. */
  void awaitMarkers() {
    while (transactions(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT)
        .findAny()
        .isPresent()) {
      Thread.onSpinWait();
    }
  }

  private Stream<String> transactions(TransactionState... states) {
    return get(
            admin
                .listTransactions(new ListTransactionsOptions().filterStates(Set.of(states)))
                .all())
        .stream()
        .map(TransactionListing::transactionalId);
  }

  /** How many transactions whose ids begin so are open. */
  int openTransactions(String idsBegin) {
    awaitMarkers();
    return (int)
        transactions(TransactionState.ONGOING).filter(id -> id.startsWith(idsBegin + "-")).count();
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
    admin.close(Duration.ZERO);
  }
}
