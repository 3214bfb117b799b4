package io.fluxcore.adapters.out.kafka;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The producers of one writer: those that have no transaction, and those whose transactions wait
 * for their commit. Thread-safe: commits come from another thread than rows.
 */
final class ProducerPool implements AutoCloseable {
  /** Far from where brokers take another producer id. */
  private static final int LAST_EPOCH = 30_000;

  private final KafkaSettings settings;
  private final String idsBegin;
  private final Map<PreparedTransaction, CommitsInProcess> alive;
  private final Map<PreparedTransaction, TransactionProducer> waiting = new HashMap<>();
  private final Queue<TransactionProducer> idle = new ArrayDeque<>();
  private @Nullable Boolean reuse;
  private int next;
  private boolean closed;

  /**
   * A pool without producers.
   *
   * @param idsBegin the beginning of their transactional ids, of this writer alone
   * @param alive is told of whom may commit what
   */
  ProducerPool(
      KafkaSettings settings, String idsBegin, Map<PreparedTransaction, CommitsInProcess> alive) {
    this.settings = settings;
    this.idsBegin = idsBegin;
    this.alive = alive;
  }

  /** A producer without a transaction. */
  TransactionProducer take(Brokers brokers) {
    synchronized (this) {
      TransactionProducer free = idle.poll();
      if (free != null) {
        return free;
      }
      if (reuse == null) {
        reuse = brokers.countsTransactions();
      }
    }
    TransactionProducer opened = TransactionProducer.open(settings, idsBegin + next);
    next++;
    return opened;
  }

  /** A producer's transaction waits for its commit. */
  synchronized void prepared(TransactionProducer producer, PreparedTransaction transaction) {
    waiting.put(transaction, producer);
    alive.put(transaction, this::commit);
  }

  /**
   * Commits a transaction of this pool.
   *
   * @return false if its producer cannot do it any more
   */
  private boolean commit(PreparedTransaction transaction) {
    TransactionProducer producer;
    synchronized (this) {
      producer = waiting.get(transaction);
    }
    if (producer == null) {
      return false;
    }
    boolean committed = producer.commit();
    synchronized (this) {
      waiting.remove(transaction);
      alive.remove(transaction);
      if (committed && !closed && Boolean.TRUE.equals(reuse) && transaction.epoch() < LAST_EPOCH) {
        idle.add(producer);
        return true;
      }
    }
    producer.close();
    return committed;
  }

  /** Ends all producers. Transactions that wait for their commit stay at the brokers. */
  @Override
  public void close() {
    Map<PreparedTransaction, TransactionProducer> left;
    synchronized (this) {
      closed = true;
      left = new HashMap<>(waiting);
      waiting.clear();
      left.keySet().forEach(alive::remove);
    }
    left.values().forEach(TransactionProducer::close);
    for (TransactionProducer free = poll(); free != null; free = poll()) {
      free.close();
    }
  }

  private synchronized @Nullable TransactionProducer poll() {
    return idle.poll();
  }
}
