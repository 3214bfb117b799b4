package io.fluxcore.domain.state;

import java.util.ArrayDeque;
import java.util.Deque;

/** The tables of a layout on the heap; tables of dropped namespaces are used again. */
final class HeapSlotTables extends NamespacedTables<HeapSlotTable> {
  /** Emptied tables that are kept for the next namespaces. */
  private static final int POOLED = 4;

  private final Deque<HeapSlotTable> pool = new ArrayDeque<>();

  HeapSlotTables(StateLayout layout) {
    super(layout);
  }

  @Override
  protected HeapSlotTable create(long namespace) {
    HeapSlotTable pooled = pool.poll();
    return pooled != null ? pooled : HeapSlotTable.create(layout());
  }

  @Override
  protected void dropped(long namespace, HeapSlotTable table) {
    if (pool.size() < POOLED) {
      table.clear();
      pool.add(table);
    }
  }

  long estimatedBytes() {
    long bytes = 0;
    for (HeapSlotTable table : all()) {
      bytes += table.estimatedBytes();
    }
    for (HeapSlotTable table : pool) {
      bytes += table.estimatedBytes();
    }
    return bytes;
  }
}
