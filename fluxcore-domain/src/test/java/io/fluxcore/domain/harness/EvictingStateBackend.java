package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.state.FrozenPayloads;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotTablesCodec;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.ValueCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A state backend that holds nothing: at {@link #commit()}, and whenever slots become invalid, each
 * slot is encoded to bytes, its cells are overwritten with rubbish, and it is decoded again when it
 * is asked for, into another slot, in random order. An operator that works on it as on the heap
 * keeps no slot or array longer than it may, and all its state can be written. The table of a
 * dropped namespace throws. Not thread-safe.
 */
public final class EvictingStateBackend implements StateBackend {
  private static final long RUBBISH = 0xDEAD_BEEF_DEAD_BEEFL;

  private final KeyGroupRange keyGroups;
  private final int maxParallelism;
  private final Random random;
  private final Map<String, Family> families = new LinkedHashMap<>();

  /**
   * An empty backend.
   *
   * @param seed of the order in which slots are loaded
   */
  public EvictingStateBackend(KeyGroupRange keyGroups, int maxParallelism, long seed) {
    this.keyGroups = keyGroups;
    this.maxParallelism = maxParallelism;
    this.random = new Random(seed);
  }

  /** A backend that owns every key group. */
  public static EvictingStateBackend whole(int maxParallelism) {
    return new EvictingStateBackend(
        KeyGroups.range(0, maxParallelism, 1), maxParallelism, maxParallelism);
  }

  @Override
  public SlotTables tables(StateLayout layout) {
    return families.computeIfAbsent(layout.name(), name -> new Family(layout));
  }

  @Override
  public KeyGroupRange keyGroups() {
    return keyGroups;
  }

  @Override
  public void commit() {
    families.values().forEach(family -> family.tables.values().forEach(Table::evict));
  }

  @Override
  public FrozenState freeze(SnapshotFormat format) {
    FrozenState frozen = FrozenPayloads.of(families.values(), maxParallelism);
    commit();
    return frozen;
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    snapshot.requireCanonical("evicting");
    families.forEach(
        (name, family) -> {
          SlotTablesCodec codec = new SlotTablesCodec(family.layout());
          for (int group = keyGroups.first(); group <= keyGroups.last(); group++) {
            Payload payload = snapshot.keyed(name, group);
            if (payload != null) {
              codec.read(
                  payload, family, snapshot.operatorId(), group, maxParallelism, this::commit);
            }
          }
        });
    commit();
  }

  /** Bytes of the encoded state. */
  @Override
  public long estimatedBytes() {
    long bytes = 0;
    for (Family family : families.values()) {
      for (Table table : family.tables.values()) {
        bytes +=
            table.evicted.values().stream()
                .flatMap(entry -> entry.parts().stream())
                .mapToLong(part -> part.length)
                .sum();
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    families.clear();
  }

  /** The tables of one layout. */
  private final class Family implements SlotTables {
    private final StateLayout layout;
    private final TreeMap<Long, Table> tables = new TreeMap<>();

    Family(StateLayout layout) {
      this.layout = layout;
    }

    @Override
    public SlotTable table(long namespace) {
      return tables.computeIfAbsent(namespace, n -> new Table(layout));
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
      Table table = tables.remove(namespace);
      if (table != null) {
        table.drop();
      }
    }

    @Override
    public StateLayout layout() {
      return layout;
    }
  }

  /**
   * The state of a key.
   *
   * @param parts what is merged, in this order
   */
  private record Entry(long hash, List<byte[]> parts) {}

  /** A table whose keys are in slots only for as long as they must be. */
  private final class Table implements SlotTable {
    private static final int PARTS = 4;

    private final StateLayout layout;
    private final SlotTablesCodec codec;
    private final Map<List<@Nullable Object>, Entry> evicted = new LinkedHashMap<>();
    private final HeapSlotTable later;

    /** Loaded slots that nobody said to have changed, and what they were loaded from. */
    private final Map<Integer, Entry> unchanged = new LinkedHashMap<>();

    private HeapSlotTable heap;
    private boolean dropped;

    Table(StateLayout layout) {
      this.layout = layout;
      this.codec = new SlotTablesCodec(layout);
      this.heap = HeapSlotTable.create(layout);
      this.later = HeapSlotTable.create(layout);
    }

    private HeapSlotTable heap() {
      if (dropped) {
        throw new IllegalStateException("the table of a dropped namespace was used");
      }
      return heap;
    }

    void drop() {
      dropped = true;
      Arrays.fill(heap.cells(), RUBBISH);
    }

    /** Encodes every slot and spoils what it occupied. */
    void evict() {
      HeapSlotTable old = heap();
      int end = old.end();
      if (end == 0) {
        return;
      }
      long[] hash = new long[1];
      for (int slot = 0; slot < end; slot++) {
        if (old.isLive(slot)) {
          Column[] keys = old.keys(new int[] {slot}, 1);
          Entry loaded = unchanged.get(slot);
          if (loaded != null) {
            evicted.put(key(keys, 0), loaded);
          } else {
            old.hashes(new int[] {slot}, 1, hash);
            evicted
                .computeIfAbsent(key(keys, 0), key -> new Entry(hash[0], new ArrayList<>()))
                .parts()
                .add(encode(old, slot, keys));
          }
        }
      }
      unchanged.clear();
      Arrays.fill(old.cells(), RUBBISH);
      heap = HeapSlotTable.create(layout);
    }

    private byte[] encode(HeapSlotTable table, int slot, Column[] keys) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      try {
        for (Column key : keys) {
          ValueCodec.write(key.type(), key.get(0), out);
        }
        codec.writeState(table, slot, out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    /** Loads a key, whose parts are merged; its slot. */
    private int load(Entry entry) {
      int slot = load(entry.parts().get(0), heap);
      for (byte[] part : entry.parts().subList(1, entry.parts().size())) {
        later.clear();
        int[] laterSlot = {load(part, later)};
        Objects.requireNonNull(layout.merge()).merge(heap, new int[] {slot}, later, laterSlot, 1);
      }
      return slot;
    }

    private int load(byte[] part, HeapSlotTable into) {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(part));
      try {
        Column[] keys = new Column[layout.keyTypes().size()];
        for (int k = 0; k < keys.length; k++) {
          DataType type = layout.keyTypes().get(k);
          ColumnBuilder builder = new ColumnBuilder(type, 1);
          builder.append(ValueCodec.read(type, in));
          keys[k] = builder.build();
        }
        int[] rows = {0};
        long[] hash = new long[1];
        layout.hashes(keys, rows, 1, hash);
        int[] slot = new int[1];
        into.resolve(keys, hash, rows, 1, slot);
        codec.readState(into, slot[0], in);
        return slot[0];
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A key that is equal exactly where the heap's keys are. */
    private List<@Nullable Object> key(Column[] keys, int row) {
      List<@Nullable Object> key = new ArrayList<>();
      for (Column column : keys) {
        Object value = column.get(row);
        if (value instanceof Double number) {
          key.add(number + 0.0);
        } else {
          key.add(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
        }
      }
      return key;
    }

    private void load(Column[] keys, int[] rows, int count) {
      Set<List<@Nullable Object>> wanted = new LinkedHashSet<>();
      for (int i = 0; i < count; i++) {
        wanted.add(key(keys, rows[i]));
      }
      List<List<@Nullable Object>> shuffled = new ArrayList<>(wanted);
      Collections.shuffle(shuffled, random);
      for (List<@Nullable Object> key : shuffled) {
        Entry entry = evicted.remove(key);
        if (entry != null) {
          load(entry);
        }
      }
    }

    @Override
    public int size() {
      return heap().size() + evicted.size();
    }

    @Override
    public void resolve(Column[] keys, long[] hashes, int[] rows, int count, int[] slots) {
      evict();
      load(keys, rows, count);
      heap.resolve(keys, hashes, rows, count, slots);
    }

    /** The slots are new ones. */
    @Override
    public void resolveToAdd(Column[] keys, long[] hashes, int[] rows, int count, int[] slots) {
      if (layout.merge() == null) {
        resolve(keys, hashes, rows, count, slots);
      } else {
        evict();
        heap.resolve(keys, hashes, rows, count, slots);
      }
    }

    @Override
    public void find(Column[] keys, long[] hashes, int[] rows, int count, int[] slots) {
      evict();
      load(keys, rows, count);
      heap.find(keys, hashes, rows, count, slots);
    }

    @Override
    public int parts() {
      return PARTS;
    }

    @Override
    public int load(int part, int parts) {
      evict();
      List<Map.Entry<List<@Nullable Object>, Entry>> found = new ArrayList<>();
      for (Map.Entry<List<@Nullable Object>, Entry> entry : evicted.entrySet()) {
        if (((entry.getValue().hash() >>> 32) * parts) >>> 32 == part) {
          found.add(entry);
        }
      }
      Collections.shuffle(found, random);
      for (Map.Entry<List<@Nullable Object>, Entry> entry : found) {
        unchanged.put(load(entry.getValue()), entry.getValue());
        evicted.remove(entry.getKey());
      }
      return heap.end();
    }

    @Override
    public void changed(int[] slots, int count) {
      for (int i = 0; i < count; i++) {
        unchanged.remove(slots[i]);
      }
    }

    @Override
    public boolean isLive(int slot) {
      return heap().isLive(slot);
    }

    @Override
    public void remove(int slot) {
      unchanged.remove(slot);
      heap().remove(slot);
    }

    @Override
    public long[] cells() {
      return heap().cells();
    }

    @Override
    public int stride() {
      return heap().stride();
    }

    @Override
    public int offset(int cell) {
      return heap().offset(cell);
    }

    @Override
    public @Nullable Object[] objects(int column) {
      return heap().objects(column);
    }

    @Override
    public Column[] keys(int[] slots, int count) {
      return heap().keys(slots, count);
    }

    @Override
    public void hashes(int[] slots, int count, long[] hashes) {
      heap().hashes(slots, count, hashes);
    }
  }
}
