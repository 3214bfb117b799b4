package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.window.TimeWindows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the results of a window. The tables of its slices of one input are walked through, block by
 * block; the keys of a block are looked up in the tables of the other input at once. A second walk,
 * over the other input, gives what of that has matched nothing. Stops when downstream has no
 * capacity, also between two pairs.
 */
final class WindowJoinFiring {
  private final TimeWindows window;
  private final boolean emitsBounds;
  private final JoinType type;
  private final JoinInput[] inputs;
  private final JoinOutput output;
  private final WindowPairs pairs;
  private final int[] block = new int[EventBatch.TARGET_ROWS];
  private final int[] positions = new int[EventBatch.TARGET_ROWS];
  private final long[] hashes = new long[EventBatch.TARGET_ROWS];
  private final List<int[]> found = new ArrayList<>();
  private OperatorContext context;

  private long windowEnd;
  private boolean underWay;

  /** Inputs that are still to be walked through, after the one that is. */
  private int walksLeft;

  /** The input that is walked through. */
  private int walked;

  private List<SlotTable> tables = List.of();
  private List<SlotTable> others = List.of();
  private int nextTable;
  private @Nullable SlotTable table;
  private @Nullable SlotWalk walk;
  private int count;
  private int at;

  /** Whether the results of the block's rows alone are given, after those of pairs. */
  private boolean givingSingles;

  private @Nullable RowBuffer single;
  private int singleAt;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  WindowJoinFiring(WindowJoin join, @Nullable CompiledPredicate condition, JoinInput[] inputs) {
    this.window = join.window();
    this.emitsBounds = join.emitsBounds();
    this.type = join.join().type();
    this.inputs = inputs;
    this.output = new JoinOutput(join.join(), condition, join.outputSchema());
    this.pairs = new WindowPairs(output, type);
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i;
    }
  }

  void open(OperatorContext newContext) {
    context = newContext;
  }

  boolean isUnderWay() {
    return underWay;
  }

  /** Begins to give the results of the window that ends there. */
  void start(long end) {
    windowEnd = end;
    underWay = true;
    if (emitsBounds) {
      output.constants(
          Math.multiplyExact(window.start(end), 1000L), Math.multiplyExact(end, 1000L));
    }
    List<SlotTable> left = tablesOf(inputs[JoinType.LEFT_INPUT].tables());
    List<SlotTable> right = tablesOf(inputs[JoinType.RIGHT_INPUT].tables());
    boolean rightFirst =
        type == JoinType.RIGHT || (type == JoinType.INNER && keys(right) < keys(left));
    walksLeft = type == JoinType.FULL ? 1 : 0;
    walk(rightFirst ? JoinType.RIGHT_INPUT : JoinType.LEFT_INPUT);
  }

  private static long keys(List<SlotTable> tables) {
    return tables.stream().mapToLong(SlotTable::size).sum();
  }

  private List<SlotTable> tablesOf(SlotTables all) {
    List<SlotTable> ofWindow = new ArrayList<>();
    for (long slice = window.start(windowEnd); slice < windowEnd; slice = window.sliceEnd(slice)) {
      if (all.has(slice)) {
        ofWindow.add(all.table(slice));
      }
    }
    return ofWindow;
  }

  private void walk(int input) {
    walked = input;
    tables = tablesOf(inputs[input].tables());
    others = tablesOf(inputs[1 - input].tables());
    while (found.size() < others.size()) {
      found.add(new int[EventBatch.TARGET_ROWS]);
    }
    nextTable = 0;
    table = null;
    walk = null;
    count = 0;
    at = 0;
    givingSingles = false;
  }

  /** Whether this walk gives pairs; otherwise they have been given by the one before. */
  private boolean givesPairs() {
    return walksLeft > 0 || type != JoinType.FULL;
  }

  /** Emits while downstream has capacity; whether the window is done. */
  boolean emit(Output out) {
    while (true) {
      boolean stopped = !givingSingles ? !emitPairs(out) : !emitSingles(out);
      if (stopped) {
        return false;
      }
      if (!givingSingles) {
        givingSingles = true;
        at = 0;
      } else if (!nextBlock()) {
        if (walksLeft == 0) {
          break;
        }
        walksLeft--;
        walk(1 - walked);
      }
    }
    output.flushSingles(out);
    underWay = false;
    tables = List.of();
    others = List.of();
    table = null;
    walk = null;
    return true;
  }

  /** Brings the next keys of the input into the block; whether there are any. */
  private boolean nextBlock() {
    givingSingles = false;
    at = 0;
    count = 0;
    while (true) {
      SlotWalk current = walk;
      SlotTable walkedTable = table;
      if (current != null && walkedTable != null) {
        count = current.next(block);
        if (count > 0) {
          findOthers(walkedTable);
          return true;
        }
      }
      if (nextTable == tables.size()) {
        return false;
      }
      walkedTable = tables.get(nextTable++);
      table = walkedTable;
      walk = new SlotWalk(walkedTable);
    }
  }

  private void findOthers(SlotTable walkedTable) {
    Column[] keys = walkedTable.keys(block, count);
    walkedTable.hashes(block, count, hashes);
    for (int t = 0; t < others.size(); t++) {
      int[] slots = found.get(t);
      others.get(t).find(keys, hashes, positions, count, slots);
      for (int i = 0; i < count; i++) {
        if (slots[i] >= 0 && JoinInput.isNull(keys, i)) {
          slots[i] = RowBuffer.NONE;
        }
      }
    }
  }

  private boolean isFound(int position) {
    for (int t = 0; t < others.size(); t++) {
      if (found.get(t)[position] >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Pairs of the keys of the block; false when it stopped. */
  private boolean emitPairs(Output out) {
    SlotTable walkedTable = table;
    if (walkedTable == null || !givesPairs() || (!type.givesPairs() && !output.hasCondition())) {
      return true;
    }
    while (true) {
      while (pairs.hasNext()) {
        pairs.next(windowEnd);
        if (output.arePairsFull()) {
          pairs.flush(context, windowEnd, out);
          if (!out.hasCapacity()) {
            return false;
          }
        }
      }
      if (at == count) {
        pairs.flush(context, windowEnd, out); // before the slots of the block are gone
        return true;
      }
      RowBuffer rows = JoinInput.rows(walkedTable, block[at]);
      if (rows != null && isFound(at)) {
        pairs.begin(walked, rows, others, found, at);
      }
      at++;
    }
  }

  /** Rows of the block that are results alone; false when it stopped. */
  private boolean emitSingles(Output out) {
    SlotTable walkedTable = table;
    if (walkedTable == null || !(type == JoinType.SEMI || type.givesUnmatched(walked))) {
      return true;
    }
    while (true) {
      RowBuffer rows = single;
      if (rows == null) {
        if (at == count) {
          return true;
        }
        rows = JoinInput.rows(walkedTable, block[at]);
        at++;
        if (rows == null || isOut(at - 1)) {
          continue;
        }
        single = rows;
        singleAt = rows.first();
      }
      while (singleAt >= 0) {
        int row = singleAt;
        singleAt = rows.next(row);
        if (!output.hasCondition() || (rows.tag(row) == windowEnd) == (type == JoinType.SEMI)) {
          output.single(walked, rows, row, windowEnd - 1);
        }
        if (output.areSinglesFull()) {
          output.flushSingles(out);
          if (!out.hasCapacity()) {
            return false;
          }
        }
      }
      single = null;
    }
  }

  /** Whether no row of a key is a result alone, which is the same for all without a condition. */
  private boolean isOut(int position) {
    return !output.hasCondition() && isFound(position) != (type == JoinType.SEMI);
  }
}
