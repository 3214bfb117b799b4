package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.state.HeapSlotTable;
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
final class RedisSlotTables implements SlotTables {
  /** Emptied tables that are kept, for the next namespaces and for walks. */
  private static final int POOLED = 4;

  private final RedisStateBackend state;
  private final StateLayout layout;
  private final StoredFields fields;
  private final StoredValues values;
  private final TreeMap<Long, RedisSlotTable> tables = new TreeMap<>();
  private final Deque<HeapSlotTable> pool = new ArrayDeque<>();
  private long lastNamespace;
  private @Nullable RedisSlotTable last;

  RedisSlotTables(RedisStateBackend state, StateLayout layout) {
    this.state = state;
    this.layout = layout;
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
    return pooled != null ? pooled : HeapSlotTable.create(layout);
  }

  /** Gives a table back that is not needed any more. */
  void giveBack(HeapSlotTable table) {
    if (pool.size() < POOLED) {
      table.clear();
      pool.add(table);
    }
  }

  @Override
  public SlotTable table(long namespace) {
    RedisSlotTable recent = last;
    if (recent != null && namespace == lastNamespace) {
      return recent;
    }
    RedisSlotTable table =
        tables.computeIfAbsent(namespace, n -> new RedisSlotTable(this, state.store().newTable()));
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
    RedisSlotTable table = tables.remove(namespace);
    if (namespace == lastNamespace) {
      last = null;
    }
    if (table != null) {
      table.drop();
      state.store().drop(table.stored());
    }
  }

  Collection<RedisSlotTable> tables() {
    return tables.values();
  }

  /** The tables as they are stored now. */
  FrozenBuckets.State frozen() {
    List<FrozenBuckets.Table> frozen = new ArrayList<>();
    tables.forEach(
        (namespace, table) -> {
          if (table.stored().total() > 0) {
            frozen.add(new FrozenBuckets.Table(namespace, table.stored()));
          }
        });
    return new FrozenBuckets.State(layout, frozen);
  }

  @Override
  public StateLayout layout() {
    return layout;
  }
}
