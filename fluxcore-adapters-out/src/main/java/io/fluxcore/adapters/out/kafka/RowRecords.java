package io.fluxcore.adapters.out.kafka;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.adapters.out.format.RowKinds;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of rows, and finds those that no broker would take: a record that is refused once
 * it was sent ends its transaction. Not thread-safe.
 */
final class RowRecords {
  /** Of a batch with one record, its header and the record's lengths, at most. */
  private static final int OVERHEAD_BYTES = 61 + 21 + 10;

  private static final int HEADER_OVERHEAD_BYTES = 10;
  private static final int MICROS_PER_MILLI = 1000;

  private final KafkaSettings settings;
  private final Brokers brokers;
  private final InstantSource clock;
  private final Schema schema;
  private final MessageEncoder values;
  private final @Nullable MessageEncoder keys;
  private final Schema keySchema;
  private final TextValues texts = new TextValues();
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

  /** Those of the batch at hand; null: there is no such. */
  private final Map<String, Brokers.@Nullable Topic> topics = new HashMap<>();

  /** Makes them for writers. Thread-safe. */
  record Factory(KafkaSettings settings, Schema schema, MessageEncoder.Factory encoders) {
    RowRecords create(Brokers brokers) {
      return new RowRecords(this, brokers, InstantSource.system());
    }
  }

  private RowRecords(Factory made, Brokers brokers, InstantSource clock) {
    this.settings = made.settings();
    this.brokers = brokers;
    this.clock = clock;
    this.schema = made.schema();
    this.values = made.encoders().create();
    List<Field> fields = settings.keyFields().stream().map(schema::field).toList();
    this.keySchema = Schema.of(fields);
    this.keys =
        fields.isEmpty()
            ? null
            : new MessageEncoder(
                fields.size() == 1
                    ? RowEncoder.value(0, false)
                    : RowEncoder.json(keySchema, RowKinds.NEVER));
  }

  /**
   * Makes records of the selected rows of a batch, and forgets those of the last one.
   *
   * @throws io.fluxcore.application.connector.TransientSinkException if nothing is known of a topic
   *     and brokers do not answer
   */
  void make(EventBatch batch, RecordFailures failures) {
    records.clear();
    lookUpTopics(batch);
    values.encode(batch, failures);
    EventBatch keyed = encodeKeys(batch);
    long now = clock.millis();
    int key = 0;
    for (int i = 0; i < values.count(); i++) {
      int row = values.row(i);
      byte[] keyBytes = null;
      if (keys != null) {
        while (keys.row(key) < row) {
          key++;
        }
        keyBytes = isNullKey(keyed, row) ? null : keys.bytes(key);
      } else {
        StringColumn given = batch.envelope().keys();
        if (given != null && !given.isNull(row)) {
          keyBytes = given.value(row).getBytes(StandardCharsets.UTF_8);
        }
      }
      try {
        records.add(record(batch, row, keyBytes, values.bytes(i), now));
      } catch (RecordException e) {
        failures.failed(batch, row, e);
      }
    }
  }

  /** Before any row is told to have failed, so that all may be given again. */
  private void lookUpTopics(EventBatch batch) {
    topics.clear();
    String fixed = settings.topic();
    if (fixed != null) {
      Brokers.Topic topic = brokers.topic(fixed);
      if (topic == null) {
        throw brokers.noTopic(fixed);
      }
      topics.put(fixed, topic);
      return;
    }
    StringColumn names = (StringColumn) batch.column(settings.topicField());
    String last = null;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (!names.isNull(row) && (last == null || !names.equalTo(row, last))) {
        last = names.value(row);
        if (!topics.containsKey(last)) {
          topics.put(last, brokers.topic(last));
        }
      }
    }
  }

  private EventBatch encodeKeys(EventBatch batch) {
    if (keys == null) {
      return batch;
    }
    Column[] columns = new Column[keySchema.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(settings.keyFields().get(i));
    }
    EventBatch keyed = batch.withColumns(keySchema, columns).withRowKinds(null);
    keys.encode(keyed, RecordFailures.FAIL);
    return keyed;
  }

  /** A key of one field that is null is none. */
  private static boolean isNullKey(EventBatch keyed, int row) {
    return keyed.schema().size() == 1 && keyed.column(0).isNull(row);
  }

  private ProducerRecord<byte[], byte[]> record(
      EventBatch batch, int row, byte @Nullable [] key, byte[] value, long now) {
    String name = topic(batch, row);
    Brokers.Topic topic = topics.get(name);
    if (topic == null) {
      throw KafkaErrors.row("there is no topic '" + name + "'");
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            name, partition(batch, row, topic), timestamp(batch, row, topic, now), key, value);
    long bytes = OVERHEAD_BYTES + (key == null ? 0 : key.length) + (long) value.length;
    for (int field : settings.headerFields()) {
      Column column = batch.column(field);
      if (!column.isNull(row)) {
        byte[] text =
            column instanceof BytesColumn raw
                ? raw.value(row)
                : texts.text(column, row).getBytes(StandardCharsets.UTF_8);
        String header = schema.field(field).name();
        record.headers().add(new RecordHeader(header, text));
        bytes += HEADER_OVERHEAD_BYTES + 3L * header.length() + text.length;
      }
    }
    long most = Math.min(topic.maxBytes(), settings.maxRequestBytes());
    if (bytes > most) {
      throw KafkaErrors.row(
          "the message has "
              + bytes
              + " bytes, and topic "
              + name
              + " takes "
              + most
              + " at most (max.message.bytes, max.request.size, buffer.memory)");
    }
    return record;
  }

  private String topic(EventBatch batch, int row) {
    if (settings.topic() != null) {
      return settings.topic();
    }
    StringColumn names = (StringColumn) batch.column(settings.topicField());
    if (names.isNull(row)) {
      throw KafkaErrors.row(
          "field '" + schema.field(settings.topicField()).name() + "', the topic, is null");
    }
    return names.value(row);
  }

  private @Nullable Integer partition(EventBatch batch, int row, Brokers.Topic topic) {
    if (settings.partitionField() < 0 || batch.column(settings.partitionField()).isNull(row)) {
      return null;
    }
    long partition = ((LongColumn) batch.column(settings.partitionField())).value(row);
    if (partition < 0 || partition >= topic.partitions()) {
      throw KafkaErrors.row(
          "there is no partition "
              + partition
              + ": the topic has "
              + topic.partitions()
              + ", from 0 on");
    }
    return (int) partition;
  }

  private @Nullable Long timestamp(EventBatch batch, int row, Brokers.Topic topic, long now) {
    long millis = batch.timestamps()[row];
    if (settings.timestampField() >= 0) {
      LongColumn times = (LongColumn) batch.column(settings.timestampField());
      millis = EventBatch.NO_TIMESTAMP;
      if (!times.isNull(row)) {
        millis =
            times.type().equals(DataType.LONG)
                ? times.value(row)
                : Math.floorDiv(times.value(row), MICROS_PER_MILLI);
      }
    }
    if (millis < 0) {
      return null; // none, or before 1970, which messages cannot be
    }
    if (millis - now > topic.maxAheadMillis() || now - millis > topic.maxBehindMillis()) {
      throw KafkaErrors.row(
          "the time of the message, "
              + millis
              + " ms, is further from now than the topic allows (message.timestamp.after.max.ms,"
              + " message.timestamp.before.max.ms)");
    }
    return millis;
  }

  /** How many records the batch gave. */
  int count() {
    return records.size();
  }

  ProducerRecord<byte[], byte[]> record(int i) {
    return records.get(i);
  }
}
