package io.fluxcore.domain.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables of a layout on the heap; tables of dropped namespaces are used again. */
final class HeapSlotTables implements SlotTables {
  /** Emptied tables that are kept for the next namespaces. */
  private static final int POOLED = 4;

  private final StateLayout layout;
  private final TreeMap<Long, HeapSlotTable> tables = new TreeMap<>();
  private final Deque<HeapSlotTable> pool = new ArrayDeque<>();
  private long lastNamespace;
  private @Nullable HeapSlotTable last;

  HeapSlotTables(StateLayout layout) {
    this.layout = layout;
  }

  @Override
  public HeapSlotTable table(long namespace) {
    HeapSlotTable recent = last;
    if (recent != null && namespace == lastNamespace) {
      return recent;
    }
    HeapSlotTable table = tables.get(namespace);
    if (table == null) {
      HeapSlotTable pooled = pool.poll();
      table = pooled != null ? pooled : HeapSlotTable.create(layout);
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
    HeapSlotTable table = tables.remove(namespace);
    if (namespace == lastNamespace) {
      last = null;
    }
    if (table != null && pool.size() < POOLED) {
      table.clear();
      pool.add(table);
    }
  }

  @Override
  public StateLayout layout() {
    return layout;
  }

  long estimatedBytes() {
    long bytes = 0;
    for (HeapSlotTable table : tables.values()) {
      bytes += table.estimatedBytes();
    }
    for (HeapSlotTable table : pool) {
      bytes += table.estimatedBytes();
    }
    return bytes;
  }
}
