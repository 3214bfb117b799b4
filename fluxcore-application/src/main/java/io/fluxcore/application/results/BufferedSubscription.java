package io.fluxcore.application.results;

import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A reading with a buffer of batches; rows are made on the reader's thread. Thread-safe. */
final class BufferedSubscription implements ResultSubscription {
  private final String operatorId;
  private final Schema schema;
  private final int bufferRows;
  private final Consumer<BufferedSubscription> onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Part> parts = new ArrayDeque<>();
  private long waitingRows;
  private long missed;
  private boolean ended;

  /** What is left of a batch. */
  private static final class Part {
    final ResultTap.Rows rows;
    int next;

    Part(ResultTap.Rows rows, int next) {
      this.rows = rows;
      this.next = next;
    }

    int left() {
      return rows.size() - next;
    }
  }

  BufferedSubscription(
      String operatorId, Schema schema, int bufferRows, Consumer<BufferedSubscription> onClose) {
    this.operatorId = operatorId;
    this.schema = schema;
    this.bufferRows = bufferRows;
    this.onClose = onClose;
  }

  /** Adds rows from one on; the oldest are missed when the buffer is full. */
  void add(ResultTap.Rows rows, int from) {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      parts.addLast(new Part(rows, from));
      waitingRows += rows.size() - from;
      while (waitingRows > bufferRows) {
        missed += take(Math.toIntExact(Math.min(waitingRows - bufferRows, Integer.MAX_VALUE)));
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes rows off the oldest part, at most so many; gives how many. */
  private int take(int atMost) {
    Part oldest = parts.getFirst();
    int count = Math.min(atMost, oldest.left());
    oldest.next += count;
    waitingRows -= count;
    if (oldest.left() == 0) {
      parts.removeFirst();
    }
    return count;
  }

  /** No row will be added any more; those that wait can still be read. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String operatorId() {
    return operatorId;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public List<ResultRow> poll(int atMost, Duration patience) throws InterruptedException {
    List<Part> taken = take(atMost, TimeUnit.NANOSECONDS.convert(patience));
    List<ResultRow> result = new ArrayList<>();
    EventCursor cursor = new EventCursor();
    for (Part part : taken) {
      for (int i = part.next; i < part.rows.size() && result.size() < atMost; i++) {
        cursor.moveTo(part.rows.batch(), part.rows.batch().row(i));
        result.add(new ResultRow(part.rows.sequence() + i, cursor.copy()));
      }
    }
    return result;
  }

  /** The parts of the next rows, of the last of which some rows may be left. */
  private List<Part> take(int atMost, long patienceNanos) throws InterruptedException {
    List<Part> taken = new ArrayList<>();
    long nanos = patienceNanos;
    lock.lockInterruptibly();
    try {
      while (parts.isEmpty() && !ended && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      int left = atMost;
      while (left > 0 && !parts.isEmpty()) {
        Part oldest = parts.getFirst();
        taken.add(new Part(oldest.rows, oldest.next));
        left -= take(left);
      }
    } finally {
      lock.unlock();
    }
    return taken;
  }

  @Override
  public long missed() {
    lock.lock();
    try {
      return missed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isEnded() {
    lock.lock();
    try {
      return ended && parts.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    onClose.accept(this);
    lock.lock();
    try {
      ended = true;
      parts.clear();
      waitingRows = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
