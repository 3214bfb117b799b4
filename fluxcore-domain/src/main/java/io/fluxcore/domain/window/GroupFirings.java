package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import org.jspecify.annotations.Nullable;

/**
 * Gives results of groups of a window whose trigger fires, as its accumulation says: all rows so
 * far; those since the last firing, which are then forgotten; or the former result taken back and
 * the new one. For the last, what was given is kept in tables of its own. At most {@link
 * EventBatch#TARGET_ROWS} groups at a time.
 */
final class GroupFirings {
  private final AggregateProgram program;
  private final Accumulation accumulation;
  private final WindowOutput results;
  private final @Nullable SlotTables given;
  private final int newRowsCell;
  private final int[] chosen = new int[EventBatch.TARGET_ROWS];
  private final int[] givenSlots = new int[EventBatch.TARGET_ROWS];
  private final int[] identity = new int[EventBatch.TARGET_ROWS];
  private final long[] hashes = new long[EventBatch.TARGET_ROWS];

  /**
   * Firings of a program.
   *
   * @param given what was given last, where windows retract
   * @param newRowsCell the cell that counts the rows of a group since it fired
   */
  GroupFirings(
      AggregateProgram program,
      Accumulation accumulation,
      WindowOutput results,
      @Nullable SlotTables given,
      int newRowsCell) {
    this.program = program;
    this.accumulation = accumulation;
    this.results = results;
    this.given = given;
    this.newRowsCell = newRowsCell;
    for (int i = 0; i < identity.length; i++) {
      identity[i] = i;
    }
  }

  /**
   * Fires for groups.
   *
   * @param namespace of the window's tables
   */
  void fire(SlotTable table, long namespace, long windowEnd, int[] slots, int count, Output out) {
    if (given != null) {
      retract(table, given.table(namespace), windowEnd, slots, count, out);
    } else {
      int present = 0;
      for (int i = 0; i < count; i++) {
        if (program.rows(table, slots[i]) != 0) {
          chosen[present++] = slots[i];
        }
      }
      if (present > 0) {
        out.emit(results.batch(table, chosen, present, windowEnd));
      }
      if (accumulation == Accumulation.DISCARDING) {
        program.clear(table, slots, count);
      }
    }
    for (int i = 0; i < count; i++) {
      table.cells()[slots[i] * table.stride() + table.offset(newRowsCell)] = 0;
    }
  }

  private void retract(
      SlotTable table, SlotTable old, long windowEnd, int[] slots, int count, Output out) {
    int changed = 0;
    for (int i = 0; i < count; i++) {
      if (table.cells()[slots[i] * table.stride() + table.offset(newRowsCell)] != 0) {
        chosen[changed++] = slots[i];
      }
    }
    if (changed == 0) {
      return;
    }
    Column[] keys = table.keys(chosen, changed);
    table.hashes(chosen, changed, hashes);
    old.resolve(keys, hashes, identity, changed, givenSlots);
    boolean[] before = new boolean[changed];
    boolean[] after = new boolean[changed];
    for (int i = 0; i < changed; i++) {
      before[i] = program.rows(old, givenSlots[i]) != 0;
      after[i] = program.rows(table, chosen[i]) != 0;
    }
    emit(old, givenSlots, before, after, RowKind.UPDATE_BEFORE, RowKind.DELETE, windowEnd, out);
    emit(table, chosen, after, before, RowKind.UPDATE_AFTER, RowKind.INSERT, windowEnd, out);
    program.clear(old, givenSlots, changed);
    program.merge(old, givenSlots, table, chosen, changed);
  }

  /** Emits the results that are there, of one kind where the other side is there too. */
  private void emit(
      SlotTable table,
      int[] slots,
      boolean[] there,
      boolean[] other,
      RowKind inBoth,
      RowKind inOne,
      long windowEnd,
      Output out) {
    int[] emitted = new int[there.length];
    byte[] kinds = new byte[there.length];
    int count = 0;
    for (int i = 0; i < there.length; i++) {
      if (there[i]) {
        kinds[count] = (other[i] ? inBoth : inOne).code();
        emitted[count++] = slots[i];
      }
    }
    if (count > 0) {
      byte[] ofRows = java.util.Arrays.copyOf(kinds, count);
      out.emit(results.batch(table, emitted, count, windowEnd).withRowKinds(ofRows));
    }
  }
}
