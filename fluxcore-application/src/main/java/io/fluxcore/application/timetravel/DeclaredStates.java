package io.fluxcore.application.timetravel;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** State on the heap that notes which states its operator asks for. Used by one thread. */
public final class DeclaredStates implements StateBackend {
  private final Map<String, SlotTables> families = new LinkedHashMap<>();
  private final HeapStateBackend heap;

  /** Empty state of these key groups. */
  public DeclaredStates(KeyGroupRange keyGroups, int maxParallelism) {
    this.heap = new HeapStateBackend(keyGroups, maxParallelism);
  }

  /** What was asked for under a name, or null. */
  public @Nullable StateLayout layout(String name) {
    SlotTables family = families.get(name);
    return family == null ? null : family.layout();
  }

  /** All that was asked for. */
  Collection<SlotTables> families() {
    return families.values();
  }

  @Override
  public SlotTables tables(StateLayout layout) {
    SlotTables family = heap.tables(layout);
    families.put(layout.name(), family);
    return family;
  }

  @Override
  public KeyGroupRange keyGroups() {
    return heap.keyGroups();
  }

  @Override
  public void commit() {
    heap.commit();
  }

  @Override
  public FrozenState freeze(SnapshotFormat format) {
    return heap.freeze(format);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    heap.restore(snapshot);
  }

  @Override
  public long estimatedBytes() {
    return heap.estimatedBytes();
  }

  @Override
  public void close() {
    heap.close();
  }
}
