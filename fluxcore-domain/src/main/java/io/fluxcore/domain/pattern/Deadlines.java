package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When partial matches of keys are over: a table for each second of deadlines, so that a watermark
 * looks only at those that it may have reached. An entry may be out of date, if what the key had is
 * gone. Not thread-safe.
 */
public final class Deadlines {
  private static final String STATE = "deadlines";
  private static final long NAMESPACE_MILLIS = 1_000;

  /** Keys that are due, each in a row. */
  public record Block(Column[] keys, long[] hashes, int count) {}

  private final SlotTables tables;

  /** The earliest deadline of a namespace, where it is known. */
  private final Map<Long, Long> earliest = new HashMap<>();

  /** Those of the keys of a subtask. */
  public Deadlines(StateBackend state, List<DataType> keyTypes) {
    tables = state.tables(new StateLayout(STATE, keyTypes, new long[] {Long.MAX_VALUE}, List.of()));
  }

  /**
   * Registers keys; those of neighbouring positions whose deadlines are close at once.
   *
   * @param rows of the keys' columns
   * @param hashes by position
   * @param deadlines by position
   */
  public void register(Column[] keys, int[] rows, long[] hashes, long[] deadlines, int count) {
    int[] slots = new int[count];
    int from = 0;
    while (from < count) {
      long namespace = namespace(deadlines[from]);
      int to = from + 1;
      while (to < count && namespace(deadlines[to]) == namespace) {
        to++;
      }
      SlotTable table = tables.table(namespace);
      boolean isKnown = table.size() == 0 || earliest.containsKey(namespace);
      int[] some = Arrays.copyOfRange(rows, from, to);
      table.resolve(keys, Arrays.copyOfRange(hashes, from, to), some, to - from, slots);
      for (int i = from; i < to; i++) {
        int at = slots[i - from] * table.stride() + table.offset(0);
        table.cells()[at] = Math.min(table.cells()[at], deadlines[i]);
        if (isKnown) {
          earliest.merge(namespace, deadlines[i], Math::min);
        }
      }
      from = to;
    }
  }

  private static long namespace(long deadline) {
    return Math.floorDiv(deadline, NAMESPACE_MILLIS);
  }

  /** The earliest deadline, rounded down where it is not known; MAX_VALUE where there is none. */
  public long first() {
    long namespace = tables.firstNamespace();
    return namespace == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : earliest.getOrDefault(namespace, namespace * NAMESPACE_MILLIS);
  }

  /** Takes out the keys whose deadlines are not after a time. */
  public void due(long now, ArrayDeque<Block> blocks) {
    for (long namespace : tables.namespaces()) {
      if (namespace > namespace(now)) {
        return;
      }
      if (earliest.getOrDefault(namespace, Long.MIN_VALUE) <= now) {
        take(namespace, now, blocks);
      }
    }
  }

  private void take(long namespace, long now, ArrayDeque<Block> blocks) {
    SlotTable table = tables.table(namespace);
    long next = Long.MAX_VALUE;
    int[] block = new int[EventBatch.TARGET_ROWS];
    int[] due = new int[block.length];
    SlotWalk walk = new SlotWalk(table);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      int dueCount = 0;
      for (int i = 0; i < count; i++) {
        long deadline = table.cells()[block[i] * table.stride() + table.offset(0)];
        if (deadline <= now) {
          due[dueCount++] = block[i];
        } else {
          next = Math.min(next, deadline);
        }
      }
      if (dueCount > 0) {
        long[] hashes = new long[dueCount];
        table.hashes(due, dueCount, hashes);
        blocks.add(new Block(table.keys(due, dueCount), hashes, dueCount));
        for (int i = 0; i < dueCount; i++) {
          table.remove(due[i]);
        }
      }
    }
    if (next == Long.MAX_VALUE) {
      tables.drop(namespace);
      earliest.remove(namespace);
    } else {
      earliest.put(namespace, next);
    }
  }

  /** Deadlines to be registered together. */
  public static final class Batch {
    private int[] rows = new int[64];
    private long[] hashes = new long[64];
    private long[] times = new long[64];
    private int count;

    /** Adds the key in a row. */
    public void add(int row, long hash, long time) {
      if (count == rows.length) {
        rows = Arrays.copyOf(rows, 2 * count);
        hashes = Arrays.copyOf(hashes, 2 * count);
        times = Arrays.copyOf(times, 2 * count);
      }
      rows[count] = row;
      hashes[count] = hash;
      times[count++] = time;
    }

    /** Registers what was added, and forgets it. */
    public void register(Deadlines deadlines, Column @Nullable [] keys) {
      if (count > 0 && keys != null) {
        deadlines.register(keys, rows, hashes, times, count);
      }
      count = 0;
    }
  }
}
