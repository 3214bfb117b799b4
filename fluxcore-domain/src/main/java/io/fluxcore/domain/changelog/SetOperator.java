package io.fluxcore.domain.changelog;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.ExpiringOperator;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.List;

/**
 * Runs a {@link SetOperation}. State is how often each row came from either input, less how often
 * it was taken back. The changes of a batch are given at once, those that take back first.
 */
final class SetOperator extends ExpiringOperator {
  private static final String STATE = "rows";

  /** Cells of a row: the end of its life, and how often it came from each input. */
  private static final int END = 0;

  private static final int COUNTS = 1;

  private final SetOperation operation;
  private final int[][] ordinals;
  private final List<DataType> types;
  private final RowEncoder encoder;
  private final ChangeRows changes;
  private final TouchedGroups touched = new TouchedGroups();
  private ExpiringTable rows;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  SetOperator(SetOperation operation, List<Schema> inputs, Schema schema) {
    this.operation = operation;
    this.ordinals = new int[inputs.size()][];
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = schema.fieldNames().stream().mapToInt(inputs.get(i)::ordinal).toArray();
    }
    this.types = schema.fields().stream().map(Field::type).toList();
    RowCodec codec = new RowCodec(schema);
    this.encoder = new RowEncoder(codec);
    this.changes = new ChangeRows(codec, schema);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    StateLayout layout =
        new StateLayout(STATE, types, new long[] {StateClock.NEVER, 0, 0}, List.of());
    rows = table(layout, END, operation.life());
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    KeyChunk keys = KeyChunk.of(batch, ordinals[input]);
    int[] slots = rows.resolve(keys);
    SlotTable table = rows.table();
    int count = touched.collect(slots, keys, batch.timestamps());
    long[] before = new long[count];
    for (int g = 0; g < count; g++) {
      if (rows.isOver(touched.slot(g))) {
        table.cells()[rows.at(touched.slot(g), COUNTS)] = 0;
        table.cells()[rows.at(touched.slot(g), COUNTS + 1)] = 0;
      }
      before[g] = times(touched.slot(g));
    }
    for (int i = 0; i < keys.count(); i++) {
      boolean takesBack = batch.rowKind(keys.rows()[i]).isRetraction();
      table.cells()[rows.at(slots[i], COUNTS + input)] += takesBack ? -1 : 1;
    }
    give(RowKind.DELETE, keys, before);
    give(RowKind.INSERT, keys, before);
    for (int g = 0; g < count; g++) {
      settle(touched.slot(g), g);
    }
    rows.endBatch(keys);
    changes.flush(out);
  }

  private long times(int slot) {
    long[] cells = rows.table().cells();
    return operation.times(cells[rows.at(slot, COUNTS)], cells[rows.at(slot, COUNTS + 1)]);
  }

  /** Gives the rows that there are more of than before, or fewer. */
  private void give(RowKind kind, KeyChunk keys, long[] before) {
    Column[] columns = keys.columns();
    for (int g = 0; g < before.length; g++) {
      long more = times(touched.slot(g)) - before[g];
      long given = kind == RowKind.INSERT ? more : -more;
      for (long i = 0; i < given; i++) {
        int row = keys.rows()[touched.position(g)];
        changes.add(kind, encoder.encode(columns, row).toRow(touched.time(g)), touched.time(g));
      }
    }
  }

  /** Forgets a row that neither input has. */
  private void settle(int slot, int group) {
    long[] cells = rows.table().cells();
    if (cells[rows.at(slot, COUNTS)] == 0 && cells[rows.at(slot, COUNTS + 1)] == 0) {
      rows.table().remove(slot);
    } else {
      rows.used(slot, touched.position(group), touched.time(group));
    }
  }

  @Override
  public boolean hasMore() {
    return changes.hasMore();
  }

  @Override
  public void resume(Output out) {
    changes.flush(out);
  }

  @Override
  public String stateMeaning() {
    return operation.toString();
  }
}
