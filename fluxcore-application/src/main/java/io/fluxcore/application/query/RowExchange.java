package io.fluxcore.application.query;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.operator.RecordFailures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sink of a query: writers wait while too many rows wait for the reader, which is back-pressure
 * through the whole topology. Thread-safe.
 */
final class RowExchange implements Sink {
  /** Rows that wait for the reader before writers do; a batch is taken whole. */
  static final int WAITING_ROWS = 2 * EventBatch.TARGET_ROWS;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rowsTaken = lock.newCondition();
  private final Condition rowsCame = lock.newCondition();
  private final Deque<Part> parts = new ArrayDeque<>();
  private int waiting;
  private boolean ended;
  private boolean closed;
  private @Nullable FluxCoreException failure;

  /** What is left of a batch. */
  private static final class Part {
    final EventBatch batch;
    int next;

    Part(EventBatch batch) {
      this.batch = batch;
    }

    int left() {
      return batch.size() - next;
    }
  }

  /** Former rows come with the kinds of their changes. */
  @Override
  public Changes takes() {
    return Changes.retracts(null);
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new SinkWriter() {
      @Override
      public void write(EventBatch batch, RecordFailures failures) {
        put(batch);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private void put(EventBatch batch) {
    if (batch.isEmpty()) {
      return;
    }
    EventBatch kept = batch.isBorrowed() ? copy(batch) : batch;
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      while (waiting >= WAITING_ROWS && !closed) {
        rowsTaken.await();
      }
      if (closed) {
        return; // the run is being cancelled: nobody will read this
      }
      parts.addLast(new Part(kept));
      waiting += kept.size();
      rowsCame.signal();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  private static EventBatch copy(EventBatch batch) {
    int[] rows = new int[batch.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = batch.row(i);
    }
    return batch.gather(rows, rows.length);
  }

  /** A run that is cancelled has its threads interrupted, and no use for an error. */
  private static FluxCoreException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        List.of(
            Diagnostic.error(
                "FLX-QUERY-0040",
                Place.WHOLE,
                "the query was interrupted while it waited for its" + " reader",
                "")),
        e);
  }

  List<EventRecord> poll(int atMost, Duration patience) throws InterruptedException {
    List<Part> taken = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    long nanos = TimeUnit.NANOSECONDS.convert(patience);
    lock.lockInterruptibly();
    try {
      while (parts.isEmpty() && !ended && nanos > 0) {
        nanos = rowsCame.awaitNanos(nanos);
      }
      if (parts.isEmpty() && failure != null) {
        throw failure;
      }
      int left = atMost;
      while (left > 0 && !parts.isEmpty()) {
        Part oldest = parts.getFirst();
        int count = Math.min(left, oldest.left());
        Part part = new Part(oldest.batch);
        part.next = oldest.next;
        taken.add(part);
        counts.add(count);
        oldest.next += count;
        left -= count;
        waiting -= count;
        if (oldest.left() == 0) {
          parts.removeFirst();
        }
      }
      rowsTaken.signalAll();
    } finally {
      lock.unlock();
    }
    return records(taken, counts);
  }

  /** Made on the reader's thread. */
  private static List<EventRecord> records(List<Part> parts, List<Integer> counts) {
    List<EventRecord> records = new ArrayList<>();
    EventCursor cursor = new EventCursor();
    for (int p = 0; p < parts.size(); p++) {
      Part part = parts.get(p);
      for (int i = 0; i < counts.get(p); i++) {
        cursor.moveTo(part.batch, part.batch.row(part.next + i));
        records.add(cursor.copy());
      }
    }
    return records;
  }

  /** No row will come any more; those that wait can still be read. */
  void end(@Nullable FluxCoreException why) {
    lock.lock();
    try {
      ended = true;
      failure = failure == null && !closed ? why : failure;
      rowsCame.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody reads any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      ended = true;
      failure = null;
      parts.clear();
      waiting = 0;
      rowsTaken.signalAll();
      rowsCame.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    lock.lock();
    try {
      return ended && parts.isEmpty() && failure == null;
    } finally {
      lock.unlock();
    }
  }
}
