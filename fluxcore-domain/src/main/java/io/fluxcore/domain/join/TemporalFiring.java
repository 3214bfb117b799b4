package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Joins the rows of the left input up to a time with the versions that were valid at their times,
 * block of keys by block. Stops between two keys when downstream has no capacity. Not thread-safe.
 */
final class TemporalFiring {
  private final JoinType type;
  private final long partMillis;
  private final JoinInput left;
  private final Versions versions;
  private final JoinOutput output;
  private final VersionOrder order = new VersionOrder();
  private final Deque<Long> due = new ArrayDeque<>();
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] positions = new int[EventBatch.TARGET_ROWS];
  private final int[] found = new int[EventBatch.TARGET_ROWS];
  private final long[] hashes = new long[EventBatch.TARGET_ROWS];

  /** Rows of the pairs that have not been asked about. */
  private final @Nullable RowBuffer[] askedRows = new @Nullable RowBuffer[EventBatch.TARGET_ROWS];

  private final int[] askedAt = new int[EventBatch.TARGET_ROWS];
  private OperatorContext context;
  private long horizon;
  private boolean underWay;
  private long part;
  private @Nullable SlotTable table;
  private @Nullable SlotWalk walk;
  private int count;
  private int next;

  /** Whether the rows of the block that have no version are given, after those that have. */
  private boolean givingSingles;

  private @Nullable RowBuffer rows;
  private int row = RowBuffer.NONE;

  /** The changes of the key of the rows, which {@link #order} has read. */
  private @Nullable RowBuffer current;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  TemporalFiring(
      TemporalJoin join, JoinInput left, Versions versions, JoinOutput output, long partMillis) {
    this.type = join.join().type();
    this.partMillis = partMillis;
    this.left = left;
    this.versions = versions;
    this.output = output;
    Arrays.setAll(positions, i -> i);
  }

  void open(OperatorContext newContext) {
    context = newContext;
  }

  boolean isUnderWay() {
    return underWay;
  }

  /** Begins with the rows that lie at or before a time. */
  void start(long newHorizon) {
    horizon = newHorizon;
    underWay = true;
    for (long start : left.tables().namespaces()) {
      if (start <= horizon) {
        due.add(start);
      }
    }
  }

  /** Emits while downstream has capacity; whether all is done. */
  boolean run(Output out) {
    while (true) {
      RowBuffer buffer = rows;
      if (buffer != null && row >= 0) {
        look(buffer);
        if (flushFull(out) && !out.hasCapacity()) {
          return false;
        }
      } else if (next < count && table != null) {
        nextKey(table);
      } else if (!nextBlock(out)) {
        output.flushSingles(out);
        versions.forget(horizon);
        underWay = false;
        return true;
      }
    }
  }

  private void nextKey(SlotTable walked) {
    int position = next++;
    RowBuffer buffer = JoinInput.rows(walked, block[position]);
    rows = buffer;
    row = buffer == null ? RowBuffer.NONE : buffer.first();
    if (!givingSingles) {
      RowBuffer changes = JoinInput.rows(versions.table(), found[position]);
      if (changes == null) {
        row = RowBuffer.NONE; // none of the key has a version
      } else {
        order.read(changes);
        current = changes;
      }
    }
  }

  private void look(RowBuffer buffer) {
    int at = row;
    row = buffer.next(at);
    long time = buffer.timestamp(at);
    if (time > horizon || buffer.tag(at) != JoinInput.UNMATCHED) {
      return;
    }
    if (givingSingles) {
      buffer.setTag(at, JoinInput.MATCHED);
      if (type == JoinType.LEFT) {
        output.single(JoinType.LEFT_INPUT, buffer, at, time);
      }
      return;
    }
    RowBuffer changes = current;
    int version = changes == null ? RowBuffer.NONE : versions.validAt(order, changes, time);
    if (changes != null && version >= 0) {
      askedRows[output.pairs()] = buffer;
      askedAt[output.pairs()] = at;
      output.pair(JoinType.LEFT_INPUT, buffer, at, changes, version, time);
    }
  }

  private boolean flushFull(Output out) {
    boolean full = output.arePairsFull() || output.areSinglesFull();
    if (output.arePairsFull()) {
      flushPairs(out);
    }
    if (output.areSinglesFull()) {
      output.flushSingles(out);
    }
    return full;
  }

  private void flushPairs(Output out) {
    output.flushPairs(
        context,
        out,
        pair -> {
          RowBuffer buffer = askedRows[pair];
          if (buffer != null) {
            buffer.setTag(askedAt[pair], JoinInput.MATCHED);
          }
        });
  }

  /** Goes on with the rows of the block that are alone, or with the next block. */
  private boolean nextBlock(Output out) {
    rows = null;
    flushPairs(out); // before the slots of the block are gone
    if (!givingSingles && count > 0) {
      givingSingles = true;
      next = 0;
      return true;
    }
    givingSingles = false;
    while (true) {
      SlotTable walked = table;
      SlotWalk blocks = walk;
      if (walked != null && blocks != null) {
        if (count > 0 && !isDone()) {
          walked.changed(block, count);
        }
        count = blocks.next(block);
        next = 0;
        if (count > 0) {
          find(walked);
          return true;
        }
        endPart();
      }
      Long start = due.poll();
      if (start == null) {
        return false;
      }
      part = start;
      walked = left.tables().table(part);
      table = walked;
      walk = new SlotWalk(walked);
      count = 0;
      next = 0;
    }
  }

  private void find(SlotTable walked) {
    Column[] keys = walked.keys(block, count);
    walked.hashes(block, count, hashes);
    versions.table().find(keys, hashes, positions, count, found);
  }

  private boolean isDone() {
    return part + partMillis - 1 <= horizon;
  }

  private void endPart() {
    SlotTables tables = left.tables();
    if (isDone()) {
      tables.drop(part);
    }
    table = null;
    walk = null;
  }
}
