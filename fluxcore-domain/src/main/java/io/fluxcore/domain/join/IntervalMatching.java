package io.fluxcore.domain.join;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.state.SlotTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what the rows of a batch match among the rows that are kept of the other input, part by
 * part of time. Stops between two rows when downstream has no capacity. Not thread-safe.
 */
final class IntervalMatching {
  private final IntervalJoin join;
  private final JoinType type;
  private final long partMillis;
  private final boolean isLateToo;
  private final JoinInput[] inputs;
  private final JoinOutput output;

  /** Kept rows of the pairs that have not been asked about, and the positions of the new ones. */
  private final @Nullable RowBuffer[] askedRows = new @Nullable RowBuffer[EventBatch.TARGET_ROWS];

  private final int[] askedAt = new int[EventBatch.TARGET_ROWS];
  private final int[] asked = new int[EventBatch.TARGET_ROWS];
  private OperatorContext context;

  // the batch
  private int input;
  private EventBatch batch;
  private long watermark;
  private int[] rows = new int[0];
  private long[] hashes = new long[0];
  private int count;

  /** By physical row, what {@link JoinInput#keep} takes. */
  private long[] tags = new long[0];

  // the parts
  private long[] parts = new long[0];
  private int nextPart;
  private @Nullable SlotTable table;

  /** Positions of the rows that may match something of the part, and the slots of their keys. */
  private int[] positions = new int[0];

  private int[] partRows = new int[0];
  private long[] partHashes = new long[0];
  private int[] slots = new int[0];
  private int found;
  private int next;
  private @Nullable RowBuffer others;
  private int other = RowBuffer.NONE;
  private int current;

  @SuppressWarnings("NullAway.Init") // bound by open and begin, which come before everything else
  IntervalMatching(IntervalJoin join, JoinInput[] inputs, JoinOutput output) {
    this.join = join;
    this.type = join.join().type();
    this.partMillis = join.parts().sizeMillis();
    this.isLateToo = join.lateMatches() != null;
    this.inputs = inputs;
    this.output = output;
  }

  void open(OperatorContext newContext) {
    context = newContext;
  }

  /**
   * Begins with the rows of a batch, whose keys have no nulls.
   *
   * @param newRows physical rows; the array is kept
   */
  void begin(
      int newInput, EventBatch newBatch, int[] newRows, int newCount, long currentWatermark) {
    input = newInput;
    watermark = currentWatermark;
    batch = newBatch;
    rows = newRows;
    count = newCount;
    reserve();
    Arrays.fill(tags, 0, batch.rowCount(), JoinInput.UNMATCHED);
    inputs[input].hash(batch, rows, count, hashes);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      first = Math.min(first, batch.timestamps()[rows[i]]);
      last = Math.max(last, batch.timestamps()[rows[i]]);
    }
    long from = first + join.lowest(input) - partMillis;
    long to = last + join.highest(input);
    parts =
        count == 0
            ? new long[0]
            : Arrays.stream(inputs[1 - input].tables().namespaces())
                .filter(part -> part > from && part <= to)
                .toArray();
    nextPart = 0;
    table = null;
    others = null;
    other = RowBuffer.NONE;
  }

  private void reserve() {
    if (tags.length < batch.rowCount()) {
      tags = new long[Math.max(batch.rowCount(), EventBatch.TARGET_ROWS)];
    }
    if (hashes.length < count) {
      int length = Math.max(count, EventBatch.TARGET_ROWS);
      hashes = new long[length];
      positions = new int[length];
      partRows = new int[length];
      partHashes = new long[length];
      slots = new int[length];
    }
  }

  /** Takes the rows out of a batch that is not to be held. */
  void hold() {
    if (!batch.isBorrowed()) {
      return;
    }
    batch = batch.gather(rows, count);
    long[] moved = new long[Math.max(count, EventBatch.TARGET_ROWS)];
    for (int i = 0; i < count; i++) {
      moved[i] = tags[rows[i]];
    }
    tags = moved;
    rows = new int[count];
    Arrays.setAll(rows, i -> i);
  }

  EventBatch batch() {
    return batch;
  }

  int[] rows() {
    return rows;
  }

  int count() {
    return count;
  }

  /** By physical row, whether it has matched. */
  long[] tags() {
    return tags;
  }

  /** Goes on; whether all rows have been looked for. */
  boolean run(Output out) {
    while (true) {
      while (other >= 0) {
        match();
        if (isFull(out) && !out.hasCapacity()) {
          return false;
        }
      }
      if (table != null && next < found) {
        nextRow(table);
      } else {
        // what is found in a table is valid until something else is asked of it
        flushPairs(out);
        if (nextPart == parts.length) {
          output.flushSingles(out);
          return true;
        }
        table = inputs[1 - input].tables().table(parts[nextPart]);
        find(table, parts[nextPart]);
        nextPart++;
      }
    }
  }

  private void find(SlotTable part, long start) {
    long[] times = batch.timestamps();
    long from = start - join.highest(input);
    long to = start + partMillis - 1 - join.lowest(input);
    found = 0;
    for (int i = 0; i < count; i++) {
      long time = times[rows[i]];
      if (time >= from && time <= to && !isDone(i)) {
        positions[found] = i;
        partRows[found] = rows[i];
        partHashes[found] = hashes[i];
        found++;
      }
    }
    part.find(inputs[input].keys(batch), partHashes, partRows, found, slots);
    next = 0;
  }

  /** Whether a row has no further result, since it has one. */
  private boolean isDone(int position) {
    return input == JoinType.LEFT_INPUT && !type.givesPairs() && isMatched(position);
  }

  private boolean isMatched(int position) {
    return tags[rows[position]] != JoinInput.UNMATCHED;
  }

  private void nextRow(SlotTable part) {
    current = positions[next];
    others = JoinInput.rows(part, slots[next]);
    next++;
    RowBuffer buffer = others;
    other = buffer == null ? RowBuffer.NONE : buffer.first();
  }

  /** Looks at one kept row. */
  private void match() {
    RowBuffer buffer = others;
    if (buffer == null) {
      throw new IllegalStateException("there is no row to look at");
    }
    int at = other;
    other = buffer.next(at);
    int row = rows[current];
    long time = batch.timestamps()[row];
    long otherTime = buffer.timestamp(at);
    long distance = otherTime - time;
    if (distance < join.lowest(input) || distance > join.highest(input)) {
      return;
    }
    if (isLateToo && join.isDropped(1 - input, otherTime, watermark)) {
      return; // still there only because others of its part of time are held
    }
    if (output.hasCondition() || type.givesPairs()) {
      if (output.hasCondition()) {
        asked[output.pairs()] = current;
        askedRows[output.pairs()] = buffer;
        askedAt[output.pairs()] = at;
      }
      output.pair(input, batch, row, buffer, at, Math.max(time, otherTime));
    }
    if (!output.hasCondition()) {
      matched(current, buffer, at);
      if (isDone(current)) {
        other = RowBuffer.NONE;
      }
    }
  }

  /** A new row and a kept one match. */
  private void matched(int position, RowBuffer buffer, int at) {
    int row = rows[position];
    boolean isFirst = !isMatched(position);
    if (type.givesPairs() || input == JoinType.LEFT_INPUT) {
      tags[row] = JoinInput.MATCHED;
    }
    if (type.givesPairs()) {
      if (type.givesUnmatched(1 - input)) {
        buffer.setTag(at, JoinInput.MATCHED);
      }
    } else if (input == JoinType.LEFT_INPUT) {
      if (isFirst && type == JoinType.SEMI) {
        output.single(input, batch, row);
      }
    } else if (buffer.tag(at) == JoinInput.UNMATCHED) {
      if (type == JoinType.SEMI) {
        output.single(JoinType.LEFT_INPUT, buffer, at, buffer.timestamp(at));
      }
      tags[row] = JoinInput.MATCHED;
      buffer.setTag(at, JoinInput.MATCHED);
      buffer.remove(at);
    }
  }

  /** Emits full batches; whether there was one. */
  private boolean isFull(Output out) {
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
          if (output.hasCondition() && buffer != null) {
            matched(asked[pair], buffer, askedAt[pair]);
          }
        });
  }
}
