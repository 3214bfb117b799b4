package io.fluxcore.domain.changelog;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.keyed.ExpiringOperator;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link GroupAggregation}. The changes of a batch are given at once: for each group that
 * has changed its former result, taken back, and then all new results; a group whose result is as
 * it was gives nothing. A group whose rows were all taken back is deleted and forgotten.
 *
 * <p>The one group of all rows is never deleted, as the standard has it: when its rows were all
 * taken back its result is that of no rows, and so it is when the input ends without any. Its slot
 * says that it has given a result.
 *
 * <p>The time of a result is that of the latest row of the batch in its group.
 */
final class GroupAggregateOperator extends ExpiringOperator {
  private static final String STATE = "groups";

  private final GroupAggregation aggregation;
  private final AggregateProgram program;
  private final Schema output;
  private final int[] keyOrdinals;
  private final List<DataType> keyTypes;

  /** The cell of the end of a group's life, behind those of the program. */
  private final int aggregateCells;

  private final TouchedGroups touched = new TouchedGroups();
  private ExpiringTable groups;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  GroupAggregateOperator(GroupAggregation aggregation, Schema input) {
    this.aggregation = aggregation;
    this.program = aggregation.program(input);
    this.output = aggregation.outputSchema(input);
    this.keyOrdinals = aggregation.groupBy().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    this.aggregateCells = program.cellCount();
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    StateLayout layout = program.layout(STATE, keyTypes).withCells(StateClock.NEVER);
    groups = table(layout, aggregateCells, aggregation.life());
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    KeyChunk keys = KeyChunk.of(batch, keyOrdinals);
    boolean hasResult = isOfAllRows() && isKnown(groups.find(ofAllRows())[0]);
    int[] slots = groups.resolve(keys);
    SlotTable table = groups.table();
    int count = touched.collect(slots, keys, batch.timestamps());
    forgetOver(table, count);
    boolean[] wasThere = new boolean[count];
    for (int g = 0; g < count; g++) {
      wasThere[g] = hasResult || program.rows(table, touched.slot(g)) != 0;
    }
    Column[] before = program.results(table, touched.slots(), count);
    program.accumulate(
        table,
        Arrays.copyOf(slots, keys.count()),
        batch,
        keys.rows(),
        keys.count(),
        (row, error) -> context().failures().failed(batch, row, error));
    Column[] after = program.results(table, touched.slots(), count);
    emit(keys, before, after, wasThere, out);
    for (int g = 0; g < count; g++) {
      if (!isThere(touched.slot(g))) {
        table.remove(touched.slot(g));
      } else {
        groups.used(touched.slot(g), touched.position(g), touched.time(g));
      }
    }
    groups.endBatch(keys);
  }

  /** Whether all rows are of one group, of which there is always a result. */
  private boolean isOfAllRows() {
    return keyOrdinals.length == 0;
  }

  private static KeyChunk ofAllRows() {
    return KeyChunk.of(new Column[0], 1);
  }

  private boolean isKnown(int slot) {
    return slot >= 0 && !groups.isOver(slot);
  }

  private boolean isThere(int slot) {
    return isOfAllRows() || program.rows(groups.table(), slot) != 0;
  }

  /** Gives the result of no rows, in the subtask that would have had them. */
  @Override
  public void endOfInput(Output out) {
    if (!isOfAllRows()) {
      return;
    }
    KeyChunk key = ofAllRows();
    int keyGroup = KeyGroups.ofHash(key.hashes()[0], context().maxParallelism());
    if (!context().keyGroups().contains(keyGroup) || isKnown(groups.find(key)[0])) {
      return;
    }
    int[] slots = Arrays.copyOf(groups.resolve(key), 1);
    Column[] nothing = program.results(groups.table(), slots, 1);
    out.emit(EventBatch.of(output, nothing, new long[] {EventBatch.NO_TIMESTAMP}, 1));
    groups.endBatch(key);
  }

  /** Groups whose life is over begin anew. */
  private void forgetOver(SlotTable table, int count) {
    if (aggregation.life() == null) {
      return;
    }
    for (int g = 0; g < count; g++) {
      if (groups.isOver(touched.slot(g))) {
        program.clear(table, new int[] {touched.slot(g)}, 1);
      }
    }
  }

  private void emit(
      KeyChunk keys, Column[] before, Column[] after, boolean[] wasThere, Output out) {
    int count = wasThere.length;
    byte[] oldKinds = new byte[count];
    byte[] newKinds = new byte[count];
    int[] oldRows = new int[count];
    int[] newRows = new int[count];
    int oldCount = 0;
    int newCount = 0;
    for (int g = 0; g < count; g++) {
      boolean isThere = isThere(touched.slot(g));
      if (wasThere[g] && isThere && isSame(before, after, g)) {
        continue;
      }
      if (wasThere[g]) {
        oldKinds[g] = (isThere ? RowKind.UPDATE_BEFORE : RowKind.DELETE).code();
        oldRows[oldCount++] = g;
      }
      if (isThere) {
        newKinds[g] = (wasThere[g] ? RowKind.UPDATE_AFTER : RowKind.INSERT).code();
        newRows[newCount++] = g;
      }
    }
    Column[] key = keys.gather(touched.positions(), count);
    emit(key, before, oldKinds, oldRows, oldCount, out);
    emit(key, after, newKinds, newRows, newCount, out);
  }

  private void emit(
      Column[] key, Column[] results, byte[] kinds, int[] rows, int count, Output out) {
    if (count == 0) {
      return;
    }
    Column[] columns = Arrays.copyOf(key, key.length + results.length);
    System.arraycopy(results, 0, columns, key.length, results.length);
    EventBatch batch =
        EventBatch.of(output, columns, touched.times(), kinds.length).withRowKinds(kinds);
    out.emit(
        count == kinds.length ? batch : batch.withSelection(Arrays.copyOf(rows, count), count));
  }

  private static boolean isSame(Column[] before, Column[] after, int row) {
    for (int c = 0; c < before.length; c++) {
      if (!before[c].isSame(row, after[c], row)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String stateMeaning() {
    return aggregation.toString();
  }

  @Override
  public List<DataType> stateKeyTypes() {
    return keyTypes;
  }

  @Override
  public List<KeyState> queryState(Column[] key) {
    int slot = groups.find(KeyChunk.of(key, 1))[0];
    Map<String, @Nullable Object> named = null;
    if (slot >= 0 && !groups.isOver(slot)) {
      named = new LinkedHashMap<>();
      Column[] results = program.results(groups.table(), new int[] {slot}, 1);
      for (int i = 0; i < results.length; i++) {
        named.put(aggregation.aggregates().get(i).output(), results[i].get(0));
      }
    }
    context().state().commit();
    return List.of(KeyState.of(STATE, "value", named));
  }
}
