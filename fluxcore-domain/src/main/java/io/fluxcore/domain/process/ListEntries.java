package io.fluxcore.domain.process;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.keyed.Expiry;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list for each key: an element is a row of a table by key and number, so that adding one writes
 * that row alone. A second table, by key, says which numbers there are.
 */
final class ListEntries<T> extends KeyedState implements ListState<T> {
  // cells of the table by key; numbers run from FIRST to before NEXT, with holes where elements
  // have expired
  private static final int FIRST = 0;
  private static final int NEXT = 1;
  private static final int COUNT = 2;
  private static final int BYTES = 3;

  private final StateSerializer<Object> serializer;
  private final ChunkTable heads;
  private final SlotTables elements;
  private final @Nullable Expiry expiry;

  private boolean cleared;
  private boolean read;
  private final List<T> added = new ArrayList<>();

  ListEntries(StateDescriptor.OfList<T> descriptor, @Nullable TimeToLive life, StateScope scope) {
    super(descriptor, life, scope);
    this.serializer = erased(descriptor.serializer());
    List<DataType> numbered = new ArrayList<>(scope.keyTypes());
    numbered.add(DataType.LONG);
    this.heads =
        new ChunkTable(
            scope.backend(),
            new StateLayout(name + ".size", scope.keyTypes(), new long[4], List.of()),
            slot -> head(slot, COUNT) == 0);
    this.elements =
        scope
            .backend()
            .tables(
                new StateLayout(
                    name, numbered, 1, new long[] {StateClock.NEVER, 0}, List.of(serializer)));
    this.expiry =
        life == null ? null : new Expiry(scope.backend(), name, numbered, 1, life, scope.clock());
  }

  private long head(int slot, int cell) {
    return heads.table().cells()[heads.at(slot, cell)];
  }

  private void head(int slot, int cell, long value) {
    heads.table().cells()[heads.at(slot, cell)] = value;
  }

  private SlotTable table() {
    return elements.table(0);
  }

  private static int at(SlotTable table, int slot, int cell) {
    return slot * table.stride() + table.offset(cell);
  }

  @Override
  void reset() {
    cleared = false;
    read = false;
    added.clear();
  }

  @Override
  public List<T> get() {
    List<T> result = new ArrayList<>();
    KeyChunk current = chunk();
    if (!cleared) {
      int slot = heads.slot(current, position());
      result.addAll(held(current, position(), slot));
      read |= isRenewedByReads() && !result.isEmpty();
    }
    result.addAll(added);
    return result;
  }

  /** The elements of the table whose time is not over. */
  private List<T> held(KeyChunk keys, int at, int head) {
    List<T> result = new ArrayList<>();
    if (head < 0 || head(head, COUNT) == 0) {
      return result;
    }
    int[] found = find(keys.withSubkeys(at, numbers(head)));
    SlotTable table = table();
    for (int slot : found) {
      if (slot >= 0 && !isOver(table.cells()[at(table, slot, DEADLINE)])) {
        result.add(element(table, slot));
      }
    }
    return result;
  }

  private LongColumn numbers(int head) {
    return KeyChunk.numbers(head(head, FIRST), head(head, NEXT));
  }

  @SuppressWarnings("unchecked")
  private T element(SlotTable table, int slot) {
    return (T) Objects.requireNonNull(table.objects(0)[slot]);
  }

  private int[] find(KeyChunk keys) {
    int[] found = new int[keys.count()];
    table().find(keys.columns(), keys.hashes(), keys.rows(), keys.count(), found);
    return found;
  }

  @Override
  public void add(T element) {
    chunk();
    added.add(Objects.requireNonNull(element));
  }

  @Override
  public void set(List<? extends T> newElements) {
    List<T> copy = new ArrayList<>(newElements); // which may be what is held beside
    clear();
    addAll(copy);
  }

  @Override
  public void clear() {
    chunk();
    cleared = true;
    read = false;
    added.clear();
  }

  @Override
  public int size() {
    KeyChunk current = chunk();
    if (life != null || cleared) {
      return get().size();
    }
    return (int) head(heads.slot(current, position()), COUNT) + added.size();
  }

  @Override
  void apply() {
    if (!cleared && !read && added.isEmpty()) {
      return;
    }
    int head = heads.slot(chunk(), position());
    if (head(head, COUNT) > 0 && (cleared || read)) {
      KeyChunk rows = chunk().withSubkeys(position(), numbers(head));
      if (cleared) {
        removeAll(rows);
        Arrays.asList(FIRST, NEXT, COUNT, BYTES).forEach(cell -> head(head, cell, 0));
      } else {
        renew(rows);
      }
    }
    append(head);
    largest.written(name, chunk(), position(), head(head, COUNT), head(head, BYTES));
  }

  private void removeAll(KeyChunk rows) {
    SlotTable table = table();
    for (int slot : find(rows)) {
      if (slot >= 0) {
        removed(table, slot);
        table.remove(slot);
      }
    }
  }

  /** Counts an element that is about to be removed, and gives its bytes. */
  private long removed(SlotTable table, int slot) {
    long bytes = serializer.estimatedBytes(Objects.requireNonNull(table.objects(0)[slot]));
    meter.removed(bytes);
    if (isOver(table.cells()[at(table, slot, DEADLINE)])) {
      meter.expired(bytes);
    }
    return bytes;
  }

  private void renew(KeyChunk rows) {
    long deadline = newDeadline();
    SlotTable table = table();
    int[] found = find(rows);
    int[] unindexed = new int[found.length];
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      int slot = found[i];
      if (slot >= 0 && !isOver(table.cells()[at(table, slot, DEADLINE)])) {
        int cell = at(table, slot, DEADLINE);
        table.cells()[cell] = later(table.cells()[cell], deadline);
        if (deadline != StateClock.NEVER && table.cells()[at(table, slot, INDEXED)] == 0) {
          table.cells()[at(table, slot, INDEXED)] = 1;
          unindexed[count++] = i;
        }
      }
    }
    index(rows.gather(unindexed, count), deadline, count);
  }

  private void index(Column[] keys, long deadline, int count) {
    if (expiry != null && count > 0) {
      long[] deadlines = new long[count];
      Arrays.fill(deadlines, deadline);
      expiry.add(keys, deadlines, count);
    }
  }

  private void append(int head) {
    if (added.isEmpty()) {
      return;
    }
    long from = head(head, NEXT);
    int count = added.size();
    KeyChunk rows = chunk().withSubkeys(position(), KeyChunk.numbers(from, from + count));
    int[] slots = new int[count];
    SlotTable table = table();
    table.resolve(rows.columns(), rows.hashes(), rows.rows(), count, slots);
    long deadline = newDeadline();
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      T element = added.get(i);
      table.objects(0)[slots[i]] = element;
      table.cells()[at(table, slots[i], DEADLINE)] = deadline;
      table.cells()[at(table, slots[i], INDEXED)] = deadline == StateClock.NEVER ? 0 : 1;
      long size = serializer.estimatedBytes(element);
      meter.added(size);
      bytes += size;
    }
    head(head, NEXT, from + count);
    head(head, COUNT, head(head, COUNT) + count);
    head(head, BYTES, head(head, BYTES) + bytes);
    if (deadline != StateClock.NEVER) {
      index(rows.columns(), deadline, count);
    }
  }

  @Override
  void endChunk() {
    heads.endChunk();
  }

  @Override
  void expire(long budget) {
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
    int keyColumns = due.columns().length - 1;
    KeyChunk keys = KeyChunk.of(Arrays.copyOf(due.columns(), keyColumns), due.count());
    LongColumn numbers = (LongColumn) due.columns()[keyColumns];
    int[] slots = find(due);
    int[] headSlots = heads.find(keys);
    SlotTable table = table();
    int[] alive = new int[due.count()];
    long[] deadlines = new long[due.count()];
    int count = 0;
    int[] gone = new int[due.count()];
    int goneCount = 0;
    for (int i = 0; i < due.count(); i++) {
      int slot = slots[i];
      if (slot < 0) {
        continue;
      }
      long deadline = table.cells()[at(table, slot, DEADLINE)];
      if (!isOver(deadline)) {
        alive[count] = i;
        deadlines[count++] = deadline;
        continue;
      }
      int head = headSlots[i];
      head(head, BYTES, head(head, BYTES) - removed(table, slot));
      head(head, COUNT, head(head, COUNT) - 1);
      table.remove(slot);
      if (numbers.value(i) == head(head, FIRST)) {
        head(head, FIRST, numbers.value(i) + 1);
      }
      largest.written(name, keys, i, head(head, COUNT), head(head, BYTES));
      gone[goneCount++] = i;
    }
    if (count > 0) {
      index.add(due.gather(alive, count), deadlines, count);
    }
    for (int g = 0; g < goneCount; g++) {
      tidy(keys, gone[g], headSlots[gone[g]]);
    }
  }

  /** Skips holes at the front of a list, and forgets one that has become empty. */
  private void tidy(KeyChunk keys, int at, int head) {
    SlotTable table = heads.table();
    if (!table.isLive(head)) {
      return;
    }
    if (head(head, COUNT) == 0) {
      table.remove(head);
      return;
    }
    while (find(keys.withSubkeys(at, KeyChunk.numbers(head(head, FIRST), head(head, FIRST) + 1)))[0]
        < 0) {
      head(head, FIRST, head(head, FIRST) + 1);
    }
  }

  @Override
  KeyState read(KeyChunk key) {
    return KeyState.of(name, meter.read().kind(), held(key, 0, heads.find(key)[0]));
  }
}
