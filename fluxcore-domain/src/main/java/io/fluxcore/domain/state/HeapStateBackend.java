package io.fluxcore.domain.state;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keyed state in Java objects and arrays: the reference semantics and the default. */
public final class HeapStateBackend implements StateBackend {
  /** As configuration writes it. */
  public static final String NAME = "heap";

  private final KeyGroupRange keyGroups;
  private final int maxParallelism;
  private final Map<String, HeapSlotTables> families = new LinkedHashMap<>();

  public HeapStateBackend(KeyGroupRange keyGroups, int maxParallelism) {
    this.keyGroups = keyGroups;
    this.maxParallelism = maxParallelism;
  }

  /** A backend that owns every key group. */
  public static HeapStateBackend whole(int maxParallelism) {
    return new HeapStateBackend(KeyGroups.range(0, maxParallelism, 1), maxParallelism);
  }

  @Override
  public SlotTables tables(StateLayout layout) {
    return families.computeIfAbsent(layout.name(), name -> new HeapSlotTables(layout));
  }

  @Override
  public KeyGroupRange keyGroups() {
    return keyGroups;
  }

  @Override
  public void commit() {}

  /** Encodes at once, whatever the format: objects cannot be held still in another way. */
  @Override
  public FrozenState freeze(SnapshotFormat format) {
    return FrozenPayloads.of(families.values(), maxParallelism);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    snapshot.requireCanonical(NAME);
    families.forEach(
        (name, tables) -> {
          SlotTablesCodec codec = new SlotTablesCodec(tables.layout());
          for (int group = keyGroups.first(); group <= keyGroups.last(); group++) {
            Payload payload = snapshot.keyed(name, group);
            if (payload != null) {
              codec.read(payload, tables, snapshot.operatorId(), group, maxParallelism, () -> {});
            }
          }
        });
  }

  @Override
  public long estimatedBytes() {
    return families.values().stream().mapToLong(HeapSlotTables::estimatedBytes).sum();
  }

  @Override
  public void close() {
    families.clear();
  }
}
