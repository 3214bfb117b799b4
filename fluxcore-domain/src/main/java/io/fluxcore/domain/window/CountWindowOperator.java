package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates rows per group in windows of so many rows each ({@link CountWindows}).
 *
 * <p>The rows of a window are held in panes, a ring of them per group; the table of a pane's number
 * holds its aggregates. The table 0 has a cell more, the rows of the group so far. Rows of a batch
 * are taken in rounds, in each of which no group goes over the end of a pane; where that is the end
 * of a window, its panes are merged. The results of a batch leave together.
 *
 * <p>A row that a user's function refuses does not count.
 */
final class CountWindowOperator implements Operator {
  private static final String STATE = "windows";

  private final CountWindows windows;
  private final int panes;
  private final long paneRows;
  private final WindowAggregation aggregation;
  private final AggregateProgram program;
  private final WindowOutput results;
  private final int[] keyOrdinals;
  private final List<DataType> keyTypes;
  private final int rowsCell;
  private final SelectedRows selected = new SelectedRows();

  /** Results of the batch, by group and a number that tells them apart. */
  private final HeapSlotTable fired;

  private OperatorContext context;
  private StateBackend state;
  private SlotTables tables;
  private int[] slots = new int[0];
  private int[] rows = new int[0];
  private int[] takenRows = new int[0];
  private int[] takenSlots = new int[0];
  private int[] takenPanes = new int[0];
  private int[] dueSlots = new int[0];
  private int[] paneSlots = new int[0];
  private int[] foundSlots = new int[0];
  private int[] ofPane = new int[0];
  private int[] targets = new int[0];
  private int[] sources = new int[0];
  private int[] identity = new int[0];
  private long[] hashes = new long[0];
  private long[] rowHashes = new long[0];
  private long[] paneHashes = new long[0];
  private long firings;

  private @Nullable SlotWalk ending;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  CountWindowOperator(WindowAggregation aggregation, CountWindows windows, Schema input) {
    this.windows = windows;
    this.panes = windows.panes();
    this.paneRows = windows.paneRows();
    this.aggregation = aggregation;
    this.program = aggregation.program(input);
    this.results = new WindowOutput(aggregation, input, program);
    this.keyOrdinals = aggregation.keyOrdinals(input);
    this.keyTypes = aggregation.keyTypes(input);
    this.rowsCell = program.cellCount();
    List<DataType> numbered = new ArrayList<>(keyTypes);
    numbered.add(DataType.LONG);
    this.fired = HeapSlotTable.create(program.layout("fired", numbered));
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    StateLayout layout = program.layout(STATE, keyTypes);
    tables = state.tables(layout.withCells(0));
  }

  @Override
  public void process(int inputNumber, EventBatch batch, Output out) {
    int count = batch.size();
    reserve(count);
    System.arraycopy(selected.of(batch), 0, rows, 0, count);
    Column[] keys = EventTimes.columns(batch, keyOrdinals);
    KeyHash.ofRows(keys, rows, count, hashes);
    SlotTable groups = tables.table(0);
    groups.resolve(keys, hashes, rows, count, slots);
    System.arraycopy(hashes, 0, rowHashes, 0, count);
    BitSet touched = new BitSet();
    int left = count;
    while (left > 0) {
      left = round(groups, batch, keys, left, touched);
    }
    emit(out);
    forget(groups, touched);
    state.commit();
  }

  private void reserve(int count) {
    if (slots.length >= count) {
      return;
    }
    int length = Math.max(count, EventBatch.TARGET_ROWS);
    slots = new int[length];
    rows = new int[length];
    takenRows = new int[length];
    takenSlots = new int[length];
    takenPanes = new int[length];
    dueSlots = new int[length];
    paneSlots = new int[length];
    foundSlots = new int[length];
    ofPane = new int[length];
    targets = new int[length];
    sources = new int[length];
    identity = new int[length];
    Arrays.setAll(identity, i -> i);
    hashes = new long[length];
    rowHashes = new long[length];
    paneHashes = new long[length];
  }

  private static int rowsAt(SlotTable groups, int slot, int cell) {
    return slot * groups.stride() + groups.offset(cell);
  }

  /**
   * Takes rows until groups come to the ends of panes, and fires for those that come to the end of
   * a window.
   *
   * @return rows that are left
   */
  private int round(SlotTable groups, EventBatch batch, Column[] keys, int count, BitSet touched) {
    BitSet full = new BitSet();
    BitSet usedPanes = new BitSet();
    int taken = 0;
    int kept = 0;
    int ended = 0;
    long[] cells = groups.cells();
    for (int i = 0; i < count; i++) {
      int slot = slots[i];
      if (full.get(slot)) {
        rows[kept] = rows[i];
        rowHashes[kept] = rowHashes[i];
        slots[kept++] = slot;
        continue;
      }
      int at = rowsAt(groups, slot, rowsCell);
      int pane = (int) (cells[at] / paneRows % panes);
      takenRows[taken] = rows[i];
      takenSlots[taken] = slot;
      takenPanes[taken] = pane;
      hashes[taken++] = rowHashes[i];
      usedPanes.set(pane);
      if (++cells[at] % paneRows == 0) {
        full.set(slot);
        dueSlots[ended++] = slot;
      }
    }
    RefusedRows refused = new RefusedRows(context.failures().of(batch));
    for (int pane = usedPanes.nextSetBit(0); pane >= 0; pane = usedPanes.nextSetBit(pane + 1)) {
      accumulate(groups, batch, keys, pane, taken, refused);
    }
    giveBack(groups, refused, taken);
    fire(groups, ended, touched);
    return kept;
  }

  /** Adds the rows taken that belong to a pane. */
  private void accumulate(
      SlotTable groups, EventBatch batch, Column[] keys, int pane, int taken, RefusedRows refused) {
    int count = 0;
    for (int i = 0; i < taken; i++) {
      if (takenPanes[i] == pane) {
        ofPane[count] = takenRows[i];
        paneHashes[count] = hashes[i];
        paneSlots[count++] = takenSlots[i];
      }
    }
    SlotTable table = groups;
    if (pane != 0) {
      table = tables.table(pane);
      table.resolve(keys, paneHashes, ofPane, count, paneSlots);
    }
    program.accumulate(table, paneSlots, batch, ofPane, count, refused);
  }

  /** Rows that were refused do not count. */
  private void giveBack(SlotTable groups, RefusedRows refused, int taken) {
    for (int i = 0; !refused.isEmpty() && i < taken; i++) {
      if (refused.contains(takenRows[i])) {
        groups.cells()[rowsAt(groups, takenSlots[i], rowsCell)]--;
      }
    }
  }

  /** Fires for groups at the end of a window, and empties the panes that are to be filled next. */
  private void fire(SlotTable groups, int ended, BitSet touched) {
    int count = 0;
    int due = 0;
    long[] cells = groups.cells();
    for (int i = 0; i < ended; i++) {
      int slot = dueSlots[i];
      long seen = cells[rowsAt(groups, slot, rowsCell)];
      if (seen % paneRows == 0) { // otherwise rows were refused
        dueSlots[count] = slot;
        targets[count++] = (int) (seen / paneRows % panes);
        if (seen % windows.slide() == 0) {
          sources[due++] = slot;
          touched.set(slot);
        }
      }
    }
    if (due > 0) {
      gather(groups, due);
    }
    clearNext(groups, count);
  }

  /** Merges the panes of groups into results. */
  private void gather(SlotTable groups, int due) {
    Column[] keys = groups.keys(sources, due);
    long[] numbers = new long[due];
    for (int i = 0; i < due; i++) {
      numbers[i] = firings++;
    }
    Column[] numbered = EventTimes.concat(keys, new Column[] {new LongColumn(due, numbers)});
    KeyHash.ofRows(numbered, identity, due, paneHashes);
    fired.resolve(numbered, paneHashes, identity, due, foundSlots);
    program.merge(fired, foundSlots, groups, sources, due);
    if (panes > 1) {
      groups.hashes(sources, due, paneHashes);
      for (int pane = 1; pane < panes; pane++) {
        if (tables.has(pane)) {
          mergePane(tables.table(pane), keys, due);
        }
      }
    }
  }

  private void mergePane(SlotTable table, Column[] keys, int due) {
    table.find(keys, paneHashes, identity, due, paneSlots);
    int found = 0;
    for (int i = 0; i < due; i++) {
      if (paneSlots[i] >= 0) {
        ofPane[found] = foundSlots[i];
        paneSlots[found++] = paneSlots[i];
      }
    }
    program.merge(fired, ofPane, table, paneSlots, found);
  }

  /** Empties the next panes of groups, which are their oldest ones. */
  private void clearNext(SlotTable groups, int count) {
    BitSet next = new BitSet();
    for (int i = 0; i < count; i++) {
      next.set(targets[i]);
    }
    for (int pane = next.nextSetBit(0); pane >= 0; pane = next.nextSetBit(pane + 1)) {
      int found = 0;
      for (int i = 0; i < count; i++) {
        if (targets[i] == pane) {
          sources[found++] = dueSlots[i];
        }
      }
      if (pane == 0) {
        program.clear(groups, sources, found);
      } else if (tables.has(pane)) {
        clear(tables.table(pane), groups, found);
      }
    }
  }

  private void clear(SlotTable table, SlotTable groups, int count) {
    groups.hashes(sources, count, paneHashes);
    table.find(groups.keys(sources, count), paneHashes, identity, count, paneSlots);
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (paneSlots[i] >= 0) {
        paneSlots[found++] = paneSlots[i];
      }
    }
    program.clear(table, paneSlots, found);
  }

  private void emit(Output out) {
    int end = fired.end();
    for (int from = 0; from < end; from += EventBatch.TARGET_ROWS) {
      int count = Math.min(EventBatch.TARGET_ROWS, end - from);
      int[] block = new int[count];
      for (int i = 0; i < count; i++) {
        block[i] = from + i;
      }
      Column[] numbered = fired.keys(block, count);
      out.emit(results.batch(Arrays.copyOf(numbered, numbered.length - 1), fired, block, count));
    }
    fired.clear();
    firings = 0;
  }

  /** Windows side by side leave nothing behind: groups that have no row are like new ones. */
  private void forget(SlotTable groups, BitSet touched) {
    if (panes > 1) {
      return;
    }
    for (int slot = touched.nextSetBit(0); slot >= 0; slot = touched.nextSetBit(slot + 1)) {
      if (groups.cells()[rowsAt(groups, slot, rowsCell)] % windows.slide() == 0) {
        groups.remove(slot);
      }
    }
  }

  @Override
  public void endOfInput(Output out) {
    if (windows.incomplete()) {
      ending = new SlotWalk(tables.table(0));
      resume(out);
    }
  }

  @Override
  public boolean hasMore() {
    return ending != null;
  }

  /** Gives what is left in windows that are not full, in blocks while downstream has capacity. */
  @Override
  public void resume(Output out) {
    SlotWalk walk = ending;
    if (walk == null) {
      return;
    }
    SlotTable groups = tables.table(0);
    int[] block = new int[EventBatch.TARGET_ROWS];
    while (!walk.isDone()) {
      int found = walk.next(block);
      int count = 0;
      for (int i = 0; i < found; i++) {
        if (program.rows(groups, block[i]) != 0) {
          block[count++] = block[i];
        }
      }
      if (count > 0) {
        out.emit(results.batch(groups.keys(block, count), groups, block, count));
      }
      if (!walk.isDone() && !out.hasCapacity()) {
        return;
      }
    }
    ending = null;
    tables.drop(0);
    state.commit();
  }

  @Override
  public String stateMeaning() {
    return aggregation.stateMeaning();
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    state.commit();
  }
}
