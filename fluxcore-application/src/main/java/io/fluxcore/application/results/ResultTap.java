package io.fluxcore.application.results;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.BatchTap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What the subtasks of a node emit, or of a sink receive, on its way to the readings of that node.
 * Thread-safe.
 *
 * <p>While nobody reads, a batch costs one look at a volatile field; of a sink, the latest rows are
 * kept besides. Batches are kept as they are, without looking at their rows; a borrowed one, and
 * one that would keep alive much more than its rows, is copied before the lock is taken.
 */
final class ResultTap implements BatchTap {
  /** A batch of which fewer than one row in so many is wanted is copied. */
  private static final int SPARSE = 4;

  private final String operatorId;
  private final Schema schema;
  private final int keptRows;
  private final Deque<Rows> latest = new ArrayDeque<>();
  private final List<BufferedSubscription> readings = new ArrayList<>();
  private volatile int wanted;
  private int latestRows;
  private long sequence;
  private boolean ended;

  /** Rows with consecutive numbers, of which the first has this one. */
  record Rows(EventBatch batch, long sequence) {
    int size() {
      return batch.size();
    }
  }

  /**
   * A tap without readings.
   *
   * @param keptRows how many of the latest rows are kept while nobody reads
   */
  ResultTap(String operatorId, Schema schema, int keptRows) {
    this.operatorId = operatorId;
    this.schema = schema;
    this.keptRows = keptRows;
    this.wanted = keptRows;
  }

  Schema schema() {
    return schema;
  }

  int keptRows() {
    return keptRows;
  }

  @Override
  public void see(EventBatch batch) {
    int atMost = wanted;
    if (atMost > 0) {
      add(lastRows(batch, atMost), batch.size());
    }
  }

  /** The last rows of a batch, or more of them, so that they can be kept. */
  private static EventBatch lastRows(EventBatch batch, int atMost) {
    int size = batch.size();
    int count = Math.min(size, atMost);
    boolean sparse = (long) count * SPARSE < batch.rowCount();
    if (!batch.isBorrowed() && !sparse) {
      return batch;
    }
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> batch.row(size - count + i));
    return batch.gather(rows, count);
  }

  private synchronized void add(EventBatch last, int size) {
    sequence += size;
    Rows rows = new Rows(last, sequence - last.size());
    if (keptRows > 0) {
      latest.addLast(rows);
      latestRows += rows.size();
      while (latestRows - latest.getFirst().size() >= keptRows) {
        latestRows -= latest.removeFirst().size();
      }
    }
    for (BufferedSubscription reading : readings) {
      reading.add(rows, 0);
    }
  }

  /** Begins a reading, with some of the latest rows. */
  synchronized ResultSubscription subscribe(int latestWanted, int bufferRows) {
    BufferedSubscription reading =
        new BufferedSubscription(operatorId, schema, bufferRows, this::unsubscribe);
    int skip = Math.max(0, latestRows - latestWanted);
    for (Rows rows : latest) {
      int skipped = Math.min(skip, rows.size());
      skip -= skipped;
      if (skipped < rows.size()) {
        reading.add(rows, skipped);
      }
    }
    if (ended) {
      reading.end();
    } else {
      readings.add(reading);
      wanted = Integer.MAX_VALUE;
    }
    return reading;
  }

  private synchronized void unsubscribe(BufferedSubscription reading) {
    readings.remove(reading);
    wanted = readings.isEmpty() ? keptRows : Integer.MAX_VALUE;
  }

  /** No row will come any more. */
  synchronized void end() {
    ended = true;
    readings.forEach(BufferedSubscription::end);
    readings.clear();
    wanted = 0;
  }
}
