package io.fluxcore.adapters.out.kafka;

import io.fluxcore.domain.error.FluxCoreException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A producer with a transactional id of its own, for one transaction after the other. Rows are sent
 * by the writer's thread; the commit may come from another one.
 */
final class TransactionProducer {
  private static final System.Logger LOG = System.getLogger(TransactionProducer.class.getName());

  private final KafkaSettings settings;
  private final String id;
  private final KafkaProducer<byte[], byte[]> producer;
  private volatile @Nullable Exception failure;
  private long rows;
  private boolean closed;

  private TransactionProducer(KafkaSettings settings, String id) {
    this.settings = settings;
    this.id = id;
    Map<String, Object> properties = settings.producer();
    properties.put("transactional.id", id);
    properties.put("transaction.timeout.ms", (int) settings.transactionTimeout().toMillis());
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * A producer that is known to the brokers.
   *
   * @throws io.fluxcore.application.connector.TransientSinkException if they do not answer now
   */
  static TransactionProducer open(KafkaSettings settings, String id) {
    TransactionProducer opened = null;
    try {
      opened = new TransactionProducer(settings, id);
      opened.producer.initTransactions();
      return opened;
    } catch (KafkaException e) {
      if (opened != null) {
        opened.close();
      }
      if (e instanceof InterruptException) {
        Thread.currentThread().interrupt();
        throw KafkaErrors.noAnswer("interrupted while transaction " + id + " begins", e);
      }
      throw KafkaErrors.of(e, "begin transaction " + id, settings.servers());
    }
  }

  String id() {
    return id;
  }

  /** Messages of the transaction at hand. */
  long rows() {
    return rows;
  }

  /** Sends a record of the transaction at hand, which is begun if there is none. */
  void send(ProducerRecord<byte[], byte[]> record) {
    try {
      if (rows == 0) {
        producer.beginTransaction();
      }
      rows++;
      Future<RecordMetadata> unused =
          producer.send(
              record,
              (metadata, error) -> {
                if (error != null && failure == null) {
                  failure = error;
                }
              });
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
      throw KafkaErrors.broken(id, e, settings.servers());
    } catch (KafkaException | IllegalStateException e) {
      throw broken(e);
    }
  }

  /** Refuses to go on where a message could not be delivered. */
  void checkFailure() {
    Exception known = failure;
    if (known != null) {
      throw broken(known);
    }
  }

  private FluxCoreException broken(Exception thrown) {
    Exception first = failure;
    return KafkaErrors.broken(id, first == null ? thrown : first, settings.servers());
  }

  /** Has the brokers store all messages of the transaction at hand, and leaves it open. */
  PreparedTransaction prepare(Brokers brokers) {
    try {
      producer.flush();
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
      throw KafkaErrors.broken(id, e, settings.servers());
    } catch (KafkaException e) {
      throw broken(e);
    }
    checkFailure();
    TransactionDescription now = KafkaSink.describe(brokers, id);
    if (now == null || now.state() != TransactionState.ONGOING) {
      throw KafkaErrors.external(
          KafkaErrors.BROKEN_TRANSACTION,
          "transaction " + id,
          "transaction "
              + id
              + " is not open any more at "
              + settings.servers()
              + " but "
              + (now == null ? "unknown" : now.state())
              + "; it was given up after transactionTimeout ("
              + settings.transactionTimeout()
              + "), or the job was taken over",
          "make checkpoints more often than that",
          null);
    }
    return new PreparedTransaction(
        id,
        now.producerId(),
        (short) now.producerEpoch(),
        now.transactionStartTimeMs().orElse(0),
        rows);
  }

  /**
   * Commits the transaction at hand; then there is none.
   *
   * @return false if this producer cannot do it any more
   * @throws io.fluxcore.application.connector.TransientSinkException if the brokers do not answer
   *     now
   */
  synchronized boolean commit() {
    if (closed) {
      return false;
    }
    try {
      producer.commitTransaction();
      rows = 0;
      return true;
    } catch (TimeoutException e) {
      throw KafkaErrors.of(e, "commit transaction " + id, settings.servers());
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
      throw KafkaErrors.noAnswer("interrupted while transaction " + id + " is committed", e);
    } catch (KafkaException | IllegalStateException e) {
      LOG.log(Level.DEBUG, "the producer of transaction " + id + " cannot commit it", e);
      if (failure == null) {
        failure = e;
      }
      return false;
    }
  }

  /** Why it cannot go on, if so. */
  @Nullable Exception failure() {
    return failure;
  }

  /** Ends the producer. Its transaction, if there is one, stays as it is at the brokers. */
  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted(); // it would not end orderly
    try {
      producer.close(Duration.ZERO); // given time, it would abort its transaction
    } catch (KafkaException e) {
      LOG.log(Level.DEBUG, "the producer of transaction " + id + " has not ended orderly", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
