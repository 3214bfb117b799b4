package io.fluxcore.adapters.out.rocksdb;

import static io.fluxcore.adapters.out.rocksdb.SlotFlags.DIRTY;
import static io.fluxcore.adapters.out.rocksdb.SlotFlags.HOT;
import static io.fluxcore.adapters.out.rocksdb.SlotFlags.PARTIAL;
import static io.fluxcore.adapters.out.rocksdb.SlotFlags.REMOVED;
import static io.fluxcore.adapters.out.rocksdb.SlotFlags.STORED;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a namespace: those worked on lately in a table on the heap, the cache; all others in
 * the store. A slot of the cache knows whether it was touched since it was written, whether its key
 * is stored, and whether it holds all of the key's state or only what was added. What was touched
 * is written when there is no room for more, or when a checkpoint asks; slots that were touched
 * more than once stay.
 *
 * <p>{@link #load} brings a part of the keys to a table of its own, the view, and slots are then
 * those of the view, until the next use of another kind.
 */
final class RocksDbSlotTable implements SlotTable {
  private static final int BLOCK = 1024;
  private static final int PART_KEYS = 1 << 14;
  private static final int PART_BYTES = 32 << 20;
  private static final int MOST_PARTS = 1 << 20;

  /** Hot slots stay where they are no more than this share of the cache. */
  private static final int SHARE_OF_HOT = 4;

  private final RocksDbSlotTables family;
  private final RocksDbStateBackend state;
  private final StateLayout layout;
  private final StoredKeys keys;
  private final StoredValues values;
  private final long namespace;

  private HeapSlotTable cache;
  private byte[] flags;
  private final ObjectBytes objectBytes;
  private @Nullable HeapSlotTable view;
  private byte[] viewFlags = new byte[0];

  private final StoredCounts stored;
  private final PartReader reader;
  private final SlotWriter writer;
  private long size;
  private long accountedBytes;
  private boolean addsOnly;
  private long lastUse;

  RocksDbSlotTable(RocksDbSlotTables family, long namespace, HeapSlotTable cache) {
    this.family = family;
    this.state = family.state();
    this.layout = family.layout();
    this.keys = family.keys();
    this.values = family.values();
    this.namespace = namespace;
    this.cache = cache;
    this.flags = new byte[cache.slotCapacity()];
    this.objectBytes = new ObjectBytes(layout);
    this.stored = new StoredCounts(state);
    this.reader = new PartReader(family, namespace, stored);
    this.writer = new SlotWriter(family, namespace, stored);
    account();
  }

  // What is held where

  long[] stored() {
    return stored.byGroup();
  }

  /** Takes over entries that are in the store. */
  void restored(int keyGroup, long entries) {
    stored.restored(keyGroup, entries);
    size += entries;
  }

  long lastUse() {
    return lastUse;
  }

  long cacheBytes() {
    return accountedBytes;
  }

  /** Tells the size of the cache, with what became of the objects since it was told last. */
  private void account() {
    long bytes = cache.estimatedBytes() + flags.length + objectBytes.measure(cache);
    state.cached(bytes - accountedBytes);
    accountedBytes = bytes;
  }

  @Override
  public int size() {
    return (int) Math.min(Integer.MAX_VALUE, size);
  }

  /** Forgets everything; the cache may be used again. */
  HeapSlotTable drop() {
    leaveView(false);
    state.cached(-accountedBytes);
    stored.drop();
    cache.clear();
    return cache;
  }

  // Slots of the cache

  @Override
  public void resolve(Column[] columns, long[] hashes, int[] rows, int count, int[] slots) {
    resolve(columns, hashes, rows, count, slots, false);
  }

  @Override
  public void resolveToAdd(Column[] columns, long[] hashes, int[] rows, int count, int[] slots) {
    resolve(columns, hashes, rows, count, slots, layout.merge() != null);
  }

  private void resolve(
      Column[] columns, long[] hashes, int[] rows, int count, int[] slots, boolean adds) {
    leaveView(true);
    makeRoom(count);
    addsOnly = adds;
    int before = cache.end();
    cache.resolve(columns, hashes, rows, count, slots);
    int after = cache.end();
    if (after > before) {
      begin(before, after, adds);
    }
    byte[] known = flags;
    int seen = 0;
    for (int i = 0; i < count; i++) {
      int slot = slots[i];
      byte flag = known[slot];
      seen |= flag;
      known[slot] = (byte) (flag | DIRTY | (slot < before ? HOT : 0));
    }
    if ((seen & REMOVED) != 0) {
      bringBack(slots, count);
    }
    if ((seen & PARTIAL) != 0 && !adds) {
      complete(slots, count);
    }
    objectBytes.touch(slots, count);
  }

  /** Gives new slots what is stored of their keys, unless they are only added to. */
  private void begin(int before, int after, boolean adds) {
    if (flags.length < after) {
      flags = Arrays.copyOf(flags, cache.slotCapacity());
    }
    size += after - before;
    if (stored.total() > 0 && adds) {
      Arrays.fill(flags, before, after, (byte) PARTIAL);
    } else {
      Arrays.fill(flags, before, after, (byte) 0);
      if (stored.total() > 0) {
        int[] slots = new int[after - before];
        Arrays.setAll(slots, i -> before + i);
        size -= read(slots, slots.length);
      }
    }
    account();
  }

  /** Keys that were removed are like new ones. */
  private void bringBack(int[] slots, int count) {
    for (int i = 0; i < count; i++) {
      if ((flags[slots[i]] & REMOVED) != 0) {
        flags[slots[i]] &= ~(REMOVED | PARTIAL);
        size++;
      }
    }
  }

  /** Adds what is stored to slots that hold only what was added. */
  private void complete(int[] slots, int count) {
    int[] partial = new int[count];
    int partials = 0;
    for (int i = 0; i < count; i++) {
      if ((flags[slots[i]] & PARTIAL) != 0) {
        flags[slots[i]] &= ~PARTIAL;
        partial[partials++] = slots[i];
      }
    }
    size -= read(partial, partials);
  }

  /**
   * Reads stored state into slots. What they hold already was added later, and is merged; new slots
   * hold nothing.
   *
   * @return how many keys are stored
   */
  private int read(int[] slots, int count) {
    int found = 0;
    for (int from = 0; from < count; from += BLOCK) {
      int[] block = Arrays.copyOfRange(slots, from, Math.min(count, from + BLOCK));
      long[] hashes = new long[block.length];
      cache.hashes(block, block.length, hashes);
      Column[] columns = cache.keys(block, block.length);
      List<byte[]> asked = new ArrayList<>(block.length);
      int asking = 0;
      for (int i = 0; i < block.length; i++) {
        if (stored.mayHave(hashes[i])) {
          block[asking++] = block[i];
          asked.add(keys.key(namespace, hashes[i], keys.tail(columns, i)));
        }
      }
      List<byte[]> answers = asked.isEmpty() ? List.of() : state.store().get(asked);
      for (int i = 0; i < asking; i++) {
        byte[] value = answers.get(i);
        if (value != null) {
          read(value, block[i]);
          found++;
        }
      }
    }
    return found;
  }

  private void read(byte[] value, int slot) {
    Later added = family.added();
    boolean isTouched = (flags[slot] & DIRTY) != 0;
    if (added != null && isTouched) {
      layout.copy(cache, slot, added.table(), added.slot());
    }
    values.read(value, 0, value.length, cache, slot, family.later());
    if (added != null && isTouched) {
      added.mergeInto(cache, slot);
    }
    flags[slot] |= STORED;
  }

  @Override
  public void find(Column[] columns, long[] hashes, int[] rows, int count, int[] slots) {
    leaveView(true);
    makeRoom(count);
    addsOnly = false;
    cache.find(columns, hashes, rows, count, slots);
    int[] present = new int[count];
    int[] absent = new int[count];
    int presents = 0;
    int absents = 0;
    for (int i = 0; i < count; i++) {
      if (slots[i] < 0) {
        if (stored.total() > 0 && stored.mayHave(hashes[i])) {
          absent[absents++] = i;
        }
      } else if ((flags[slots[i]] & REMOVED) != 0) {
        slots[i] = -1;
      } else {
        present[presents++] = slots[i];
        flags[slots[i]] |= HOT;
      }
    }
    complete(present, presents);
    for (int from = 0; from < absents; from += BLOCK) {
      bringIn(
          columns,
          hashes,
          rows,
          Arrays.copyOfRange(absent, from, Math.min(absents, from + BLOCK)),
          slots);
    }
    for (int i = 0; i < count; i++) {
      if (slots[i] >= 0) {
        flags[slots[i]] |= DIRTY;
      }
    }
    objectBytes.touch(slots, count);
    account();
  }

  /** Brings rows of a find into the cache whose keys are stored. */
  private void bringIn(Column[] columns, long[] hashes, int[] rows, int[] positions, int[] slots) {
    List<byte[]> asked = new ArrayList<>(positions.length);
    for (int position : positions) {
      byte[] tail = keys.tail(columns, rows[position]);
      asked.add(keys.key(namespace, hashes[position], tail));
    }
    List<byte[]> answers = state.store().get(asked);
    int found = 0;
    int[] foundRows = new int[positions.length];
    long[] foundHashes = new long[positions.length];
    int[] foundAt = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      if (answers.get(i) != null) {
        foundRows[found] = rows[positions[i]];
        foundHashes[found] = hashes[positions[i]];
        foundAt[found++] = i;
      }
    }
    int before = cache.end();
    int[] foundSlots = new int[found];
    cache.resolve(columns, foundHashes, foundRows, found, foundSlots);
    if (flags.length < cache.end()) {
      flags = Arrays.copyOf(flags, cache.slotCapacity());
    }
    Arrays.fill(flags, before, cache.end(), (byte) 0);
    for (int i = 0; i < found; i++) {
      int slot = foundSlots[i];
      if (flags[slot] == 0) { // the first row of its key
        byte[] value = answers.get(foundAt[i]);
        values.read(value, 0, value.length, cache, slot, family.later());
        flags[slot] = STORED;
      }
      slots[positions[foundAt[i]]] = slot;
    }
  }

  /** Writes and empties the cache where it would become too large. */
  private void makeRoom(int count) {
    lastUse = state.nextUse();
    boolean grows = cache.end() + count > cache.slotCapacity();
    if (cache.end() == 0 || (!grows && !objectBytes.areKept())) {
      return;
    }
    account();
    if (state.cacheBytes() + (grows ? cache.estimatedBytes() : 0) > state.cacheBudget()) {
      spill();
    }
  }

  // Slots of the cache or of the view

  private HeapSlotTable current() {
    HeapSlotTable loaded = view;
    return loaded == null ? cache : loaded;
  }

  private byte[] currentFlags() {
    return view == null ? flags : viewFlags;
  }

  @Override
  public boolean isLive(int slot) {
    return (currentFlags()[slot] & REMOVED) == 0;
  }

  @Override
  public void remove(int slot) {
    byte[] known = currentFlags();
    known[slot] = (byte) (DIRTY | REMOVED | (known[slot] & (STORED | PARTIAL)));
    layout.reset(current(), slot);
    size--;
  }

  @Override
  public void changed(int[] slots, int count) {
    byte[] known = currentFlags();
    for (int i = 0; i < count; i++) {
      known[slots[i]] |= DIRTY;
    }
  }

  @Override
  public long[] cells() {
    return current().cells();
  }

  @Override
  public int stride() {
    return cache.stride();
  }

  @Override
  public int offset(int cell) {
    return cache.offset(cell);
  }

  @Override
  public @Nullable Object[] objects(int column) {
    return current().objects(column);
  }

  @Override
  public Column[] keys(int[] slots, int count) {
    return current().keys(slots, count);
  }

  @Override
  public void hashes(int[] slots, int count, long[] hashes) {
    current().hashes(slots, count, hashes);
  }

  // Parts

  @Override
  public int parts() {
    if (stored.total() == 0) {
      return 1;
    }
    // a subtask's keys lie in its share of all hashes only
    double share = (double) state.keyGroups().size() / state.maxParallelism();
    double keys = stored.total() + cache.size();
    double wanted =
        Math.max(keys / PART_KEYS, keys * state.storedEntryBytes() / PART_BYTES) / share;
    int parts = 1;
    while (parts < wanted && parts < MOST_PARTS) {
      parts *= 2;
    }
    return parts;
  }

  @Override
  public int load(int part, int parts) {
    leaveView(true);
    lastUse = state.nextUse();
    if (stored.total() == 0 && parts == 1) {
      return cache.end();
    }
    if (cache.end() > 0) {
      writer.write(cache, flags);
      empty();
    }
    HeapSlotTable loaded = family.takeView();
    view = loaded;
    state.viewing(this);
    reader.read(loaded, part, parts);
    viewFlags = new byte[loaded.slotCapacity()];
    Arrays.fill(viewFlags, 0, loaded.end(), (byte) STORED);
    return loaded.end();
  }

  /** Slots are those of the cache again; what was changed in the view is written. */
  void leaveView(boolean writes) {
    HeapSlotTable loaded = view;
    if (loaded != null) {
      view = null;
      if (writes) {
        writer.write(loaded, viewFlags);
      }
      loaded.clear();
      family.giveBack(loaded);
    }
  }

  // Writing

  /** Writes what was touched; the cache stays. */
  void write() {
    leaveView(true);
    writer.write(cache, flags);
  }

  /** Writes what was touched and empties the cache, but for the slots that are used again. */
  void spill() {
    writer.write(cache, flags);
    int[] hot = addsOnly ? new int[0] : hot();
    if (hot.length == 0 || hot.length > cache.end() / SHARE_OF_HOT) {
      empty();
    } else {
      keep(hot);
    }
  }

  /** As {@link #spill}, and gives the memory back. */
  void evict() {
    leaveView(true);
    writer.write(cache, flags);
    cache = HeapSlotTable.create(layout);
    flags = new byte[cache.slotCapacity()];
    objectBytes.clear();
    account();
  }

  private void empty() {
    cache.clear();
    Arrays.fill(flags, (byte) 0);
    objectBytes.clear();
    account();
  }

  private int[] hot() {
    int[] hot = new int[cache.end()];
    int count = 0;
    for (int slot = 0; slot < cache.end(); slot++) {
      if ((flags[slot] & (HOT | REMOVED | PARTIAL)) == HOT) {
        hot[count++] = slot;
      }
    }
    return Arrays.copyOf(hot, count);
  }

  private void keep(int[] hot) {
    HeapSlotTable old = cache;
    byte[] oldFlags = flags;
    HeapSlotTable kept = HeapSlotTable.create(layout);
    int[] slots = new int[hot.length];
    int[] rows = new int[hot.length];
    Arrays.setAll(rows, i -> i);
    long[] hashes = new long[hot.length];
    old.hashes(hot, hot.length, hashes);
    kept.resolve(old.keys(hot, hot.length), hashes, rows, hot.length, slots);
    byte[] keptFlags = new byte[kept.slotCapacity()];
    for (int i = 0; i < hot.length; i++) {
      layout.copy(old, hot[i], kept, slots[i]);
      keptFlags[slots[i]] = (byte) (oldFlags[hot[i]] & STORED);
    }
    cache = kept;
    flags = keptFlags;
    objectBytes.clear();
    objectBytes.touch(slots, slots.length);
    account();
  }
}
