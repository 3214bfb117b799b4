package io.fluxcore.domain.operator;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The accounts of one operator and subtask: each input row ends as exactly one of accepted, late,
 * filtered, failed or dropped, so that {@code in = accepted + late + filtered + failed + dropped};
 * outputs are counted separately. Written by the subtask's thread (a few times per batch), read by
 * any.
 */
public final class Ledger {
  private final AtomicLong rowsIn = new AtomicLong();
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicLong batchesIn = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong filtered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong rowsOut = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();
  private final AtomicLong batchesOut = new AtomicLong();
  private final Histogram batchRows = new Histogram();

  private static void add(AtomicLong counter, long count) {
    if (count != 0) {
      counter.lazySet(counter.getPlain() + count);
    }
  }

  /** A batch arrived. Called by the stage. */
  public void in(int rows, long bytes) {
    add(rowsIn, rows);
    add(bytesIn, bytes);
    add(batchesIn, 1);
    batchRows.record(rows);
  }

  /** Sizes of the batches that arrived, since the start; not checkpointed. */
  public Histogram batchRows() {
    return batchRows;
  }

  /** Rows that arrived so far. */
  public long rowsIn() {
    return rowsIn.get();
  }

  /** A batch left. Called by the stage. */
  public void out(int rows, long bytes) {
    add(rowsOut, rows);
    add(bytesOut, bytes);
    add(batchesOut, 1);
  }

  /** Rows that came after their windows were closed. */
  public void late(int rows) {
    add(late, rows);
  }

  /** Rows that a condition kept out. */
  public void filtered(int rows) {
    add(filtered, rows);
  }

  /** Rows that could not be processed. */
  public void failed(int rows) {
    add(failed, rows);
  }

  /** Rows that load shedding took out. */
  public void dropped(int rows) {
    add(dropped, rows);
  }

  /** The counters now; each is exact, together they may be a batch apart. */
  public Counts counts() {
    return new Counts(
        rowsIn.get(),
        bytesIn.get(),
        batchesIn.get(),
        late.get(),
        filtered.get(),
        failed.get(),
        dropped.get(),
        rowsOut.get(),
        bytesOut.get(),
        batchesOut.get());
  }

  /** Takes over checkpointed counters. */
  public void restore(Counts counts) {
    rowsIn.set(counts.rowsIn());
    bytesIn.set(counts.bytesIn());
    batchesIn.set(counts.batchesIn());
    late.set(counts.late());
    filtered.set(counts.filtered());
    failed.set(counts.failed());
    dropped.set(counts.dropped());
    rowsOut.set(counts.rowsOut());
    bytesOut.set(counts.bytesOut());
    batchesOut.set(counts.batchesOut());
  }

  /** A reading of a {@link Ledger}, or the sum over subtasks. */
  public record Counts(
      long rowsIn,
      long bytesIn,
      long batchesIn,
      long late,
      long filtered,
      long failed,
      long dropped,
      long rowsOut,
      long bytesOut,
      long batchesOut) {

    public static final Counts ZERO = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Input rows that were none of the others. */
    public long accepted() {
      return rowsIn - late - filtered - failed - dropped;
    }

    /** Of each counter the larger. */
    public Counts max(Counts o) {
      return new Counts(
          Math.max(rowsIn, o.rowsIn),
          Math.max(bytesIn, o.bytesIn),
          Math.max(batchesIn, o.batchesIn),
          Math.max(late, o.late),
          Math.max(filtered, o.filtered),
          Math.max(failed, o.failed),
          Math.max(dropped, o.dropped),
          Math.max(rowsOut, o.rowsOut),
          Math.max(bytesOut, o.bytesOut),
          Math.max(batchesOut, o.batchesOut));
    }

    public Counts plus(Counts o) {
      return new Counts(
          rowsIn + o.rowsIn,
          bytesIn + o.bytesIn,
          batchesIn + o.batchesIn,
          late + o.late,
          filtered + o.filtered,
          failed + o.failed,
          dropped + o.dropped,
          rowsOut + o.rowsOut,
          bytesOut + o.bytesOut,
          batchesOut + o.batchesOut);
    }
  }
}
