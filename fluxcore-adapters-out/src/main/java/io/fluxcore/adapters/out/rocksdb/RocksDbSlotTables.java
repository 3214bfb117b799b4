package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.SlotMerge;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables of a layout. Which namespaces there are is known on the heap. */
final class RocksDbSlotTables implements SlotTables {
  /** Emptied tables that are kept, for the next namespaces and for walks. */
  private static final int POOLED = 4;

  private final RocksDbStateBackend state;
  private final StateLayout layout;
  private final int stateNumber;
  private final StoredKeys keys;
  private final StoredValues values;
  private final @Nullable Later later;
  private final @Nullable Later added;
  private final TreeMap<Long, RocksDbSlotTable> tables = new TreeMap<>();
  private final Deque<HeapSlotTable> pool = new ArrayDeque<>();
  private final Deque<HeapSlotTable> views = new ArrayDeque<>();
  private long lastNamespace;
  private @Nullable RocksDbSlotTable last;

  RocksDbSlotTables(RocksDbStateBackend state, StateLayout layout, int stateNumber) {
    this.state = state;
    this.layout = layout;
    this.stateNumber = stateNumber;
    this.keys = new StoredKeys(layout.keyTypes(), stateNumber, state.maxParallelism());
    this.values = new StoredValues(layout);
    SlotMerge merge = layout.merge();
    this.later = merge == null ? null : new Later(layout, merge);
    this.added = merge == null ? null : new Later(layout, merge);
  }

  /** Whether keys are looked up one by one as a rule: where state is not only added to. */
  static boolean areLookedUp(Collection<RocksDbSlotTables> families) {
    return families.stream().anyMatch(family -> family.layout.merge() == null);
  }

  RocksDbStateBackend state() {
    return state;
  }

  StoredKeys keys() {
    return keys;
  }

  StoredValues values() {
    return values;
  }

  int stateNumber() {
    return stateNumber;
  }

  /** Where parts of a stored value are read into, if the layout merges. */
  @Nullable Later later() {
    return later;
  }

  /** Where what was added is set aside while the rest is read, if the layout merges. */
  @Nullable Later added() {
    return added;
  }

  HeapSlotTable takeView() {
    HeapSlotTable pooled = views.poll();
    return pooled != null ? pooled : HeapSlotTable.create(layout);
  }

  void giveBack(HeapSlotTable view) {
    if (views.size() < POOLED) {
      views.add(view);
    }
  }

  @Override
  public SlotTable table(long namespace) {
    return own(namespace);
  }

  RocksDbSlotTable own(long namespace) {
    RocksDbSlotTable recent = last;
    if (recent != null && namespace == lastNamespace) {
      return recent;
    }
    RocksDbSlotTable table = tables.get(namespace);
    if (table == null) {
      HeapSlotTable pooled = pool.poll();
      table =
          new RocksDbSlotTable(
              this, namespace, pooled != null ? pooled : HeapSlotTable.create(layout));
      tables.put(namespace, table);
    }
    lastNamespace = namespace;
    last = table;
    return table;
  }

  @Override
  public boolean has(long namespace) {
    return tables.containsKey(namespace);
  }

  @Override
  public long[] namespaces() {
    return tables.keySet().stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public long firstNamespace() {
    return tables.isEmpty() ? Long.MAX_VALUE : tables.firstKey();
  }

  @Override
  public void drop(long namespace) {
    RocksDbSlotTable table = tables.remove(namespace);
    if (namespace == lastNamespace) {
      last = null;
    }
    if (table == null) {
      return;
    }
    HeapSlotTable cache = table.drop();
    if (pool.size() < POOLED) {
      pool.add(cache);
    }
    KeyGroupRange owned = state.keyGroups();
    List<byte[]> froms = new ArrayList<>();
    List<byte[]> ends = new ArrayList<>();
    for (int group = owned.first(); group <= owned.last(); group++) {
      if (table.stored()[group - owned.first()] > 0) {
        froms.add(keys.from(group, namespace, 0));
        ends.add(keys.end(group, namespace));
      }
    }
    state.forget(froms, ends);
  }

  Collection<RocksDbSlotTable> tables() {
    return tables.values();
  }

  @Override
  public StateLayout layout() {
    return layout;
  }
}
