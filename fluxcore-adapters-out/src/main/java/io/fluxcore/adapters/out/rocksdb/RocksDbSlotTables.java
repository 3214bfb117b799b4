package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.NamespacedTables;
import io.fluxcore.domain.state.SlotMerge;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a layout. */
final class RocksDbSlotTables extends NamespacedTables<RocksDbSlotTable> {
  /** Emptied tables that are kept, for the next namespaces and for walks. */
  private static final int POOLED = 4;

  private final RocksDbStateBackend state;
  private final int stateNumber;
  private final StoredKeys keys;
  private final StoredValues values;
  private final @Nullable Later later;
  private final @Nullable Later added;
  private final Deque<HeapSlotTable> pool = new ArrayDeque<>();
  private final Deque<HeapSlotTable> views = new ArrayDeque<>();

  RocksDbSlotTables(RocksDbStateBackend state, StateLayout layout, int stateNumber) {
    super(layout);
    this.state = state;
    this.stateNumber = stateNumber;
    this.keys = new StoredKeys(layout.keyTypes(), stateNumber, state.maxParallelism());
    this.values = new StoredValues(layout);
    SlotMerge merge = layout.merge();
    this.later = merge == null ? null : new Later(layout, merge);
    this.added = merge == null ? null : new Later(layout, merge);
  }

  /** Whether keys are looked up one by one as a rule: where state is not only added to. */
  static boolean areLookedUp(Collection<RocksDbSlotTables> families) {
    return families.stream().anyMatch(family -> family.layout().merge() == null);
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
    return pooled != null ? pooled : HeapSlotTable.create(layout());
  }

  void giveBack(HeapSlotTable view) {
    if (views.size() < POOLED) {
      views.add(view);
    }
  }

  @Override
  protected RocksDbSlotTable create(long namespace) {
    HeapSlotTable pooled = pool.poll();
    return new RocksDbSlotTable(
        this, namespace, pooled != null ? pooled : HeapSlotTable.create(layout()));
  }

  @Override
  protected void dropped(long namespace, RocksDbSlotTable table) {
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
}
