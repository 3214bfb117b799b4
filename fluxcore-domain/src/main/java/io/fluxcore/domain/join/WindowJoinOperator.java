package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.window.EventTimes;
import io.fluxcore.domain.window.SelectedRows;
import io.fluxcore.domain.window.SliceGroups;
import io.fluxcore.domain.window.TimeWindows;
import java.util.Arrays;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows of each input by slice of time and key, and joins them when a window closes
 * ({@link WindowJoinFiring}). The namespace of a table is its slice's start.
 */
final class WindowJoinOperator implements Operator {
  private final WindowJoin join;
  private final TimeWindows window;
  private final JoinType type;
  private final JoinInput[] inputs;
  private final WindowJoinFiring firing;
  private final SliceGroups slices;
  private final SelectedRows selected = new SelectedRows();

  /** Ends of windows that have rows and have not given results. */
  private final TreeSet<Long> pending = new TreeSet<>();

  private OperatorContext context;
  private StateBackend state;
  private long[] hashes = new long[EventBatch.TARGET_ROWS];
  private long watermark = Long.MIN_VALUE;
  private boolean firingUnderWay;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  WindowJoinOperator(WindowJoin join, @Nullable CompiledPredicate condition) {
    this.join = join;
    this.window = join.window();
    this.type = join.join().type();
    this.inputs =
        new JoinInput[] {
          new JoinInput(join.join(), JoinType.LEFT_INPUT, true),
          new JoinInput(join.join(), JoinType.RIGHT_INPUT, type.givesPairs() || condition != null)
        };
    this.firing = new WindowJoinFiring(join, condition, inputs);
    this.slices = new SliceGroups(window);
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    for (JoinInput input : inputs) {
      input.open(state);
    }
    firing.open(newContext);
  }

  @Override
  public boolean keepsBatches() {
    return false; // rows are kept as bytes
  }

  @Override
  public void process(int number, EventBatch arrived, Output out) {
    EventBatch batch =
        EventTimes.usable(JoinInput.insertions(arrived, context.failures()), context.failures());
    for (SliceGroups.Group group :
        slices.group(batch.timestamps(), selected.of(batch), batch.size())) {
      process(inputs[number], batch, group, out);
    }
    state.commit();
  }

  private void process(JoinInput input, EventBatch batch, SliceGroups.Group group, Output out) {
    if (window.isGap(group.slice)) {
      context.ledger().filtered(group.count);
    } else if (join.isClosed(group.slice, watermark)) {
      context.ledger().late(group.count);
      out.emit(
          EquiJoin.latePort(input.number()),
          batch.withSelection(Arrays.copyOf(group.rows, group.count), group.count));
    } else {
      keep(input, batch, group);
    }
  }

  private void keep(JoinInput input, EventBatch batch, SliceGroups.Group group) {
    int[] rows = group.rows;
    int count = group.count;
    if (!type.givesUnmatched(input.number())) {
      rows = withKeys(input.keys(batch), group);
      count = rows == group.rows ? group.count : rows.length;
      context.ledger().filtered(group.count - count);
    }
    if (count == 0) {
      return;
    }
    if (hashes.length < count) {
      hashes = new long[count];
    }
    input.hash(batch, rows, count, hashes);
    boolean isNew = !input.tables().has(group.slice);
    input.keep(batch, rows, hashes, count, null, group.slice);
    if (isNew) {
      schedule(group.slice);
    }
  }

  /** The rows whose keys may equal others. */
  private static int[] withKeys(Column[] keys, SliceGroups.Group group) {
    boolean mayBeNull = false;
    for (Column key : keys) {
      mayBeNull |= key.nulls() != null;
    }
    if (!mayBeNull) {
      return group.rows;
    }
    return Arrays.stream(group.rows, 0, group.count)
        .filter(row -> !JoinInput.isNull(keys, row))
        .toArray();
  }

  private void schedule(long slice) {
    long last = window.lastEnd(slice);
    for (long end = window.firstEnd(slice); end <= last; end = window.nextEnd(end)) {
      if (!join.isWindowClosed(end, watermark)) {
        pending.add(end);
      }
    }
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      resume(out);
    }
  }

  @Override
  public long heldWatermark() {
    return join.lateness().horizon(watermark);
  }

  @Override
  public boolean hasMore() {
    return firingUnderWay;
  }

  /** Fires what is due, until done or until downstream has no capacity. */
  @Override
  public void resume(Output out) {
    firingUnderWay = true;
    while (firing.isUnderWay() || startNextFiring()) {
      if (!firing.emit(out)) {
        return;
      }
      if (!out.hasCapacity()) {
        return;
      }
    }
    firingUnderWay = false;
    for (JoinInput input : inputs) {
      dropClosed(input.tables());
    }
    state.commit();
  }

  private boolean startNextFiring() {
    if (pending.isEmpty() || !join.isWindowClosed(pending.first(), watermark)) {
      return false;
    }
    firing.start(pending.pollFirst());
    return true;
  }

  private void dropClosed(SlotTables tables) {
    long first = tables.firstNamespace();
    while (first != Long.MAX_VALUE && join.isClosed(first, watermark)) {
      tables.drop(first);
      first = tables.firstNamespace();
    }
  }

  @Override
  public WindowReading windows() {
    return new WindowReading(
        false,
        watermark,
        pending.size(),
        pending.isEmpty() ? Long.MAX_VALUE : pending.first() - 1 + join.lateness().millis());
  }

  @Override
  public String stateMeaning() {
    return join.join().meaning(window + " window");
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    for (JoinInput input : inputs) {
      for (long slice : input.tables().namespaces()) {
        schedule(slice);
      }
    }
    state.commit();
  }
}
