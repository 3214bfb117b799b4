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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map for each key: an entry is a row of a table by key and entry key, so that entries are read
 * and written by themselves. So that they can be counted and listed as well, a second table, by
 * key, holds how many there are, and a third their keys by numbers from 0 without a gap: where one
 * is removed the last one takes its number.
 */
final class MapEntries<K, V> extends KeyedState implements MapState<K, V> {
  // cells of the table by key
  private static final int COUNT = 0;
  private static final int BYTES = 1;

  /** Cell of an entry: its number. */
  private static final int NUMBER = 2;

  private static final long NONE = -1;

  private final ValueType<K> keyType;
  private final StateSerializer<Object> serializer;
  private final ChunkTable heads;
  private final SlotTables entries;
  private final SlotTables numbers;
  private final @Nullable Expiry expiry;

  private boolean cleared;

  /** What was put, or null for what was removed, by the key as a column holds it. */
  private final Map<Object, Change<K, V>> changes = new LinkedHashMap<>();

  private final Map<Object, K> renewed = new LinkedHashMap<>();

  private record Change<K, V>(K key, @Nullable V value) {}

  MapEntries(StateDescriptor.OfMap<K, V> descriptor, @Nullable TimeToLive life, StateScope scope) {
    super(descriptor, life, scope);
    this.keyType = descriptor.keys();
    this.serializer = erased(descriptor.serializer());
    List<DataType> byEntryKey = new ArrayList<>(scope.keyTypes());
    byEntryKey.add(keyType.dataType());
    List<DataType> byNumber = new ArrayList<>(scope.keyTypes());
    byNumber.add(DataType.LONG);
    this.heads =
        new ChunkTable(
            scope.backend(),
            new StateLayout(name + ".size", scope.keyTypes(), new long[2], List.of()),
            slot -> head(slot, COUNT) == 0);
    this.entries =
        scope
            .backend()
            .tables(
                new StateLayout(
                    name,
                    byEntryKey,
                    1,
                    new long[] {StateClock.NEVER, 0, NONE},
                    List.of(serializer)));
    this.numbers =
        scope
            .backend()
            .tables(
                new StateLayout(
                    name + ".keys", byNumber, 1, new long[0], List.of(erased(keyType))));
    this.expiry =
        life == null ? null : new Expiry(scope.backend(), name, byEntryKey, 1, life, scope.clock());
  }

  private long head(int slot, int cell) {
    return heads.table().cells()[heads.at(slot, cell)];
  }

  private void head(int slot, int cell, long value) {
    heads.table().cells()[heads.at(slot, cell)] = value;
  }

  private SlotTable table() {
    return entries.table(0);
  }

  private static int at(SlotTable table, int slot, int cell) {
    return slot * table.stride() + table.offset(cell);
  }

  private static int[] find(SlotTable table, KeyChunk keys) {
    int[] found = new int[keys.count()];
    table.find(keys.columns(), keys.hashes(), keys.rows(), keys.count(), found);
    return found;
  }

  /** A key that is equal exactly where columns hold the same: bytes by content, zero unsigned. */
  private Object canonical(K key) {
    if (key instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes.clone());
    }
    return key instanceof Double number ? (Object) (number + 0.0) : key;
  }

  private K check(K key) {
    return keyType.check(Objects.requireNonNull(key));
  }

  private Column column(List<K> keys) {
    return KeyChunk.column(keyType.dataType(), keys);
  }

  @Override
  void reset() {
    cleared = false;
    changes.clear();
    renewed.clear();
  }

  // In a call

  @Override
  public @Nullable V get(K key) {
    KeyChunk current = chunk();
    Object canonical = canonical(check(key));
    Change<K, V> change = changes.get(canonical);
    if (change != null) {
      return change.value();
    }
    if (cleared) {
      return null;
    }
    SlotTable table = table();
    int slot = find(table, current.withSubkeys(position(), column(List.of(key))))[0];
    if (slot < 0 || isOver(table.cells()[at(table, slot, DEADLINE)])) {
      return null;
    }
    if (isRenewedByReads()) {
      renewed.put(canonical, key);
    }
    return value(table, slot);
  }

  @SuppressWarnings("unchecked")
  private V value(SlotTable table, int slot) {
    return (V) Objects.requireNonNull(table.objects(0)[slot]);
  }

  @Override
  public void put(K key, V value) {
    chunk();
    changes.put(
        canonical(check(key)),
        new Change<>(key, Objects.requireNonNull(value, "remove(key) instead of null")));
  }

  @Override
  public void remove(K key) {
    chunk();
    changes.put(canonical(check(key)), new Change<>(key, null));
  }

  @Override
  public Map<K, V> entries() {
    KeyChunk current = chunk();
    Map<Object, Change<K, V>> all = new LinkedHashMap<>();
    if (!cleared) {
      held(current, position(), heads.slot(current, position()))
          .forEach((key, value) -> all.put(canonical(key), new Change<>(key, value)));
    }
    if (isRenewedByReads()) {
      all.forEach((canonical, entry) -> renewed.put(canonical, entry.key()));
    }
    all.putAll(changes);
    Map<K, V> result = new LinkedHashMap<>();
    all.values()
        .forEach(
            entry -> {
              if (entry.value() != null) {
                result.put(entry.key(), entry.value());
              }
            });
    return result;
  }

  /** The entries of the tables whose time is not over. */
  private Map<K, V> held(KeyChunk keys, int at, int head) {
    Map<K, V> result = new LinkedHashMap<>();
    if (head < 0 || head(head, COUNT) == 0) {
      return result;
    }
    List<K> entryKeys = entryKeys(keys, at, head);
    int[] found = find(table(), keys.withSubkeys(at, column(entryKeys)));
    SlotTable table = table();
    for (int i = 0; i < found.length; i++) {
      if (!isOver(table.cells()[at(table, found[i], DEADLINE)])) {
        result.put(entryKeys.get(i), value(table, found[i]));
      }
    }
    return result;
  }

  @SuppressWarnings("unchecked")
  private List<K> entryKeys(KeyChunk keys, int at, int head) {
    SlotTable table = numbers.table(0);
    int[] found = find(table, keys.withSubkeys(at, KeyChunk.numbers(0, head(head, COUNT))));
    List<K> result = new ArrayList<>();
    for (int slot : found) {
      result.add((K) Objects.requireNonNull(table.objects(0)[slot]));
    }
    return result;
  }

  @Override
  public void clear() {
    chunk();
    cleared = true;
    changes.clear();
    renewed.clear();
  }

  @Override
  public int size() {
    KeyChunk current = chunk();
    if (life != null || cleared || !changes.isEmpty()) {
      return entries().size();
    }
    return (int) head(heads.slot(current, position()), COUNT);
  }

  // After a call

  @Override
  void apply() {
    if (!cleared && changes.isEmpty() && renewed.isEmpty()) {
      return;
    }
    KeyChunk current = chunk();
    int head = heads.slot(current, position());
    if (cleared && head(head, COUNT) > 0) {
      removeAll(current, head);
    }
    Set<K> written = new LinkedHashSet<>();
    for (Map.Entry<Object, Change<K, V>> change : changes.entrySet()) {
      renewed.remove(change.getKey());
      if (change.getValue().value() == null) {
        remove(current, position(), head, change.getValue().key());
      } else {
        written.add(change.getValue().key());
      }
    }
    if (!written.isEmpty()) {
      write(current, head, new ArrayList<>(written));
    }
    if (!renewed.isEmpty()) {
      renew(current, new ArrayList<>(renewed.values()));
    }
    largest.written(name, current, position(), head(head, COUNT), head(head, BYTES));
  }

  private void removeAll(KeyChunk current, int head) {
    List<K> all = entryKeys(current, position(), head);
    SlotTable table = table();
    for (int slot : find(table, current.withSubkeys(position(), column(all)))) {
      removed(table, slot);
      table.remove(slot);
    }
    SlotTable byNumber = numbers.table(0);
    for (int slot :
        find(byNumber, current.withSubkeys(position(), KeyChunk.numbers(0, head(head, COUNT))))) {
      byNumber.remove(slot);
    }
    head(head, COUNT, 0);
    head(head, BYTES, 0);
  }

  /** Counts an entry that is about to be removed, and gives its bytes. */
  private long removed(SlotTable table, int slot) {
    long bytes = serializer.estimatedBytes(Objects.requireNonNull(table.objects(0)[slot]));
    meter.removed(bytes);
    if (isOver(table.cells()[at(table, slot, DEADLINE)])) {
      meter.expired(bytes);
    }
    return bytes;
  }

  private void remove(KeyChunk keys, int at, int head, K key) {
    SlotTable table = table();
    int slot = find(table, keys.withSubkeys(at, column(List.of(key))))[0];
    if (slot < 0) {
      return;
    }
    long number = table.cells()[at(table, slot, NUMBER)];
    head(head, BYTES, head(head, BYTES) - removed(table, slot));
    table.remove(slot);
    long last = head(head, COUNT) - 1;
    head(head, COUNT, last);
    SlotTable byNumber = numbers.table(0);
    long[] both = {last, number};
    int[] found = find(byNumber, keys.withSubkeys(at, new LongColumn(2, both)));
    if (last != number) {
      move(keys, at, byNumber, found[0], found[1], number);
    }
    byNumber.remove(found[0]);
  }

  /** The last entry takes the number of the one that is gone. */
  @SuppressWarnings("unchecked")
  private void move(
      KeyChunk keys, int at, SlotTable byNumber, int lastSlot, int freeSlot, long number) {
    K moved = (K) Objects.requireNonNull(byNumber.objects(0)[lastSlot]);
    byNumber.objects(0)[freeSlot] = moved;
    SlotTable table = table();
    int slot = find(table, keys.withSubkeys(at, column(List.of(moved))))[0];
    table.cells()[at(table, slot, NUMBER)] = number;
  }

  private void write(KeyChunk current, int head, List<K> keys) {
    KeyChunk rows = current.withSubkeys(position(), column(keys));
    int[] slots = new int[keys.size()];
    SlotTable table = table();
    table.resolve(rows.columns(), rows.hashes(), rows.rows(), slots.length, slots);
    long deadline = newDeadline();
    long count = head(head, COUNT);
    long bytes = head(head, BYTES);
    List<K> created = new ArrayList<>();
    int[] unindexed = new int[slots.length];
    int unindexedCount = 0;
    for (int i = 0; i < slots.length; i++) {
      int slot = slots[i];
      Object value =
          Objects.requireNonNull(
              Objects.requireNonNull(changes.get(canonical(keys.get(i)))).value());
      int deadlineCell = at(table, slot, DEADLINE);
      long before = StateClock.NEVER;
      if (table.objects(0)[slot] == null) {
        table.cells()[at(table, slot, NUMBER)] = count + created.size();
        created.add(keys.get(i));
      } else {
        before = table.cells()[deadlineCell];
        bytes -= removed(table, slot);
      }
      long size = serializer.estimatedBytes(value);
      meter.added(size);
      bytes += size;
      table.objects(0)[slot] = value;
      table.cells()[deadlineCell] = later(before, deadline);
      if (deadline != StateClock.NEVER && table.cells()[at(table, slot, INDEXED)] == 0) {
        table.cells()[at(table, slot, INDEXED)] = 1;
        unindexed[unindexedCount++] = i;
      }
    }
    number(current, count, created);
    head(head, COUNT, count + created.size());
    head(head, BYTES, bytes);
    index(rows.gather(unindexed, unindexedCount), deadline, unindexedCount);
  }

  private void number(KeyChunk current, long from, List<K> created) {
    int count = created.size();
    if (count == 0) {
      return;
    }
    KeyChunk rows = current.withSubkeys(position(), KeyChunk.numbers(from, from + count));
    int[] slots = new int[count];
    SlotTable byNumber = numbers.table(0);
    byNumber.resolve(rows.columns(), rows.hashes(), rows.rows(), count, slots);
    for (int i = 0; i < count; i++) {
      byNumber.objects(0)[slots[i]] = created.get(i);
    }
  }

  private void renew(KeyChunk current, List<K> keys) {
    KeyChunk rows = current.withSubkeys(position(), column(keys));
    long deadline = newDeadline();
    SlotTable table = table();
    int[] found = find(table, rows);
    int[] unindexed = new int[found.length];
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      int slot = found[i];
      if (slot >= 0) {
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

  @Override
  void endChunk() {
    heads.endChunk();
  }

  // Between chunks

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

  @SuppressWarnings("unchecked")
  private void look(KeyChunk due, Expiry index) {
    int keyColumns = due.columns().length - 1;
    KeyChunk keys = KeyChunk.of(Arrays.copyOf(due.columns(), keyColumns), due.count());
    Column entryKeys = due.columns()[keyColumns];
    SlotTable table = table();
    int[] slots = find(table, due);
    int[] alive = new int[due.count()];
    long[] deadlines = new long[due.count()];
    int count = 0;
    List<Integer> over = new ArrayList<>();
    for (int i = 0; i < due.count(); i++) {
      if (slots[i] < 0) {
        continue;
      }
      long deadline = table.cells()[at(table, slots[i], DEADLINE)];
      if (isOver(deadline)) {
        over.add(i);
      } else {
        alive[count] = i;
        deadlines[count++] = deadline;
      }
    }
    if (count > 0) {
      index.add(due.gather(alive, count), deadlines, count);
    }
    if (over.isEmpty()) {
      return;
    }
    int[] headSlots = heads.find(keys);
    for (int i : over) {
      remove(keys, i, headSlots[i], (K) Objects.requireNonNull(entryKeys.get(i)));
      largest.written(name, keys, i, head(headSlots[i], COUNT), head(headSlots[i], BYTES));
    }
    for (int i : over) {
      if (heads.table().isLive(headSlots[i]) && head(headSlots[i], COUNT) == 0) {
        heads.table().remove(headSlots[i]);
      }
    }
  }

  @Override
  KeyState read(KeyChunk key) {
    return KeyState.of(name, meter.read().kind(), held(key, 0, heads.find(key)[0]));
  }
}
