package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.FrozenPayloads;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.NativeSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotTablesCodec;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The state of one subtask of one operator. Its database is made when the heap does not hold its
 * state any more, so small state costs no more than on the heap.
 */
final class RocksDbStateBackend implements StateBackend {
  /** When the caches are too large at the end of a batch, so much of the budget stays. */
  private static final double KEPT = 0.75;

  private final RocksDbStateBackends owner;
  private final String operatorId;
  private final KeyGroupRange keyGroups;
  private final int maxParallelism;
  private final Map<String, RocksDbSlotTables> families = new LinkedHashMap<>();
  private final List<RocksDbSlotTable> views = new ArrayList<>();
  private @Nullable RocksDbStore store;
  private long cacheBytes;
  private long storedEntries;
  private long uses;
  private boolean isAdmitted;

  RocksDbStateBackend(
      RocksDbStateBackends owner, String operatorId, KeyGroupRange keyGroups, int maxParallelism) {
    this.owner = owner;
    this.operatorId = operatorId;
    this.keyGroups = keyGroups;
    this.maxParallelism = maxParallelism;
  }

  @Override
  public SlotTables tables(StateLayout layout) {
    if (!isAdmitted) {
      owner.memory().admit(operatorId);
      isAdmitted = true;
    }
    return families.computeIfAbsent(layout.name(), name -> family(layout));
  }

  private RocksDbSlotTables family(StateLayout layout) {
    int number = numberOf(layout.name());
    for (RocksDbSlotTables other : families.values()) {
      if (other.stateNumber() == number) {
        throw RocksDbErrors.incompatible(
            operatorId,
            "its states '"
                + layout.name()
                + "' and '"
                + other.layout().name()
                + "' cannot be told apart in the store");
      }
    }
    return new RocksDbSlotTables(this, layout, number);
  }

  /** What stands for the name of a state in stored keys. */
  private static int numberOf(String name) {
    CRC32C crc = new CRC32C();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue() & 0x7FFF_FFFF;
  }

  @Override
  public KeyGroupRange keyGroups() {
    return keyGroups;
  }

  int maxParallelism() {
    return maxParallelism;
  }

  // What tables ask for

  /** The database, made on the first call. */
  RocksDbStore store() {
    RocksDbStore open = store;
    if (open == null) {
      boolean isLookedUp = RocksDbSlotTables.areLookedUp(families.values());
      open = owner.open(operatorId, isLookedUp, owner.folder("store"), new FileNames());
      store = open;
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

  /** What an entry of the store takes in its files, about. */
  double storedEntryBytes() {
    return storedEntries == 0 ? 0 : (double) store().bytes() / storedEntries;
  }

  long nextUse() {
    return ++uses;
  }

  void viewing(RocksDbSlotTable table) {
    views.add(table);
  }

  /** Deletes ranges of keys, whole files where nothing else is stored. */
  void forget(List<byte[]> froms, List<byte[]> ends) {
    if (froms.isEmpty()) {
      return;
    }
    byte[] first = StoredKeys.groupStart(keyGroups.first());
    byte[] end = StoredKeys.groupStart(keyGroups.last() + 1);
    if (storedEntries > 0) {
      store().deleteRanges(froms, ends);
      return;
    }
    if (!store().isHeld()) {
      store().deleteFiles(first, end);
    }
    store().deleteRanges(List.of(first), List.of(end));
  }

  // The end of a batch

  @Override
  public void commit() {
    leaveViews();
    long budget = cacheBudget();
    if (cacheBytes > budget) {
      List<RocksDbSlotTable> tables = new ArrayList<>();
      families.values().forEach(family -> tables.addAll(family.all()));
      tables.sort(Comparator.comparingLong(RocksDbSlotTable::lastUse));
      for (RocksDbSlotTable table : tables) {
        if (cacheBytes <= budget * KEPT) {
          break;
        }
        table.evict();
      }
    }
  }

  private void leaveViews() {
    if (!views.isEmpty()) {
      views.forEach(table -> table.leaveView(true));
      views.clear();
    }
  }

  // Snapshots

  @Override
  public FrozenState freeze(SnapshotFormat format) {
    leaveViews();
    RocksDbStore open = store;
    if (open == null) { // all is on the heap, and little
      return FrozenPayloads.of(families.values(), maxParallelism);
    }
    families.values().forEach(family -> family.all().forEach(RocksDbSlotTable::write));
    if (format == SnapshotFormat.CANONICAL) {
      List<FrozenEntries.Frozen> states = new ArrayList<>();
      families
          .values()
          .forEach(
              family ->
                  states.add(new FrozenEntries.Frozen(family.layout(), family.stateNumber())));
      return new FrozenEntries(open, keyGroups, maxParallelism, states);
    }
    Path folder = owner.folder("checkpoint");
    open.checkpoint(folder);
    StoredStates states = StoredStates.of(maxParallelism, keyGroups.first(), families.values());
    return new FrozenFiles(folder, keyGroups, states, open.names());
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    List<NativeSnapshot> natives = new ArrayList<>(snapshot.natives(RocksDbStateBackends.NAME));
    natives.removeIf(part -> !touches(part.keyGroups()));
    if (!natives.isEmpty()) {
      RestoredFiles files = new RestoredFiles(owner, operatorId, keyGroups, families);
      store = files.restore(natives);
    }
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
    commit();
  }

  private boolean touches(KeyGroupRange other) {
    return other.first() <= keyGroups.last() && other.last() >= keyGroups.first();
  }

  /** Bytes of files and write buffers, and of the slots on the heap. */
  @Override
  public long estimatedBytes() {
    RocksDbStore open = store;
    return cacheBytes + (open == null ? 0 : open.bytes());
  }

  @Override
  public void close() {
    families.clear();
    views.clear();
    cacheBytes = 0;
    RocksDbStore open = store;
    store = null;
    if (isAdmitted) {
      isAdmitted = false;
      if (open == null) {
        owner.memory().release();
      } else {
        open.release();
      }
    }
  }
}
