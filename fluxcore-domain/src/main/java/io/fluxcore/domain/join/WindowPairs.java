package io.fluxcore.domain.join;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.state.SlotTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of the rows of a key, one after the other, and which of the rows have matched: a tag is
 * the end of the last window in which it has, which is of use only under a condition. Not
 * thread-safe.
 */
final class WindowPairs {
  private final JoinOutput output;
  private final boolean tagsRows;
  private final boolean tagsOthers;

  /** Rows of the pairs that have not been asked about. */
  private final @Nullable RowBuffer[] askedRows;

  private final int[] askedAt;
  private final @Nullable RowBuffer[] askedOthers;
  private final int[] askedOtherAt;

  private int input;
  private @Nullable RowBuffer rows;
  private int row = RowBuffer.NONE;
  private List<SlotTable> tables = List.of();
  private List<int[]> slots = List.of();
  private int position;
  private int nextTable;
  private @Nullable RowBuffer others;
  private int other = RowBuffer.NONE;

  WindowPairs(JoinOutput output, JoinType type) {
    this.output = output;
    this.tagsRows = output.hasCondition() && type != JoinType.INNER;
    this.tagsOthers = output.hasCondition() && type == JoinType.FULL;
    int room = tagsRows ? EventBatch.TARGET_ROWS : 0;
    this.askedRows = new @Nullable RowBuffer[room];
    this.askedAt = new int[room];
    this.askedOthers = new @Nullable RowBuffer[tagsOthers ? room : 0];
    this.askedOtherAt = new int[tagsOthers ? room : 0];
  }

  /**
   * Goes on with the rows of a key, of which at least one table has an equal one.
   *
   * @param keySlots by table, the slot of the key at {@code keyPosition} or below 0
   */
  void begin(
      int newInput,
      RowBuffer newRows,
      List<SlotTable> otherTables,
      List<int[]> keySlots,
      int keyPosition) {
    input = newInput;
    rows = newRows;
    row = newRows.first();
    tables = otherTables;
    slots = keySlots;
    position = keyPosition;
    nextTable = 0;
    nextOthers();
  }

  /** The first row of the next table that has the key. */
  private void nextOthers() {
    others = null;
    other = RowBuffer.NONE;
    while (nextTable < tables.size() && other < 0) {
      RowBuffer buffer = JoinInput.rows(tables.get(nextTable), slots.get(nextTable)[position]);
      nextTable++;
      if (buffer != null) {
        others = buffer;
        other = buffer.first();
      }
    }
  }

  boolean hasNext() {
    return row >= 0 && other >= 0;
  }

  /** Adds the pair to the output and moves on. */
  void next(long windowEnd) {
    RowBuffer left = rows;
    RowBuffer right = others;
    if (left == null || right == null) {
      throw new IllegalStateException("there is no pair");
    }
    if (tagsRows) {
      askedRows[output.pairs()] = left;
      askedAt[output.pairs()] = row;
    }
    if (tagsOthers) {
      askedOthers[output.pairs()] = right;
      askedOtherAt[output.pairs()] = other;
    }
    output.pair(input, left, row, right, other, windowEnd - 1);
    other = right.next(other);
    if (other < 0) {
      nextOthers();
    }
    if (other < 0) {
      row = left.next(row);
      nextTable = 0;
      nextOthers();
    }
  }

  /** Asks about the pairs that were added, tags their rows and emits them. */
  void flush(OperatorContext context, long windowEnd, Output out) {
    output.flushPairs(context, out, pair -> matched(pair, windowEnd));
  }

  private void matched(int pair, long windowEnd) {
    if (tagsRows) {
      tag(askedRows[pair], askedAt[pair], windowEnd);
    }
    if (tagsOthers) {
      tag(askedOthers[pair], askedOtherAt[pair], windowEnd);
    }
  }

  private static void tag(@Nullable RowBuffer buffer, int at, long windowEnd) {
    if (buffer != null) {
      buffer.setTag(at, windowEnd);
    }
  }
}
