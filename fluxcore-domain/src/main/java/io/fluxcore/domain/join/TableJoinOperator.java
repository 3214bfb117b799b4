package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.time.TimeCharacteristic;
import org.jspecify.annotations.Nullable;

/** Keeps the latest row of each key of the right input, and looks rows of the left one up. */
final class TableJoinOperator implements Operator {
  private static final long TABLE = 0;

  private final TableJoin join;
  private final JoinType type;
  private final JoinInput left;
  private final JoinInput right;
  private final JoinOutput output;
  private final StateClock clock = new StateClock();

  private OperatorContext context;
  private StateBackend state;
  private @Nullable TimedKeys lives;
  private int[] rows = new int[0];
  private int[] slots = new int[0];
  private long[] hashes = new long[0];

  /** Which rows of the left batch have matched, by position, and the positions of pairs. */
  private boolean[] matched = new boolean[0];

  private int[] asked = new int[0];

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  TableJoinOperator(TableJoin join, @Nullable CompiledPredicate condition) {
    this.join = join;
    this.type = join.join().type();
    this.left = new JoinInput(join.join(), JoinType.LEFT_INPUT, true);
    this.right =
        new JoinInput(join.join(), JoinType.RIGHT_INPUT, true, TimedKeys.cells(join.life()));
    this.output = new JoinOutput(join.join(), condition, join.outputSchema());
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    right.open(state);
    lives = join.life() == null ? null : new TimedKeys(state, join.join(), join.life(), clock);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    reserve(batch.size());
    if (input == JoinType.RIGHT_INPUT) {
      change(batch);
    } else {
      join(JoinInput.insertions(batch, context.failures()), out);
    }
    state.commit();
  }

  private void reserve(int count) {
    if (rows.length < count) {
      int length = Math.max(count, EventBatch.TARGET_ROWS);
      rows = new int[length];
      slots = new int[length];
      hashes = new long[length];
      matched = new boolean[length];
      asked = new int[length];
    }
  }

  // The table

  private void change(EventBatch batch) {
    Column[] keys = right.keys(batch);
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (batch.rowKind(row) != RowKind.UPDATE_BEFORE && !JoinInput.isNull(keys, row)) {
        rows[count++] = row;
      }
    }
    context.ledger().filtered(batch.size() - count);
    SlotTable table = right.tables().table(TABLE);
    right.hash(batch, rows, count, hashes);
    table.resolve(keys, hashes, rows, count, slots);
    Column[] values = right.values(batch);
    int removed = 0;
    for (int i = 0; i < count; i++) {
      RowBuffer former = JoinInput.rows(table, slots[i]);
      if (former != null) {
        former.clear();
      }
      if (batch.rowKind(rows[i]) == RowKind.DELETE) {
        removed++;
      } else {
        right.keep(table, slots[i], batch, values, rows[i], JoinInput.UNMATCHED);
      }
    }
    TimedKeys timed = lives;
    if (timed != null) {
      timed.written(table, slots, keys, batch.timestamps(), rows, count);
    }
    for (int i = 0; i < count && removed > 0; i++) {
      if (batch.rowKind(rows[i]) == RowKind.DELETE && table.isLive(slots[i])) {
        RowBuffer now = JoinInput.rows(table, slots[i]);
        if (now == null || now.isEmpty()) {
          table.remove(slots[i]);
        }
      }
    }
  }

  // The stream

  private void join(EventBatch batch, Output out) {
    Column[] keys = left.keys(batch);
    int count = 0;
    int filtered = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (!JoinInput.isNull(keys, row)) {
        rows[count++] = row;
      } else if (type == JoinType.LEFT) {
        single(batch, row, out);
      } else {
        filtered++;
      }
    }
    context.ledger().filtered(filtered);
    SlotTable table = right.tables().table(TABLE);
    left.hash(batch, rows, count, hashes);
    table.find(keys, hashes, rows, count, slots);
    long[] times = batch.timestamps();
    for (int i = 0; i < count; i++) {
      matched[i] = false;
      RowBuffer found = isThere(table, slots[i]) ? JoinInput.rows(table, slots[i]) : null;
      if (found != null && !found.isEmpty()) {
        asked[output.pairs()] = i;
        output.pair(0, batch, rows[i], found, found.first(), times[rows[i]]);
        if (output.arePairsFull()) {
          flushPairs(out);
        }
      }
    }
    flushPairs(out);
    for (int i = 0; i < count && type == JoinType.LEFT; i++) {
      if (!matched[i]) {
        single(batch, rows[i], out);
      }
    }
    output.flushSingles(out);
  }

  private boolean isThere(SlotTable table, int slot) {
    TimedKeys timed = lives;
    return slot >= 0 && (timed == null || !timed.isOver(table, slot));
  }

  private void flushPairs(Output out) {
    output.flushPairs(context, out, pair -> matched[asked[pair]] = true);
  }

  private void single(EventBatch batch, int row, Output out) {
    output.single(JoinType.LEFT_INPUT, batch, row);
    if (output.areSinglesFull()) {
      output.flushSingles(out);
    }
  }

  // Time

  @Override
  public void processingTime(long nowMillis, Output out) {
    clock.processingTime(nowMillis);
    expire();
  }

  @Override
  public void watermark(long watermark, Output out) {
    clock.eventTime(watermark);
    expire();
  }

  private void expire() {
    TimedKeys timed = lives;
    if (timed != null) {
      timed.expire(right.tables().table(TABLE));
      state.commit();
    }
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), clock.now(TimeCharacteristic.EVENT));
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    clock.eventTime(Horizon.read(snapshot, context.keyGroups()));
  }

  @Override
  public String stateMeaning() {
    return join.stateMeaning();
  }
}
