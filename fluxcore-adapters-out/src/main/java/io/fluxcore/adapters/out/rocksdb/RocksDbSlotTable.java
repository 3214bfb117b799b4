package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

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
  /** Touched since it was written. */
  private static final int DIRTY = 1;

  /** Holds what was added only; the rest may be stored. */
  private static final int PARTIAL = 2;

  /** The key is stored. */
  private static final int STORED = 4;

  /** The key was removed. */
  private static final int REMOVED = 8;

  /** Touched again after it was brought in. */
  private static final int HOT = 16;

  private static final int BLOCK = 1024;
  private static final int PART_KEYS = 1 << 14;
  private static final int PART_BYTES = 32 << 20;
  private static final int MOST_PARTS = 1 << 20;

  /** Hot slots stay where they are no more than this share of the cache. */
  private static final int SHARE_OF_HOT = 4;

  private static final int NUMBER_BITS = 24;
  private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;

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

  /** Entries in the store by owned key group; where additions are stored apart, each counts. */
  private final long[] stored;

  private long storedTotal;
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
    this.stored = new long[state.keyGroups().size()];
    account();
  }

  // What is held where

  long[] stored() {
    return stored;
  }

  /** Takes over entries that are in the store. */
  void restored(int keyGroup, long entries) {
    stored[keyGroup - state.keyGroups().first()] += entries;
    storedTotal += entries;
    size += entries;
    state.stored(entries);
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
    state.stored(-storedTotal);
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
    if (storedTotal > 0 && adds) {
      Arrays.fill(flags, before, after, (byte) PARTIAL);
    } else {
      Arrays.fill(flags, before, after, (byte) 0);
      if (storedTotal > 0) {
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
        if (mayBeStored(hashes[i])) {
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

  private boolean mayBeStored(long hash) {
    return stored[keyGroup(hash) - state.keyGroups().first()] > 0;
  }

  private int keyGroup(long hash) {
    return KeyGroups.ofHash(hash, state.maxParallelism());
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
        if (storedTotal > 0 && mayBeStored(hashes[i])) {
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
    if (storedTotal == 0) {
      return 1;
    }
    // a subtask's keys lie in its share of all hashes only
    double share = (double) state.keyGroups().size() / state.maxParallelism();
    double keys = storedTotal + cache.size();
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
    if (storedTotal == 0 && parts == 1) {
      return cache.end();
    }
    if (cache.end() > 0) {
      write(cache, flags);
      empty();
    }
    HeapSlotTable loaded = family.takeView();
    view = loaded;
    state.viewing(this);
    int bits = Integer.numberOfTrailingZeros(parts);
    long first = parts == 1 ? 0 : (long) part << (Long.SIZE - bits);
    long last = parts == 1 ? -1L : first | (-1L >>> bits);
    if (storedTotal > 0) {
      scan(loaded, first, last);
    }
    viewFlags = new byte[loaded.slotCapacity()];
    Arrays.fill(viewFlags, 0, loaded.end(), (byte) STORED);
    return loaded.end();
  }

  private void scan(HeapSlotTable into, long first, long last) {
    KeyGroupRange owned = state.keyGroups();
    int firstGroup = Math.max(owned.first(), keyGroup(first));
    int lastGroup = Math.min(owned.last(), keyGroup(last));
    if (firstGroup > lastGroup) {
      return;
    }
    Block block = new Block(into);
    byte[] end = keys.end(lastGroup, namespace);
    try (RocksDbStore.Scan scan =
        state.store().scan(keys.from(firstGroup, namespace, first), end, null)) {
      for (int group = firstGroup; group <= lastGroup; group++) {
        if (stored[group - owned.first()] > 0) {
          if (group > firstGroup) {
            scan.seek(keys.from(group, namespace, 0));
          }
          scan(scan, group, last, block);
        }
      }
    }
    block.flush();
  }

  private void scan(RocksDbStore.Scan scan, int group, long last, Block block) {
    for (; scan.isValid(); scan.next()) {
      byte[] key = scan.key();
      long hash = StoredKeys.hashOf(key);
      if (StoredKeys.keyGroupOf(key) != group
          || StoredKeys.stateOf(key) != family.stateNumber()
          || StoredKeys.namespaceOf(key) != namespace
          || Long.compareUnsigned(hash, last) > 0) {
        return;
      }
      byte[] value = scan.value();
      block.add(hash, key, scan.keyLength(), value, scan.valueLength());
    }
  }

  /** Entries on their way into a table. */
  private final class Block {
    private final HeapSlotTable into;
    private final StoredKeys.Columns columns = keys.new Columns(BLOCK);
    private final long[] hashes = new long[BLOCK];
    private final int[] rows = new int[BLOCK];
    private final int[] slots = new int[BLOCK];
    private final int[] starts = new int[BLOCK + 1];
    private byte[] bytes = new byte[BLOCK * 32];

    Block(HeapSlotTable into) {
      this.into = into;
      Arrays.setAll(rows, i -> i);
    }

    void add(long hash, byte[] key, int keyLength, byte[] value, int valueLength) {
      int at = columns.count();
      hashes[at] = hash;
      columns.add(key, keyLength);
      int end = starts[at] + valueLength;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
      }
      System.arraycopy(value, 0, bytes, starts[at], valueLength);
      starts[at + 1] = end;
      if (at + 1 == BLOCK) {
        flush();
      }
    }

    void flush() {
      int count = columns.count();
      if (count == 0) {
        return;
      }
      into.resolve(columns.columns(), hashes, rows, count, slots);
      Later later = family.later();
      for (int i = 0; i < count; i++) {
        values.read(bytes, starts[i], starts[i + 1] - starts[i], into, slots[i], later);
      }
      columns.reset();
    }
  }

  /** Slots are those of the cache again; what was changed in the view is written. */
  void leaveView(boolean writes) {
    HeapSlotTable loaded = view;
    if (loaded != null) {
      view = null;
      if (writes) {
        write(loaded, viewFlags);
      }
      loaded.clear();
      family.giveBack(loaded);
    }
  }

  // Writing

  /** Writes what was touched; the cache stays. */
  void write() {
    leaveView(true);
    write(cache, flags);
  }

  /** Writes what was touched and empties the cache, but for the slots that are used again. */
  void spill() {
    write(cache, flags);
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
    write(cache, flags);
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

  private void write(HeapSlotTable table, byte[] known) {
    int[] dirty = new int[table.end()];
    int count = 0;
    for (int slot = 0; slot < dirty.length; slot++) {
      if ((known[slot] & DIRTY) != 0) {
        if ((known[slot] & (REMOVED | STORED | PARTIAL)) != REMOVED) {
          dirty[count++] = slot;
        }
        known[slot] &= ~DIRTY;
      }
    }
    if (count > 0) {
      try (RocksDbStore.Run run = state.store().write(count)) {
        write(table, known, inOrder(table, dirty, count), run);
        run.end();
      } catch (RocksDBException e) {
        throw state.store().failed(e);
      }
    }
  }

  /** Slots in the order of the hashes of their keys. */
  private static int[] inOrder(HeapSlotTable table, int[] slots, int count) {
    if (count > NUMBER_MASK) {
      throw new IllegalStateException(count + " slots are more than a cache may have");
    }
    long[] hashes = new long[count];
    table.hashes(slots, count, hashes);
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = ((hashes[i] & ~NUMBER_MASK) | i) ^ Long.MIN_VALUE;
    }
    Arrays.sort(order);
    int[] sorted = new int[count];
    for (int i = 0; i < count; i++) {
      int number = (int) (order[i] & NUMBER_MASK);
      // the lowest bits of the hashes were not compared
      int at = i;
      while (at > 0 && Long.compareUnsigned(hashes[sorted[at - 1]], hashes[number]) > 0) {
        sorted[at] = sorted[at - 1];
        at--;
      }
      sorted[at] = number;
    }
    for (int i = 0; i < count; i++) {
      sorted[i] = slots[sorted[i]];
    }
    return sorted;
  }

  private void write(HeapSlotTable table, byte[] known, int[] slots, RocksDbStore.Run run)
      throws RocksDBException {
    byte[] prefix = new byte[StoredKeys.PREFIX_BYTES];
    long[] hashes = new long[slots.length];
    table.hashes(slots, slots.length, hashes);
    int end;
    for (int from = 0; from < slots.length; from = end) {
      end = Math.min(slots.length, from + BLOCK);
      // keys of one hash are in the order of their bytes, so they are in one block
      while (end < slots.length && hashes[end] == hashes[end - 1]) {
        end++;
      }
      int[] block = Arrays.copyOfRange(slots, from, end);
      Column[] columns = table.keys(block, block.length);
      int next;
      for (int i = 0; i < block.length; i = next) {
        long hash = hashes[from + i];
        next = i + 1;
        byte[] tail = keys.tail(columns, i);
        if (next == block.length || hashes[from + next] != hash) {
          byte[] key = prefix;
          if (tail.length == 0) {
            keys.prefix(prefix, namespace, hash);
          } else {
            key = keys.key(namespace, hash, tail);
          }
          write(table, known, block[i], hash, key, run);
          continue;
        }
        TreeMap<byte[], Integer> ordered = new TreeMap<>(Arrays::compareUnsigned);
        ordered.put(tail, block[i]);
        for (; next < block.length && hashes[from + next] == hash; next++) {
          ordered.put(keys.tail(columns, next), block[next]);
        }
        for (Map.Entry<byte[], Integer> entry : ordered.entrySet()) {
          byte[] key = keys.key(namespace, hash, entry.getKey());
          write(table, known, entry.getValue(), hash, key, run);
        }
      }
    }
  }

  private void write(
      HeapSlotTable table, byte[] known, int slot, long hash, byte[] key, RocksDbStore.Run run)
      throws RocksDBException {
    int group = keyGroup(hash) - state.keyGroups().first();
    byte flag = known[slot];
    if ((flag & REMOVED) != 0) {
      run.delete(key);
      known[slot] = (byte) (flag & ~(STORED | PARTIAL));
      // where it is not known that the key was stored, a count too many does no harm
      count(group, (flag & STORED) != 0 ? -1 : 0);
    } else if ((flag & PARTIAL) != 0) {
      run.add(key, values.write(table, slot));
      layout.reset(table, slot);
      count(group, 1);
    } else {
      run.put(key, values.write(table, slot));
      count(group, (flag & STORED) != 0 ? 0 : 1);
      known[slot] = (byte) (flag | STORED);
    }
  }

  private void count(int group, int more) {
    stored[group] += more;
    storedTotal += more;
    state.stored(more);
  }
}
