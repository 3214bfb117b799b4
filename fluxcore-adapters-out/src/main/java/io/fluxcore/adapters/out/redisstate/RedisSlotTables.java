package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.NamespacedTables;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The tables of a layout. */
final class RedisSlotTables extends NamespacedTables<RedisSlotTable> {
  /** Emptied tables that are kept, for the next namespaces and for walks. */
  private static final int POOLED = 4;

  private final RedisStateBackend state;
  private final StoredFields fields;
  private final StoredValues values;
  private final Deque<HeapSlotTable> pool = new ArrayDeque<>();

  RedisSlotTables(RedisStateBackend state, StateLayout layout) {
    super(layout);
    this.state = state;
    this.fields = new StoredFields(layout.keyTypes());
    this.values = new StoredValues(layout);
  }

  RedisStateBackend state() {
    return state;
  }

  StoredFields fields() {
    return fields;
  }

  StoredValues values() {
    return values;
  }

  /** An empty table on the heap. */
  HeapSlotTable take() {
    HeapSlotTable pooled = pool.poll();
    return pooled != null ? pooled : HeapSlotTable.create(layout());
  }

  /** Gives a table back that is not needed any more. */
  void giveBack(HeapSlotTable table) {
    if (pool.size() < POOLED) {
      table.clear();
      pool.add(table);
    }
  }

  @Override
  protected RedisSlotTable create(long namespace) {
    return new RedisSlotTable(this, state.store().newTable());
  }

  @Override
  protected void dropped(long namespace, RedisSlotTable table) {
    table.drop();
    state.store().drop(table.stored());
  }

  /** The tables as they are stored now. */
  FrozenBuckets.State frozen() {
    List<FrozenBuckets.Table> frozen = new ArrayList<>();
    byNamespace()
        .forEach(
            (namespace, table) -> {
              if (table.stored().total() > 0) {
                frozen.add(new FrozenBuckets.Table(namespace, table.stored()));
              }
            });
    return new FrozenBuckets.State(layout(), frozen);
  }
}
