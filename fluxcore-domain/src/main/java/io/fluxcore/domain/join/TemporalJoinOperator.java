package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.window.EventTimes;
import io.fluxcore.domain.window.SliceGroups;
import io.fluxcore.domain.window.WindowSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows of the left input by part of time and key until they may be joined ({@link
 * TemporalFiring}), and changes of the right one as {@link Versions}. A row is joined when it comes
 * ({@link TemporalMatching}) if the right input is known to be past its time, as that of a table
 * which has been read to its end is, and there is no condition that could leave it without a match.
 *
 * <p>Each firing looks at all rows of the part in which the horizon lies, so it waits until the
 * horizon has moved by a share of a part, or the host's clock ticks; the watermark behind the join
 * waits with it.
 */
final class TemporalJoinOperator implements Operator {
  private static final long PART_MILLIS = 1_000;
  private static final long SHARE_MILLIS = PART_MILLIS / 16;

  private final TemporalJoin join;
  private final JoinType type;
  private final JoinInput left;
  private final Versions versions;
  private final JoinOutput output;
  private final TemporalMatching matching;
  private final TemporalFiring firing;
  private final SliceGroups parts = new SliceGroups(WindowSpec.tumbling(PART_MILLIS, 0));

  private OperatorContext context;
  private StateBackend state;
  private long watermark = Long.MIN_VALUE;

  /** Up to which time all changes have come. */
  private long changesUpTo = Long.MIN_VALUE;

  /** Up to which time rows have been joined. */
  private long joined = Long.MIN_VALUE;

  private int[] rows = new int[0];
  private int[] ready = new int[0];
  private int[] late = new int[0];
  private long[] hashes = new long[0];

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  TemporalJoinOperator(TemporalJoin join, @Nullable CompiledPredicate condition) {
    this.join = join;
    this.type = join.join().type();
    this.left = new JoinInput(join.join(), JoinType.LEFT_INPUT, true);
    this.versions = new Versions(join);
    this.output = new JoinOutput(join.join(), condition, join.outputSchema());
    this.matching = new TemporalMatching(join, left, versions, output);
    this.firing = new TemporalFiring(join, left, versions, output, PART_MILLIS);
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    left.open(state);
    versions.open(state);
    matching.open(newContext);
    firing.open(newContext);
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  private long horizon() {
    return join.lateness().horizon(watermark);
  }

  // Rows

  @Override
  public void process(int number, EventBatch arrived, Output out) {
    if (rows.length < arrived.size()) {
      rows = new int[Math.max(arrived.size(), EventBatch.TARGET_ROWS)];
      ready = new int[rows.length];
      late = new int[rows.length];
      hashes = new long[rows.length];
    }
    EventBatch batch = EventTimes.usable(arrived, context.failures());
    if (number == JoinType.LEFT_INPUT) {
      keep(JoinInput.insertions(batch, context.failures()), out);
    } else {
      change(batch, out);
    }
    state.commit();
  }

  private void keep(EventBatch batch, Output out) {
    Column[] keys = left.keys(batch);
    long[] times = batch.timestamps();
    long horizon = horizon();
    long readyUpTo = output.hasCondition() ? Long.MIN_VALUE : changesUpTo;
    int count = 0;
    int readyCount = 0;
    int lateCount = 0;
    int filtered = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (times[row] <= horizon) {
        late[lateCount++] = row;
      } else if (!JoinInput.isNull(keys, row)) {
        if (times[row] <= readyUpTo) {
          ready[readyCount++] = row;
        } else {
          rows[count++] = row;
        }
      } else if (type == JoinType.LEFT) {
        output.single(JoinType.LEFT_INPUT, batch, row);
        if (output.areSinglesFull()) {
          output.flushSingles(out);
        }
      } else {
        filtered++;
      }
    }
    output.flushSingles(out);
    context.ledger().filtered(filtered);
    emitLate(JoinType.LEFT_INPUT, batch, late, lateCount, out);
    if (readyCount > 0) {
      matching.join(batch, ready, readyCount, out);
    }
    for (SliceGroups.Group part : parts.group(times, rows, count)) {
      left.hash(batch, part.rows, part.count, hashes);
      left.keep(batch, part.rows, hashes, part.count, null, part.slice);
    }
  }

  private void change(EventBatch batch, Output out) {
    Column[] keys = versions.input().keys(batch);
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (batch.rowKind(row) != RowKind.UPDATE_BEFORE && !JoinInput.isNull(keys, row)) {
        rows[count++] = row;
      }
    }
    context.ledger().filtered(batch.size() - count);
    int lateCount = versions.add(batch, rows, count, horizon());
    emitLate(JoinType.RIGHT_INPUT, batch, rows, lateCount, out);
  }

  private void emitLate(int number, EventBatch batch, int[] lateRows, int count, Output out) {
    if (count > 0) {
      context.ledger().late(count);
      out.emit(
          EquiJoin.latePort(number), batch.withSelection(Arrays.copyOf(lateRows, count), count));
    }
  }

  // Time

  @Override
  public void inputWatermark(int number, long newWatermark) {
    if (number == JoinType.RIGHT_INPUT) {
      changesUpTo = join.lateness().horizon(newWatermark);
    }
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      long horizon = horizon();
      if (horizon == Long.MAX_VALUE
          || joined == Long.MIN_VALUE
          || horizon - SHARE_MILLIS >= joined) {
        fire(out);
      }
    }
  }

  @Override
  public void processingTime(long nowMillis, Output out) {
    fire(out);
  }

  @Override
  public void flush(Output out) {
    fire(out);
  }

  private void fire(Output out) {
    if (horizon() > joined) {
      joined = horizon();
      firing.start(joined);
      resume(out);
    }
  }

  @Override
  public boolean hasMore() {
    return firing.isUnderWay();
  }

  @Override
  public void resume(Output out) {
    if (firing.isUnderWay() && firing.run(out)) {
      state.commit();
    }
  }

  @Override
  public long heldWatermark() {
    return joined;
  }

  @Override
  public WindowReading windows() {
    long first = left.tables().firstNamespace();
    return new WindowReading(
        false,
        watermark,
        left.tables().namespaces().length,
        first == Long.MAX_VALUE ? first : first + join.lateness().millis());
  }

  @Override
  public String stateMeaning() {
    return join.join().meaning("temporal");
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    joined = horizon();
    versions.restore(joined);
  }
}
