package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowBufferSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link TableJoin} whose table has several rows of a key, or whose left rows are taken
 * back: the rows of the table by key, and of each key what its left rows found.
 */
final class TableRowsJoinOperator extends RowwiseJoinOperator<TableRowsJoinOperator.Batch> {
  private final TableJoin join;
  private final boolean isLeft;
  private final int[] leftKeys;
  private final int[] rightKeys;
  private final int[] kept;

  /** Of whole left rows, and of what is kept of those of the table. */
  private final RowEncoder lefts;

  private final RowEncoder rights;
  private final Schema rightSchema;
  private ExpiringTable table;
  private @Nullable ExpiringTable found;

  /** A batch of the left input that is being worked on. */
  static final class Batch {
    final EventBatch rows;
    final KeyChunk keys;
    final int[] inTable;
    final int[] own;
    int next;

    Batch(EventBatch rows, KeyChunk keys, int[] inTable, int[] own) {
      this.rows = rows;
      this.keys = keys;
      this.inTable = inTable;
      this.own = own;
    }
  }

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  TableRowsJoinOperator(TableJoin join, @Nullable CompiledPredicate condition) {
    super(output(join, condition));
    EquiJoin equi = join.join();
    this.join = join;
    this.isLeft = equi.type() == JoinType.LEFT;
    this.leftKeys = equi.keyOrdinals(JoinType.LEFT_INPUT);
    this.rightKeys = equi.keyOrdinals(JoinType.RIGHT_INPUT);
    this.kept = equi.fields().kept(JoinType.RIGHT_INPUT);
    this.lefts = new RowEncoder(new RowCodec(equi.fields().left()));
    this.rightSchema = equi.fields().keptSchema(JoinType.RIGHT_INPUT);
    this.rights = new RowEncoder(new RowCodec(rightSchema));
  }

  private static ChangelogJoinOutput output(TableJoin join, @Nullable CompiledPredicate condition) {
    boolean isLeft = join.join().type() == JoinType.LEFT;
    boolean judgesTogether = condition != null && !isLeft && !join.takesBack();
    return new ChangelogJoinOutput(join.join(), condition, !join.takesBack(), judgesTogether);
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    EquiJoin equi = join.join();
    table = table(layout("right", new RowBufferSerializer(rightSchema)), 0, join.life());
    if (join.takesBack()) {
      found =
          table(
              layout("left", new FoundRowsSerializer(equi.fields().left(), rightSchema)),
              0,
              join.life());
    }
  }

  private StateLayout layout(String name, StateSerializer<Object> serializer) {
    return new StateLayout(
        name, join.join().keyTypes(), new long[] {StateClock.NEVER}, List.of(serializer));
  }

  @Override
  public void process(int input, EventBatch arrived, Output out) {
    if (input == JoinType.RIGHT_INPUT) {
      change(arrived);
      return;
    }
    KeyChunk keys = KeyChunk.of(arrived, leftKeys);
    ExpiringTable remembered = found;
    int[] own = remembered == null ? new int[0] : remembered.resolve(keys);
    begin(new Batch(arrived, keys, table.find(keys), own), out);
  }

  // The table

  private void change(EventBatch changes) {
    KeyChunk keys = KeyChunk.of(changes, rightKeys);
    Column[] columns = KeyChunk.columns(changes, kept);
    int[] slots = table.resolve(keys);
    for (int i = 0; i < keys.count(); i++) {
      int row = keys.rows()[i];
      boolean isTaken = !JoinInput.isNull(keys.columns(), row);
      if (isTaken) {
        rights.encode(columns, row);
        isTaken =
            join.allRows()
                ? changeOne(slots[i], changes.rowKind(row))
                : replace(slots[i], changes.rowKind(row));
      }
      if (!isTaken) {
        context().ledger().filtered(1);
      } else if (!changes.rowKind(row).isRetraction()) {
        table.used(slots[i], i, changes.timestamps()[row]);
      }
    }
    removeEmpty(table.table(), slots, keys.count());
    table.endBatch(keys);
  }

  /** Adds the encoder's row, or takes one like it away; false if there is none. */
  private boolean changeOne(int slot, RowKind kind) {
    RowBuffer rows = rows(slot);
    if (!kind.isRetraction()) {
      append(slot, rows);
      return true;
    }
    int at = rows == null ? RowBuffer.NONE : rows.find(rights);
    if (rows != null && at != RowBuffer.NONE) {
      rows.remove(at);
    }
    return at != RowBuffer.NONE;
  }

  /** Puts the encoder's row in place of the one of its key, which former values do not tell. */
  private boolean replace(int slot, RowKind kind) {
    if (kind == RowKind.UPDATE_BEFORE) {
      return false;
    }
    RowBuffer rows = rows(slot);
    if (rows != null) {
      rows.clear();
    }
    if (kind != RowKind.DELETE) {
      append(slot, rows);
    }
    return true;
  }

  /** The rows of a slot of the table, or null if there are none. */
  private @Nullable RowBuffer rows(int slot) {
    return slot < 0 || table.isOver(slot) ? null : (RowBuffer) table.table().objects(0)[slot];
  }

  private void append(int slot, @Nullable RowBuffer there) {
    RowBuffer rows = there;
    if (rows == null) {
      rows = new RowBuffer();
      table.table().objects(0)[slot] = rows;
    }
    rows.append(rights, EventBatch.NO_TIMESTAMP, 0); // results have the times of left rows
  }

  private static void removeEmpty(SlotTable of, int[] slots, int count) {
    for (int i = 0; i < count; i++) {
      if (of.isLive(slots[i])) {
        Object value = of.objects(0)[slots[i]];
        boolean isEmpty =
            value == null
                || (value instanceof RowBuffer rows && rows.isEmpty())
                || (value instanceof FoundRows rows && rows.isEmpty());
        if (isEmpty) {
          of.remove(slots[i]);
        }
      }
    }
  }

  // The stream

  @Override
  boolean work(Batch current, Output out) {
    while (current.next < current.keys.count()) {
      left(current, current.next++);
      if (!output.relieve(out)) {
        return false;
      }
    }
    finish(current);
    return true;
  }

  private void finish(Batch done) {
    ExpiringTable remembered = found;
    if (remembered != null) {
      removeEmpty(remembered.table(), done.own, done.keys.count());
      remembered.endBatch(done.keys);
    } else {
      table.expire(ExpiringTable.LOOKS);
    }
  }

  private void left(Batch current, int position) {
    int row = current.keys.rows()[position];
    int sign = current.rows.rowKind(row).isRetraction() ? -1 : 1;
    if (JoinInput.isNull(current.keys.columns(), row)) {
      if (isLeft) {
        output.single(JoinType.LEFT_INPUT, current.rows, row, sign);
      } else {
        context().ledger().filtered(1);
      }
    } else if (sign > 0) {
      join(current, position, row);
    } else {
      takeBack(current, position, row);
    }
  }

  private void join(Batch current, int position, int row) {
    RowBuffer rows = rows(current.inTable[position]);
    RowBuffer matched = found == null ? null : new RowBuffer();
    int matches =
        rows == null ? 0 : output.match(JoinType.LEFT_INPUT, current.rows, row, rows, context());
    for (int m = 0; m < matches && rows != null; m++) {
      output.pair(JoinType.LEFT_INPUT, current.rows, row, rows, output.matched(m), 1);
      if (matched != null) {
        matched.append(rows, output.matched(m), 0);
      }
    }
    if (matches == 0 && isLeft) {
      output.single(JoinType.LEFT_INPUT, current.rows, row, 1);
    }
    if (matched != null) {
      remember(current, position, row, matched);
    }
  }

  private void remember(Batch current, int position, int row, RowBuffer matched) {
    ExpiringTable remembered = Objects.requireNonNull(found);
    int slot = current.own[position];
    FoundRows ofKey = foundAt(remembered, slot);
    if (ofKey == null) {
      ofKey = new FoundRows();
      remembered.table().objects(0)[slot] = ofKey;
    }
    long time = current.rows.timestamps()[row];
    ofKey.add(lefts.encode(current.rows.columns(), row).toRow(time), matched);
    remembered.used(slot, position, time);
  }

  /** What a row found goes with it, whatever the table has now. */
  private void takeBack(Batch current, int position, int row) {
    ExpiringTable remembered = Objects.requireNonNull(found, "rows that are taken back");
    FoundRows ofKey = foundAt(remembered, current.own[position]);
    long time = current.rows.timestamps()[row];
    RowBuffer matched =
        ofKey == null ? null : ofKey.take(lefts.encode(current.rows.columns(), row).toRow(time));
    if (matched == null) {
      context().ledger().filtered(1);
      return;
    }
    for (int at = matched.first(); at >= 0; at = matched.next(at)) {
      output.pair(JoinType.LEFT_INPUT, current.rows, row, matched, at, -1);
    }
    if (matched.isEmpty() && isLeft) {
      output.single(JoinType.LEFT_INPUT, current.rows, row, -1);
    }
  }

  private static @Nullable FoundRows foundAt(ExpiringTable remembered, int slot) {
    return remembered.isOver(slot) ? null : (FoundRows) remembered.table().objects(0)[slot];
  }

  @Override
  public String stateMeaning() {
    return join.stateMeaning();
  }
}
