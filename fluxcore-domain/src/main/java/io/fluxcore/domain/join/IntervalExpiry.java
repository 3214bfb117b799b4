package io.fluxcore.domain.join;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Drops the rows that nothing can match any more, and emits those of them that are results alone.
 * The part of time in which the bound lies is looked through again only when the bound has moved by
 * a share of it, where it has many keys; its results come by so much later. Stops between two rows
 * when downstream has no capacity. Not thread-safe.
 */
final class IntervalExpiry {
  private static final long SHARES = 8;

  /** Keys of a part up to which it is looked through each time. */
  private static final int FEW = 1024;

  private record Part(int input, long start) {}

  private final IntervalJoin join;
  private final JoinInput[] inputs;
  private final JoinOutput output;
  private final long partMillis;
  private final Deque<Part> due = new ArrayDeque<>();
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final long[] lookedAt = {Long.MIN_VALUE, Long.MIN_VALUE};

  /** By input, the last part whose rows alone have all been given, held for late rows. */
  private final long[] givenTo = {Long.MIN_VALUE, Long.MIN_VALUE};

  private long watermark;
  private @Nullable Part part;
  private @Nullable SlotTable table;
  private @Nullable SlotWalk walk;
  private int count;
  private int next;
  private @Nullable RowBuffer rows;
  private int row = RowBuffer.NONE;
  private boolean underWay;

  IntervalExpiry(IntervalJoin join, JoinInput[] inputs, JoinOutput output) {
    this.join = join;
    this.inputs = inputs;
    this.output = output;
    this.partMillis = join.parts().sizeMillis();
  }

  boolean isUnderWay() {
    return underWay;
  }

  /** The watermark has come so far. */
  void start(long newWatermark) {
    watermark = newWatermark;
    underWay = true;
    for (JoinInput input : inputs) {
      boolean emits = join.join().type().givesUnmatched(input.number());
      for (long start : input.tables().namespaces()) {
        if (isOver(input.number(), start)) {
          if (emits && start > givenTo[input.number()]) {
            due.add(new Part(input.number(), start));
          } else if (isDropped(input.number(), start)) {
            input.tables().drop(start);
          }
        } else if (emits && join.isOver(input.number(), start, watermark)) {
          long moved = watermark - Math.max(lookedAt[input.number()], start);
          boolean isSmall = input.tables().table(start).size() <= FEW;
          if (isSmall || moved < 0 || moved >= partMillis / SHARES) {
            lookedAt[input.number()] = watermark;
            due.add(new Part(input.number(), start));
          }
        }
      }
    }
  }

  private boolean isOver(int input, long start) {
    return join.isOver(input, start + partMillis - 1, watermark);
  }

  private boolean isDropped(int input, long start) {
    return join.isDropped(input, start + partMillis - 1, watermark);
  }

  /** The first part with rows that may still be given alone; MAX_VALUE if there is none. */
  long firstWaiting(JoinInput input) {
    long given = givenTo[input.number()];
    long first = input.tables().firstNamespace();
    if (first > given) {
      return first;
    }
    for (long start : input.tables().namespaces()) {
      if (start > given) {
        first = first > given ? Math.min(first, start) : start;
      }
    }
    return first > given ? first : Long.MAX_VALUE;
  }

  /** Emits while downstream has capacity; whether all is done. */
  boolean run(Output out) {
    while (true) {
      RowBuffer buffer = rows;
      Part current = part;
      if (buffer != null && current != null && row >= 0) {
        look(current.input(), buffer);
        if (output.areSinglesFull()) {
          output.flushSingles(out);
          if (!out.hasCapacity()) {
            return false;
          }
        }
      } else if (!nextRows()) {
        output.flushSingles(out);
        underWay = false;
        return true;
      }
    }
  }

  private void look(int input, RowBuffer buffer) {
    int at = row;
    row = buffer.next(at);
    long time = buffer.timestamp(at);
    if (buffer.tag(at) == JoinInput.UNMATCHED && join.isOver(input, time, watermark)) {
      output.single(input, buffer, at, time);
      buffer.setTag(at, JoinInput.MATCHED);
    }
  }

  /** The rows of the next key; false when there are none. */
  private boolean nextRows() {
    while (true) {
      SlotTable current = table;
      SlotWalk walked = walk;
      if (current == null || walked == null) {
        if (!nextPart()) {
          return false;
        }
      } else if (next < count) {
        rows = JoinInput.rows(current, block[next++]);
        if (rows != null) {
          row = rows.first();
          return true;
        }
      } else {
        if (count > 0) {
          current.changed(block, count);
        }
        count = walked.next(block);
        next = 0;
        if (count == 0) {
          endPart();
        }
      }
    }
  }

  private boolean nextPart() {
    part = due.poll();
    if (part == null) {
      return false;
    }
    table = tables(part).table(part.start());
    walk = new SlotWalk(table);
    count = 0;
    next = 0;
    return true;
  }

  private void endPart() {
    Part ended = part;
    part = null;
    table = null;
    walk = null;
    rows = null;
    if (ended != null && isOver(ended.input(), ended.start())) {
      givenTo[ended.input()] = Math.max(givenTo[ended.input()], ended.start());
      if (isDropped(ended.input(), ended.start())) {
        tables(ended).drop(ended.start());
      }
    }
  }

  private SlotTables tables(Part of) {
    return inputs[of.input()].tables();
  }
}
