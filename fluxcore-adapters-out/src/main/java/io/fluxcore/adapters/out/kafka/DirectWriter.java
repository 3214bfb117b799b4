package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends rows at once, by an idempotent producer. What the producer gives up because brokers do not
 * answer is kept here and sent again, in the order of the rows.
 */
final class DirectWriter implements SinkWriter {
  private static final System.Logger LOG = System.getLogger(DirectWriter.class.getName());

  private final KafkaSettings settings;
  private final Brokers brokers;
  private final RowRecords records;
  private final KafkaProducer<byte[], byte[]> producer;
  private final NavigableMap<Long, ProducerRecord<byte[], byte[]>> undelivered =
      new ConcurrentSkipListMap<>();
  private long next;
  private volatile @Nullable Exception passing;
  private volatile @Nullable Exception failure;
  private boolean closed;

  DirectWriter(KafkaSettings settings, RowRecords.Factory records) {
    this.settings = settings;
    this.brokers = new Brokers(settings);
    this.records = records.create(brokers);
    try {
      this.producer =
          new KafkaProducer<>(
              settings.producer(), new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      brokers.close();
      throw KafkaErrors.of(e, "begin to write", settings.servers());
    }
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (batch.isEmpty()) {
      return;
    }
    if (!undelivered.isEmpty()) {
      flush();
    }
    records.make(batch, failures);
    boolean isTaken = true;
    for (int i = 0; i < records.count(); i++) {
      long number = next++;
      if (isTaken) {
        isTaken = send(number, records.record(i));
      } else {
        undelivered.put(number, records.record(i));
      }
    }
  }

  /**
   * Gives a message to the producer.
   *
   * @return whether the producer takes messages: if not, each has to wait for {@code max.block.ms}
   */
  private boolean send(long number, ProducerRecord<byte[], byte[]> message) {
    Thread caller = Thread.currentThread();
    AtomicBoolean isTaken = new AtomicBoolean(true);
    try {
      Future<RecordMetadata> unused =
          producer.send(
              message,
              (metadata, error) -> {
                if (error instanceof RetriableException) {
                  passing = error;
                  undelivered.put(number, message);
                  if (Thread.currentThread() == caller) {
                    isTaken.set(false);
                  }
                } else if (error != null && failure == null) {
                  failure = error;
                }
              });
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
      undelivered.put(number, message);
      passing = e;
      return false;
    } catch (KafkaException | IllegalStateException e) {
      throw KafkaErrors.of(e, "write", settings.servers());
    }
    return isTaken.get();
  }

  @Override
  public void flush() {
    boolean isTaken = true;
    for (int left = undelivered.size(); left > 0 && isTaken; left--) {
      Map.Entry<Long, ProducerRecord<byte[], byte[]>> again = undelivered.pollFirstEntry();
      isTaken = again == null || send(again.getKey(), again.getValue());
    }
    try {
      producer.flush();
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
      throw KafkaErrors.noAnswer("interrupted while messages are sent", e);
    }
    Exception failed = failure;
    if (failed != null) {
      throw KafkaErrors.of(failed, "write", settings.servers());
    }
    Exception why = passing;
    if (!undelivered.isEmpty() && why != null) {
      throw KafkaErrors.noAnswer(
          "cannot deliver "
              + undelivered.size()
              + " messages to "
              + settings.servers()
              + " now: "
              + KafkaErrors.reason(why),
          why);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted(); // it would not end orderly
    try {
      producer.close(Duration.ZERO);
    } catch (KafkaException e) {
      LOG.log(Level.DEBUG, "the producer has not ended orderly", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    brokers.close();
  }
}
