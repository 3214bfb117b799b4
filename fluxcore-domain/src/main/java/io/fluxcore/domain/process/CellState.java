package io.fluxcore.domain.process;

import io.fluxcore.domain.keyed.Expiry;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** A state with one object for each key, in a slot of it. */
abstract class CellState extends KeyedState {
  private final StateSerializer<Object> serializer;
  private final ChunkTable table;
  private final @Nullable Expiry expiry;

  private boolean loaded;
  private boolean changed;
  private boolean renewed;
  private @Nullable Object value;

  /** Positions of the chunk whose elements are to be entered. */
  private int[] toIndex = new int[16];

  private long[] toIndexDeadlines = new long[16];
  private int toIndexCount;
  private @Nullable KeyChunk indexChunk;

  CellState(
      StateDescriptor<?> descriptor,
      StateSerializer<?> serializer,
      @Nullable TimeToLive life,
      StateScope scope) {
    super(descriptor, life, scope);
    this.serializer = erased(serializer);
    StateLayout layout =
        new StateLayout(
            name, scope.keyTypes(), new long[] {StateClock.NEVER, 0}, List.of(this.serializer));
    this.table = new ChunkTable(scope.backend(), layout, this::isEmpty);
    this.expiry =
        life == null
            ? null
            : new Expiry(scope.backend(), name, scope.keyTypes(), 0, life, scope.clock());
  }

  private boolean isEmpty(int slot) {
    return table.table().objects(0)[slot] == null;
  }

  @Override
  final void reset() {
    loaded = false;
    changed = false;
    renewed = false;
    value = null;
  }

  private int slot() {
    return table.slot(chunk(), position());
  }

  final @Nullable Object load() {
    KeyChunk current = chunk();
    if (!loaded) {
      int slot = table.slot(current, position());
      Object held = table.table().objects(0)[slot];
      value = held == null || isOver(table.table().cells()[table.at(slot, DEADLINE)]) ? null : held;
      loaded = true;
    }
    renewed |= value != null && isRenewedByReads();
    return value;
  }

  final void store(@Nullable Object newValue) {
    chunk();
    value = newValue;
    loaded = true;
    changed = true;
  }

  @Override
  final void apply() {
    if (!changed && !renewed) {
      return;
    }
    int slot = slot();
    SlotTable cells = table.table();
    boolean wasThere = cells.objects(0)[slot] != null;
    if (changed) {
      replace(slot, cells);
    }
    if (value != null) {
      long before = wasThere ? cells.cells()[table.at(slot, DEADLINE)] : StateClock.NEVER;
      long deadline = later(before, newDeadline());
      cells.cells()[table.at(slot, DEADLINE)] = deadline;
      if (deadline != StateClock.NEVER && cells.cells()[table.at(slot, INDEXED)] == 0) {
        cells.cells()[table.at(slot, INDEXED)] = 1;
        index(deadline);
      }
    }
  }

  private void replace(int slot, SlotTable cells) {
    Object old = cells.objects(0)[slot];
    if (old != null) {
      long bytes = serializer.estimatedBytes(old);
      meter.removed(bytes);
      if (isOver(cells.cells()[table.at(slot, DEADLINE)])) {
        meter.expired(bytes);
      }
    }
    cells.objects(0)[slot] = value;
    long bytes = 0;
    if (value != null) {
      bytes = serializer.estimatedBytes(value);
      meter.added(bytes);
    }
    largest.written(name, chunk(), position(), 1, bytes);
  }

  private void index(long deadline) {
    if (toIndexCount == toIndex.length) {
      toIndex = Arrays.copyOf(toIndex, 2 * toIndexCount);
      toIndexDeadlines = Arrays.copyOf(toIndexDeadlines, 2 * toIndexCount);
    }
    indexChunk = chunk();
    toIndex[toIndexCount] = position();
    toIndexDeadlines[toIndexCount++] = deadline;
  }

  @Override
  final void endChunk() {
    table.endChunk();
    KeyChunk indexed = indexChunk;
    if (indexed != null && expiry != null) {
      expiry.add(indexed.gather(toIndex, toIndexCount), toIndexDeadlines, toIndexCount);
    }
    indexChunk = null;
    toIndexCount = 0;
  }

  @Override
  final void expire(long budget) {
    if (expiry == null) {
      return;
    }
    long left = budget;
    while (left > 0) {
      KeyChunk due = expiry.next(Math.min(left, Integer.MAX_VALUE));
      if (due == null) {
        return;
      }
      left -= due.count();
      look(due, expiry);
    }
  }

  private void look(KeyChunk due, Expiry index) {
    int[] slots = table.find(due);
    SlotTable cells = table.table();
    int[] alive = new int[due.count()];
    long[] deadlines = new long[due.count()];
    int count = 0;
    for (int i = 0; i < due.count(); i++) {
      int slot = slots[i];
      if (slot < 0) {
        continue;
      }
      long deadline = cells.cells()[table.at(slot, DEADLINE)];
      if (isOver(deadline)) {
        Object old = cells.objects(0)[slot];
        if (old != null) {
          long bytes = serializer.estimatedBytes(old);
          meter.removed(bytes);
          meter.expired(bytes);
        }
        cells.remove(slot);
        largest.written(name, due, i, 0, 0);
      } else if (deadline != StateClock.NEVER) {
        alive[count] = i;
        deadlines[count++] = deadline;
      } else {
        cells.cells()[table.at(slot, INDEXED)] = 0;
      }
    }
    if (count > 0) {
      index.add(due.gather(alive, count), deadlines, count);
    }
  }

  @Override
  final KeyState read(KeyChunk key) {
    int slot = table.find(key)[0];
    Object held = slot < 0 ? null : table.table().objects(0)[slot];
    boolean gone = held == null || isOver(table.table().cells()[table.at(slot, DEADLINE)]);
    return KeyState.of(name, meter.read().kind(), gone ? null : shown(held));
  }

  /** What is told of a held object. */
  @Nullable Object shown(@Nullable Object held) {
    return held;
  }

  /** A value as it is. */
  static final class OfValue<T> extends CellState implements ValueState<T> {
    OfValue(StateDescriptor.OfValue<T> descriptor, @Nullable TimeToLive life, StateScope scope) {
      super(descriptor, descriptor.serializer(), life, scope);
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable T get() {
      return (T) load();
    }

    @Override
    public void set(T value) {
      store(Objects.requireNonNull(value, "clear() instead of null"));
    }

    @Override
    public void clear() {
      store(null);
    }
  }

  /** Values folded. */
  static final class OfReduction<T> extends CellState implements ReducingState<T> {
    private final BinaryOperator<T> reducer;

    OfReduction(
        StateDescriptor.OfReduction<T> descriptor, @Nullable TimeToLive life, StateScope scope) {
      super(descriptor, descriptor.serializer(), life, scope);
      this.reducer = descriptor.reducer();
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable T get() {
      return (T) load();
    }

    @Override
    public void add(T value) {
      T old = get();
      store(Objects.requireNonNull(old == null ? value : reducer.apply(old, value)));
    }

    @Override
    public void clear() {
      store(null);
    }
  }

  /** Values accumulated. */
  static final class OfAggregate<I, A, O> extends CellState implements AggregatingState<I, O> {
    private final StateAggregate<I, A, O> aggregate;

    OfAggregate(
        StateDescriptor.OfAggregate<I, A, O> descriptor,
        @Nullable TimeToLive life,
        StateScope scope) {
      super(descriptor, descriptor.serializer(), life, scope);
      this.aggregate = descriptor.aggregate();
    }

    @SuppressWarnings("unchecked")
    private @Nullable A accumulator() {
      return (A) load();
    }

    @Override
    public @Nullable O get() {
      A accumulator = accumulator();
      return accumulator == null ? null : aggregate.result(accumulator);
    }

    @Override
    public void add(I value) {
      A accumulator = accumulator();
      store(
          Objects.requireNonNull(
              aggregate.add(accumulator == null ? aggregate.create() : accumulator, value)));
    }

    @Override
    public void clear() {
      store(null);
    }

    @Override
    @SuppressWarnings("unchecked")
    @Nullable Object shown(@Nullable Object held) {
      return held == null ? null : aggregate.result((A) held);
    }
  }
}
