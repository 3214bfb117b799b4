package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotTablesCodec;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of one subtask of one operator. Connects when its first table is declared, so that a
 * job whose Redis is not there fails when it starts.
 */
final class RedisStateBackend implements StateBackend {
  /** When the caches are too large at the end of a batch, so much of the budget stays. */
  private static final double KEPT = 0.75;

  private final RedisStateBackends owner;
  private final String operatorId;
  private final KeyGroupRange keyGroups;
  private final int maxParallelism;
  private final Map<String, RedisSlotTables> families = new LinkedHashMap<>();
  private final List<RedisSlotTable> views = new ArrayList<>();
  private @Nullable RedisStore store;
  private long cacheBytes;
  private long storedEntries;
  private long uses;
  private boolean isRestoring;

  RedisStateBackend(
      RedisStateBackends owner, String operatorId, KeyGroupRange keyGroups, int maxParallelism) {
    this.owner = owner;
    this.operatorId = operatorId;
    this.keyGroups = keyGroups;
    this.maxParallelism = maxParallelism;
  }

  @Override
  public SlotTables tables(StateLayout layout) {
    if (store == null) {
      store = owner.open(operatorId, keyGroups, maxParallelism);
      owner.opened();
    }
    return families.computeIfAbsent(layout.name(), name -> new RedisSlotTables(this, layout));
  }

  @Override
  public KeyGroupRange keyGroups() {
    return keyGroups;
  }

  int maxParallelism() {
    return maxParallelism;
  }

  // What tables ask for

  RedisStore store() {
    RedisStore open = store;
    if (open == null) {
      throw new IllegalStateException("the state of operator '" + operatorId + "' is closed");
    }
    return open;
  }

  long cacheBudget() {
    return owner.cacheBudget();
  }

  long cacheBytes() {
    return cacheBytes;
  }

  void cached(long more) {
    cacheBytes += more;
  }

  void stored(long more) {
    storedEntries += more;
  }

  long nextUse() {
    return ++uses;
  }

  /** Whether every key that is resolved is a new one. */
  boolean isRestoring() {
    return isRestoring;
  }

  void viewing(RedisSlotTable table) {
    views.add(table);
  }

  // The end of a batch

  @Override
  public void commit() {
    leaveViews();
    RedisStore open = store;
    if (open != null) {
      open.tidy();
    }
    long budget = cacheBudget();
    if (cacheBytes > budget) {
      List<RedisSlotTable> tables = new ArrayList<>();
      families.values().forEach(family -> tables.addAll(family.all()));
      tables.sort(Comparator.comparingLong(RedisSlotTable::lastUse));
      for (RedisSlotTable table : tables) {
        if (cacheBytes <= budget * KEPT) {
          break;
        }
        table.evict();
      }
    }
  }

  private void leaveViews() {
    if (!views.isEmpty()) {
      views.forEach(RedisSlotTable::leaveView);
      views.clear();
    }
  }

  // Snapshots

  /**
   * Writes what was touched to Redis, from where the rest is done; in the canonical format, since
   * Redis has none that would be quicker.
   */
  @Override
  public FrozenState freeze(SnapshotFormat format) {
    leaveViews();
    RedisStore open = store;
    if (open == null) {
      return FrozenState.EMPTY;
    }
    open.tidy();
    families.values().forEach(family -> family.all().forEach(RedisSlotTable::write));
    if (storedEntries == 0) {
      return FrozenState.EMPTY;
    }
    return open.freeze(families.values().stream().map(RedisSlotTables::frozen).toList());
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    snapshot.requireCanonical(RedisStateBackends.NAME);
    isRestoring = true;
    families.forEach(
        (name, tables) -> {
          SlotTablesCodec codec = new SlotTablesCodec(tables.layout());
          for (int group = keyGroups.first(); group <= keyGroups.last(); group++) {
            Payload payload = snapshot.keyed(name, group);
            if (payload != null) {
              codec.read(
                  payload, tables, snapshot.operatorId(), group, maxParallelism, this::commit);
            }
          }
        });
    isRestoring = false;
    commit();
  }

  /** Bytes of the stored fields and values, about, and of the slots on the heap. */
  @Override
  public long estimatedBytes() {
    RedisStore open = store;
    return cacheBytes + (open == null ? 0 : storedEntries * open.bytesOfEntry());
  }

  @Override
  public void close() {
    families.clear();
    views.clear();
    cacheBytes = 0;
    storedEntries = 0;
    RedisStore open = store;
    store = null;
    if (open != null) {
      owner.closed();
      open.close();
    }
  }
}
