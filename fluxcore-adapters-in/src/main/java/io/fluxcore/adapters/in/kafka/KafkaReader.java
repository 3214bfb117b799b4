package io.fluxcore.adapters.in.kafka;

import io.fluxcore.adapters.in.format.MessageRows;
import io.fluxcore.adapters.in.kafka.KafkaSettings.KeyFormat;
import io.fluxcore.application.connector.CheckpointMarks;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import io.fluxcore.domain.event.EventBatch;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads partitions by a consumer that they are assigned to; no group decides who reads what. Values
 * go from where the consumer has received them into the decoder.
 *
 * <p>Where a partition is begun is asked when it is first polled, and given to the host as a
 * position without rows: so a checkpoint holds it before the first record has come.
 */
final class KafkaReader implements SourceReader {
  private static final System.Logger LOG = System.getLogger(KafkaReader.class.getName());
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final KafkaSource source;
  private final KafkaSettings settings;
  private final ReaderContext context;
  private final MessageRows rows;
  private final WakeUp wakeUp = new WakeUp();
  private final Map<String, Partition> partitions = new LinkedHashMap<>();
  private final List<Partition> open = new ArrayList<>();
  private final CheckpointMarks<Map<TopicPartition, OffsetAndMetadata>> checkpoints =
      new CheckpointMarks<>();
  private int turn;
  private Set<String> held = Set.of();
  private volatile @Nullable KafkaConsumer<ByteBuffer, ByteBuffer> consumer;
  private @Nullable Connection connection;
  private boolean commitsFail;
  private boolean closed;

  KafkaReader(KafkaSource source, ReaderContext context) {
    this.source = source;
    this.settings = source.settings();
    this.context = context;
    this.rows = new MessageRows(source.format(), source.fields(), context, "offset");
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    KafkaPosition asked = null;
    if (position != null) {
      source.resumed();
      try {
        asked = KafkaPosition.parse(position.text());
      } catch (IllegalArgumentException e) {
        throw KafkaErrors.external(
            KafkaErrors.POSITION,
            split.id(),
            "'" + position.text() + "' is no position in a partition",
            "start from a checkpoint of this source",
            e);
      }
    }
    Partition added = new Partition(split.id(), KafkaSource.partition(split), asked);
    partitions.put(split.id(), added);
    open.add(added);
  }

  @Override
  public Poll poll(Duration maxWait) {
    Poll found = next();
    if (found != null) {
      return found;
    }
    if (open.isEmpty()) {
      if (!maxWait.isZero()) {
        wakeUp.await(maxWait);
      }
      return Poll.Nothing.INSTANCE;
    }
    try {
      fetch(maxWait);
    } catch (WakeupException e) {
      return Poll.Nothing.INSTANCE; // somebody wants the thread
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
      return Poll.Nothing.INSTANCE;
    } catch (KafkaException e) {
      if (!KafkaErrors.isPassing(e)) {
        throw KafkaErrors.of(e, "read " + settings, settings.servers());
      }
      connection().failed(e);
      if (!maxWait.isZero()) {
        wakeUp.await(maxWait);
      }
    }
    found = next();
    return found == null ? Poll.Nothing.INSTANCE : found;
  }

  /** What is at hand, of each partition in turn. */
  private @Nullable Poll next() {
    for (int i = 0; i < open.size(); i++) {
      turn = turn + 1 >= open.size() ? 0 : turn + 1;
      Partition partition = open.get(turn);
      if (partition.ends()) {
        open.remove(turn);
        reassign();
        return new Poll.EndOfSplit(partition.split);
      }
      if (!held.contains(partition.split) && (partition.begins() || partition.hasMore())) {
        return give(partition);
      }
    }
    return null;
  }

  private Poll.Rows give(Partition partition) {
    ConsumerRecord<ByteBuffer, ByteBuffer> record = partition.peek();
    while (record != null && !rows.isFull()) {
      add(record);
      partition.take();
      record = partition.peek();
    }
    partition.skipToFetched();
    String split = partition.split;
    return rows.rows(
        split,
        partition.position(),
        offset -> split + "@" + offset,
        Map.of("topic", partition.id.topic(), "partition", (long) partition.id.partition()));
  }

  private void add(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    ByteBuffer value = record.value();
    if (value == null) {
      rows.addNothing();
      return;
    }
    long timestamp = record.timestamp();
    rows.add(
        value,
        record.offset(),
        timestamp == ConsumerRecord.NO_TIMESTAMP ? EventBatch.NO_TIMESTAMP : timestamp);
    ByteBuffer key = record.key();
    if (key != null && settings.keyFormat() != KeyFormat.NONE) {
      rows.key(key);
    }
    Header[] headers = record.headers().toArray();
    if (headers.length > 0) {
      Map<String, String> texts = new LinkedHashMap<>();
      for (Header header : headers) {
        byte[] bytes = header.value();
        texts.put(header.key(), bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8));
      }
      rows.headers(texts);
    }
  }

  private KafkaConsumer<ByteBuffer, ByteBuffer> consumer() {
    KafkaConsumer<ByteBuffer, ByteBuffer> known = consumer;
    if (known == null) {
      Map<String, Object> properties = settings.client().settings();
      if (settings.group() != null) {
        properties.put("group.id", settings.group());
      }
      properties.put("enable.auto.commit", false);
      properties.put("auto.offset.reset", "none");
      properties.put("allow.auto.create.topics", false);
      properties.put(
          "isolation.level", settings.committedOnly() ? "read_committed" : "read_uncommitted");
      properties.put("max.poll.records", context.batchRows());
      known = new KafkaConsumer<>(properties, new AsIs(), new AsIs());
      consumer = known;
      connection = new Connection(context.operatorId(), settings.servers(), known);
    }
    return known;
  }

  private Connection connection() {
    Connection known = connection;
    if (known == null) {
      throw new IllegalStateException("there is no consumer");
    }
    return known;
  }

  private void fetch(Duration maxWait) {
    KafkaConsumer<ByteBuffer, ByteBuffer> reading = consumer();
    List<Partition> unknown = open.stream().filter(p -> !p.isLocated()).toList();
    if (!unknown.isEmpty()) {
      new PartitionStarts(source, reading).locate(unknown);
      reassign();
      return;
    }
    ConsumerRecords<ByteBuffer, ByteBuffer> records;
    try {
      records = reading.poll(maxWait);
    } catch (OffsetOutOfRangeException e) {
      new PartitionStarts(source, reading)
          .relocate(e.offsetOutOfRangePartitions(), partition -> of(partition));
      return;
    }
    connection().polled(!records.isEmpty());
    for (TopicPartition partition : records.partitions()) {
      of(partition).fetched(records.records(partition));
    }
    records.nextOffsets().forEach((id, next) -> of(id).fetchedTo(next.offset()));
  }

  private Partition of(TopicPartition id) {
    Partition partition = partitions.get(id.toString());
    if (partition == null) {
      throw new IllegalStateException(id + " is not read here");
    }
    return partition;
  }

  /** Has the consumer read the partitions that are open, each from where it is. */
  private void reassign() {
    KafkaConsumer<ByteBuffer, ByteBuffer> reading = consumer();
    Set<TopicPartition> before = reading.assignment();
    List<TopicPartition> now = open.stream().filter(Partition::isLocated).map(p -> p.id).toList();
    reading.assign(now);
    for (Partition partition : open) {
      if (partition.isLocated() && !before.contains(partition.id)) {
        reading.seek(partition.id, partition.given());
      }
    }
    hold();
  }

  /** Fetches nothing of partitions that are held. */
  private void hold() {
    KafkaConsumer<ByteBuffer, ByteBuffer> reading = consumer;
    if (reading == null) {
      return;
    }
    List<TopicPartition> paused = new ArrayList<>();
    List<TopicPartition> resumed = new ArrayList<>();
    for (Partition partition : open) {
      if (partition.isLocated()) {
        (held.contains(partition.split) ? paused : resumed).add(partition.id);
      }
    }
    reading.pause(paused);
    reading.resume(resumed);
  }

  @Override
  public boolean holdSplits(Set<String> splits) {
    if (!held.equals(splits)) {
      held = Set.copyOf(splits);
      hold();
    }
    return true;
  }

  @Override
  public Decoded decode(String split, byte[] record) {
    return rows.decode(record, System.currentTimeMillis());
  }

  @Override
  public long lag(String split) {
    Partition partition = partitions.get(split);
    KafkaConsumer<ByteBuffer, ByteBuffer> reading = consumer;
    if (partition == null || reading == null || closed || !partition.isLocated()) {
      return -1;
    }
    if (partition.end != KafkaPosition.NO_END) {
      return partition.end - partition.given();
    }
    OptionalLong outside = reading.currentLag(partition.id);
    return outside.isPresent() ? outside.getAsLong() + partition.atHand() : -1;
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
    KafkaConsumer<ByteBuffer, ByteBuffer> reading = consumer;
    if (reading != null) {
      reading.wakeup();
    }
  }

  @Override
  public void checkpointStarted(long checkpointId) {
    if (settings.group() == null) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (Partition partition : partitions.values()) {
      if (partition.isLocated()) {
        offsets.put(partition.id, new OffsetAndMetadata(partition.given()));
      }
    }
    checkpoints.started(checkpointId, offsets);
  }

  @Override
  public void checkpointCompleted(long checkpointId) {
    Map<TopicPartition, OffsetAndMetadata> last = checkpoints.completed(checkpointId);
    KafkaConsumer<ByteBuffer, ByteBuffer> reading = consumer;
    if (last != null && reading != null && !last.isEmpty()) {
      reading.commitAsync(last, (offsets, error) -> committed(error));
    }
  }

  /** The job does not need these offsets, so that it does not fail for them. */
  private void committed(@Nullable Exception error) {
    if (error != null && !commitsFail) {
      LOG.log(
          Level.WARNING,
          "source {0}: group {1} cannot commit offsets now, which others see behind: {2}",
          context.operatorId(),
          settings.group(),
          error.toString());
    }
    commitsFail = error != null;
  }

  @Override
  public void close() {
    KafkaConsumer<ByteBuffer, ByteBuffer> ending = consumer;
    if (ending == null || closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted(); // it would not end orderly
    try {
      ending.close(CloseOptions.timeout(CLOSE_WAIT));
    } catch (KafkaException e) {
      LOG.log(Level.DEBUG, "the consumer has not ended orderly", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
