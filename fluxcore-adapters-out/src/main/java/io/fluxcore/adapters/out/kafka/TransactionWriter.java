package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes in a transaction from barrier to barrier. At a barrier it leaves the transaction open, for
 * the commit, and goes on in another one: with a producer whose last transaction was committed, or
 * else with a new one.
 */
final class TransactionWriter implements SinkWriter {
  private static final System.Logger LOG = System.getLogger(TransactionWriter.class.getName());

  private final KafkaSettings settings;
  private final Brokers brokers;
  private final RowRecords records;
  private final boolean atFlush;
  private final ProducerPool pool;
  private @Nullable TransactionProducer current;
  private boolean closed;

  TransactionWriter(
      KafkaSettings settings,
      RowRecords.Factory records,
      WriterContext context,
      Map<PreparedTransaction, CommitsInProcess> alive) {
    this.settings = settings;
    this.brokers = new Brokers(settings);
    this.records = records.create(brokers);
    this.atFlush = context.visibility() == Visibility.AT_FLUSH;
    this.pool =
        new ProducerPool(
            settings,
            TransactionId.ofWriter(
                settings.transactionalIdPrefix(),
                context.owner(),
                context.subtask(),
                UUID.randomUUID().toString().substring(0, 8)),
            alive);
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (batch.isEmpty()) {
      return;
    }
    TransactionProducer into = current;
    if (into == null) {
      into = pool.take(brokers);
      current = into;
    }
    into.checkFailure();
    records.make(batch, failures);
    for (int i = 0; i < records.count(); i++) {
      into.send(records.record(i));
    }
  }

  /** Messages are on their way; where there are checkpoints they become visible by their commit. */
  @Override
  public void flush() {
    TransactionProducer writing = current;
    if (writing == null || writing.rows() == 0) {
      return;
    }
    writing.checkFailure();
    if (atFlush && !writing.commit()) {
      Exception why = writing.failure();
      throw KafkaErrors.broken(
          writing.id(),
          why == null ? new IllegalStateException("it is closed") : why,
          settings.servers());
    }
  }

  @Override
  public List<CommitHandle> prepareCommit(long checkpointId) {
    flush();
    TransactionProducer writing = current;
    if (atFlush || writing == null || writing.rows() == 0) {
      return List.of();
    }
    PreparedTransaction prepared = writing.prepare(brokers);
    pool.prepared(writing, prepared);
    current = null;
    return List.of(prepared.toHandle());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    TransactionProducer unfinished = current;
    if (unfinished != null) {
      unfinished.close();
    }
    pool.close();
    if (unfinished != null && unfinished.rows() > 0) {
      takeBack(unfinished);
    }
    brokers.close();
  }

  /** Readers of committed messages would wait for its end until it is given up. */
  private void takeBack(TransactionProducer unfinished) {
    try {
      KafkaSink.fence(brokers, List.of(unfinished.id()));
    } catch (FluxCoreException e) {
      LOG.log(
          Level.INFO,
          "transaction {0} stays open until the job is settled or the brokers give it up: {1}",
          unfinished.id(),
          e.getMessage());
    }
  }
}
