package io.fluxcore.domain.operator;

import io.fluxcore.domain.shedding.SheddingPolicy;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
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
  private final Map<SheddingPolicy, AtomicLong> dropped = counters();
  private final AtomicLong rowsOut = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();
  private final AtomicLong batchesOut = new AtomicLong();
  private final Histogram batchRows = new Histogram();

  private static Map<SheddingPolicy, AtomicLong> counters() {
    Map<SheddingPolicy, AtomicLong> counters = new EnumMap<>(SheddingPolicy.class);
    for (SheddingPolicy policy : SheddingPolicy.values()) {
      counters.put(policy, new AtomicLong());
    }
    return Collections.unmodifiableMap(counters);
  }

  private AtomicLong counter(SheddingPolicy policy) {
    return Objects.requireNonNull(dropped.get(policy));
  }

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
  public void dropped(SheddingPolicy policy, int rows) {
    add(counter(policy), rows);
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
        new Dropped(
            counter(SheddingPolicy.OLDEST).get(),
            counter(SheddingPolicy.LOWEST_PRIORITY).get(),
            counter(SheddingPolicy.SAMPLE).get()),
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
    dropped.forEach((policy, counter) -> counter.set(counts.droppedBy().of(policy)));
    rowsOut.set(counts.rowsOut());
    bytesOut.set(counts.bytesOut());
    batchesOut.set(counts.batchesOut());
  }

  /**
   * Rows that load shedding took out, by its policy.
   *
   * @param oldest those that had waited longest
   * @param lowestPriority those of the lowest priority
   * @param sample by chance
   */
  public record Dropped(long oldest, long lowestPriority, long sample) {
    public static final Dropped NONE = new Dropped(0, 0, 0);

    /** By one policy. */
    public long of(SheddingPolicy policy) {
      return switch (policy) {
        case OLDEST -> oldest;
        case LOWEST_PRIORITY -> lowestPriority;
        case SAMPLE -> sample;
      };
    }

    /** By all policies. */
    public long total() {
      return oldest + lowestPriority + sample;
    }

    public Dropped plus(Dropped o) {
      return new Dropped(oldest + o.oldest, lowestPriority + o.lowestPriority, sample + o.sample);
    }

    Dropped minus(Dropped o) {
      return new Dropped(oldest - o.oldest, lowestPriority - o.lowestPriority, sample - o.sample);
    }

    Dropped max(Dropped o) {
      return new Dropped(
          Math.max(oldest, o.oldest),
          Math.max(lowestPriority, o.lowestPriority),
          Math.max(sample, o.sample));
    }
  }

  /** A reading of a {@link Ledger}, or the sum over subtasks. */
  public record Counts(
      long rowsIn,
      long bytesIn,
      long batchesIn,
      long late,
      long filtered,
      long failed,
      Dropped droppedBy,
      long rowsOut,
      long bytesOut,
      long batchesOut) {

    public static final Counts ZERO = new Counts(0, 0, 0, 0, 0, 0, Dropped.NONE, 0, 0, 0);

    /** Input rows that load shedding took out, by whichever policy. */
    public long dropped() {
      return droppedBy.total();
    }

    /** Input rows that were none of the others. */
    public long accepted() {
      return rowsIn - late - filtered - failed - dropped();
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
          droppedBy.max(o.droppedBy),
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
          droppedBy.plus(o.droppedBy),
          rowsOut + o.rowsOut,
          bytesOut + o.bytesOut,
          batchesOut + o.batchesOut);
    }

    /** The same with other rows dropped. */
    public Counts withDropped(Dropped dropped) {
      return new Counts(
          rowsIn,
          bytesIn,
          batchesIn,
          late,
          filtered,
          failed,
          dropped,
          rowsOut,
          bytesOut,
          batchesOut);
    }

    /** Without what is counted in the other, which is a part of this. */
    public Counts minus(Counts o) {
      return new Counts(
          rowsIn - o.rowsIn,
          bytesIn - o.bytesIn,
          batchesIn - o.batchesIn,
          late - o.late,
          filtered - o.filtered,
          failed - o.failed,
          droppedBy.minus(o.droppedBy),
          rowsOut - o.rowsOut,
          bytesOut - o.bytesOut,
          batchesOut - o.batchesOut);
    }
  }
}
