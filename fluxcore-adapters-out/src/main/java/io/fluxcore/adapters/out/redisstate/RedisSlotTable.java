package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a namespace: those worked on lately in a table on the heap, the cache; all others in
 * the store. A slot of the cache knows whether it was touched since it was written, and whether its
 * key is stored. What was touched is written when there is no room for more, or when a checkpoint
 * asks; slots that were touched more than once stay.
 *
 * <p>{@link #load} brings a part of the keys to a table of its own, the view, and slots are then
 * those of the view, until the next use of another kind. Where the cache holds all keys it is the
 * view itself.
 */
final class RedisSlotTable implements SlotTable {
  /** Touched since it was written. */
  private static final int DIRTY = 1;

  /** The key is stored. */
  private static final int STORED = 2;

  /** The key was removed. */
  private static final int REMOVED = 4;

  /** Touched again after it was brought in. */
  private static final int HOT = 8;

  private static final int BLOCK = 1024;

  /** Slots that are written together. */
  private static final int WRITTEN = 1 << 14;

  private static final int PART_KEYS = 1 << 14;
  private static final int PART_BYTES = 32 << 20;
  private static final int MOST_PARTS = 1 << 20;

  /** Hot slots stay where they are no more than this share of the cache. */
  private static final int SHARE_OF_HOT = 4;

  private final RedisSlotTables family;
  private final RedisStateBackend state;
  private final StateLayout layout;
  private final StoredFields fields;
  private final StoredValues values;
  private final StoredTable stored;

  private HeapSlotTable cache;
  private byte[] flags;
  private final ObjectBytes objectBytes;
  private @Nullable HeapSlotTable view;
  private byte[] viewFlags = new byte[0];
  private int removedInCache;
  private long size;
  private long accountedBytes;
  private long lastUse;

  RedisSlotTable(RedisSlotTables family, StoredTable stored) {
    this.family = family;
    this.state = family.state();
    this.layout = family.layout();
    this.fields = family.fields();
    this.values = family.values();
    this.stored = stored;
    this.cache = family.take();
    this.flags = new byte[cache.slotCapacity()];
    this.objectBytes = new ObjectBytes(layout);
    account();
  }

  // What is held where

  StoredTable stored() {
    return stored;
  }

  long lastUse() {
    return lastUse;
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

  private boolean cacheHoldsAll() {
    return view == null && cache.end() - removedInCache == size;
  }

  /** Forgets everything. The table must not be used any more. */
  void drop() {
    HeapSlotTable loaded = view;
    view = null;
    if (loaded != null) {
      family.giveBack(loaded);
    }
    state.cached(-accountedBytes);
    state.stored(-stored.total());
    accountedBytes = 0;
    family.giveBack(cache);
  }

  private int keyGroup(long hash) {
    return KeyGroups.ofHash(hash, state.maxParallelism());
  }

  // Slots of the cache

  @Override
  public void resolve(Column[] columns, long[] hashes, int[] rows, int count, int[] slots) {
    leaveView();
    makeRoom(count);
    boolean mayBeStored = stored.total() > 0 && !cacheHoldsAll() && !state.isRestoring();
    int before = cache.end();
    cache.resolve(columns, hashes, rows, count, slots);
    int after = cache.end();
    if (after > before) {
      begin(before, after);
      if (mayBeStored) {
        read(before, after);
      }
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
    objectBytes.touch(slots, count);
  }

  private void begin(int before, int after) {
    if (flags.length < after) {
      flags = Arrays.copyOf(flags, cache.slotCapacity());
    }
    Arrays.fill(flags, before, after, (byte) 0);
    size += after - before;
    account();
  }

  /** Gives new slots what is stored of their keys. */
  private void read(int before, int after) {
    int[] asked = new int[after - before];
    long[] hashes = new long[after - before];
    int asking = 0;
    for (int slot = before; slot < after; slot++) {
      asked[asking++] = slot;
    }
    cache.hashes(asked, asking, hashes);
    int kept = 0;
    for (int i = 0; i < asking; i++) {
      if (stored.has(keyGroup(hashes[i]))) {
        asked[kept] = asked[i];
        hashes[kept++] = hashes[i];
      }
    }
    if (kept == 0) {
      return;
    }
    byte[][] keys = fields(cache, asked, hashes, kept);
    byte[] @Nullable [] answers = state.store().get(stored, hashes, keys, kept);
    for (int i = 0; i < kept; i++) {
      byte[] value = answers[i];
      if (value != null) {
        values.read(value, cache, asked[i]);
        flags[asked[i]] = STORED;
        size--;
      }
    }
  }

  private byte[][] fields(HeapSlotTable table, int[] slots, long[] hashes, int count) {
    Column[] columns = table.keys(slots, count);
    byte[][] result = new byte[count][];
    for (int i = 0; i < count; i++) {
      result[i] = fields.field(columns, i, hashes[i]);
    }
    return result;
  }

  /** Keys that were removed are like new ones. */
  private void bringBack(int[] slots, int count) {
    for (int i = 0; i < count; i++) {
      if ((flags[slots[i]] & REMOVED) != 0) {
        flags[slots[i]] &= ~REMOVED;
        removedInCache--;
        size++;
      }
    }
  }

  @Override
  public void find(Column[] columns, long[] hashes, int[] rows, int count, int[] slots) {
    leaveView();
    makeRoom(count);
    cache.find(columns, hashes, rows, count, slots);
    int[] absent = new int[count];
    int absents = 0;
    boolean mayBeStored = !cacheHoldsAll();
    for (int i = 0; i < count; i++) {
      if (slots[i] < 0) {
        if (mayBeStored && stored.has(keyGroup(hashes[i]))) {
          absent[absents++] = i;
        }
      } else if ((flags[slots[i]] & REMOVED) != 0) {
        slots[i] = -1;
      } else {
        flags[slots[i]] |= HOT;
      }
    }
    if (absents > 0) {
      bringIn(columns, hashes, rows, Arrays.copyOf(absent, absents), slots);
    }
    for (int i = 0; i < count; i++) {
      if (slots[i] >= 0) {
        flags[slots[i]] |= DIRTY;
      }
    }
    objectBytes.touch(slots, count);
  }

  /** Brings rows of a find into the cache whose keys are stored. */
  private void bringIn(Column[] columns, long[] hashes, int[] rows, int[] positions, int[] slots) {
    byte[][] asked = new byte[positions.length][];
    long[] askedHashes = new long[positions.length];
    for (int i = 0; i < positions.length; i++) {
      askedHashes[i] = hashes[positions[i]];
      asked[i] = fields.field(columns, rows[positions[i]], askedHashes[i]);
    }
    byte[] @Nullable [] answers = state.store().get(stored, askedHashes, asked, positions.length);
    int found = 0;
    int[] foundRows = new int[positions.length];
    long[] foundHashes = new long[positions.length];
    int[] foundAt = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      if (answers[i] != null) {
        foundRows[found] = rows[positions[i]];
        foundHashes[found] = askedHashes[i];
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
      byte[] value = answers[foundAt[i]];
      if (flags[slot] == 0 && value != null) { // the first row of its key
        values.read(value, cache, slot);
        flags[slot] = STORED;
      }
      slots[positions[foundAt[i]]] = slot;
    }
    account();
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
    known[slot] = (byte) (DIRTY | REMOVED | (known[slot] & STORED));
    layout.reset(current(), slot);
    size--;
    if (view == null) {
      removedInCache++;
    }
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
    if (cacheHoldsAll()) {
      return 1;
    }
    // a subtask's keys lie in its share of all hashes only
    double share = (double) state.keyGroups().size() / state.maxParallelism();
    double wanted =
        Math.max(
                (double) size / PART_KEYS,
                (double) size * state.store().bytesOfEntry() / PART_BYTES)
            / share;
    int parts = 1;
    while (parts < wanted && parts < MOST_PARTS) {
      parts *= 2;
    }
    return parts;
  }

  @Override
  public int load(int part, int parts) {
    leaveView();
    lastUse = state.nextUse();
    if (parts == 1 && cacheHoldsAll()) {
      return cache.end();
    }
    if (cache.end() > 0) {
      write(cache, flags);
      empty();
    }
    HeapSlotTable loaded = family.take();
    view = loaded;
    state.viewing(this);
    int bits = Integer.numberOfTrailingZeros(parts);
    long first = parts == 1 ? 0 : (long) part << (Long.SIZE - bits);
    long last = parts == 1 ? -1L : first | (-1L >>> bits);
    if (stored.total() > 0) {
      Block block = new Block(loaded);
      state.store().scan(stored, first, last, block::add);
      block.flush();
    }
    viewFlags = new byte[loaded.slotCapacity()];
    Arrays.fill(viewFlags, 0, loaded.end(), (byte) STORED);
    return loaded.end();
  }

  /** Entries on their way into a table. */
  private final class Block {
    private final HeapSlotTable into;
    private final byte[][] keys = new byte[BLOCK][];
    private final byte[][] contents = new byte[BLOCK][];
    private final long[] hashes = new long[BLOCK];
    private final int[] rows = new int[BLOCK];
    private final int[] slots = new int[BLOCK];
    private int count;

    Block(HeapSlotTable into) {
      this.into = into;
      Arrays.setAll(rows, i -> i);
    }

    void add(byte[] field, byte[] value) {
      keys[count] = field;
      hashes[count] = StoredFields.hashOf(field);
      contents[count++] = value;
      if (count == BLOCK) {
        flush();
      }
    }

    void flush() {
      if (count > 0) {
        into.resolve(fields.columns(keys, count), hashes, rows, count, slots);
        for (int i = 0; i < count; i++) {
          values.read(contents[i], into, slots[i]);
        }
        count = 0;
      }
    }
  }

  /** Slots are those of the cache again; what was changed in the view is written. */
  void leaveView() {
    HeapSlotTable loaded = view;
    if (loaded != null) {
      view = null;
      write(loaded, viewFlags);
      family.giveBack(loaded);
    }
  }

  // Writing

  /** Writes what was touched; the cache stays. */
  void write() {
    leaveView();
    write(cache, flags);
  }

  /** Writes what was touched and empties the cache, but for the slots that are used again. */
  private void spill() {
    write(cache, flags);
    int[] hot = hot();
    if (hot.length == 0 || hot.length > cache.end() / SHARE_OF_HOT) {
      empty();
    } else {
      keep(hot);
    }
  }

  /** Writes what was touched and gives the memory of the cache back. */
  void evict() {
    write();
    cache = HeapSlotTable.create(layout);
    flags = new byte[cache.slotCapacity()];
    removedInCache = 0;
    objectBytes.clear();
    account();
  }

  private void empty() {
    cache.clear();
    Arrays.fill(flags, (byte) 0);
    removedInCache = 0;
    objectBytes.clear();
    account();
  }

  private int[] hot() {
    int[] hot = new int[cache.end()];
    int count = 0;
    for (int slot = 0; slot < cache.end(); slot++) {
      if ((flags[slot] & (HOT | REMOVED)) == HOT) {
        hot[count++] = slot;
      }
    }
    return Arrays.copyOf(hot, count);
  }

  private void keep(int[] hot) {
    HeapSlotTable old = cache;
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
      keptFlags[slots[i]] = (byte) (flags[hot[i]] & STORED);
    }
    cache = kept;
    flags = keptFlags;
    removedInCache = 0;
    objectBytes.clear();
    objectBytes.touch(slots, slots.length);
    account();
  }

  private void write(HeapSlotTable table, byte[] known) {
    int[] dirty = new int[table.end()];
    int count = 0;
    for (int slot = 0; slot < dirty.length; slot++) {
      if ((known[slot] & DIRTY) != 0) {
        if ((known[slot] & (REMOVED | STORED)) != REMOVED) {
          dirty[count++] = slot;
        }
        known[slot] &= ~DIRTY;
      }
    }
    if (count == 0) {
      return;
    }
    long[] hashes = new long[count];
    table.hashes(dirty, count, hashes);
    long before = stored.total();
    count(known, dirty, hashes, count);
    state.stored(stored.total() - before);
    state.store().makeRoom(stored, before);
    // entries of a bucket follow each other, so that they are written by one command
    int[] order = RedisStore.inOrder(hashes, count);
    for (int from = 0; from < count; from += WRITTEN) {
      int[] slots = new int[Math.min(WRITTEN, count - from)];
      long[] ofSlots = new long[slots.length];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = dirty[order[from + i]];
        ofSlots[i] = hashes[order[from + i]];
      }
      write(table, known, slots, ofSlots);
    }
  }

  private void count(byte[] known, int[] slots, long[] hashes, int count) {
    for (int i = 0; i < count; i++) {
      byte flag = known[slots[i]];
      if ((flag & REMOVED) != 0) {
        stored.count(keyGroup(hashes[i]), -1);
        known[slots[i]] = (byte) (flag & ~STORED);
      } else if ((flag & STORED) == 0) {
        stored.count(keyGroup(hashes[i]), 1);
        known[slots[i]] = (byte) (flag | STORED);
      }
    }
  }

  private void write(HeapSlotTable table, byte[] known, int[] slots, long[] hashes) {
    byte[][] keys = fields(table, slots, hashes, slots.length);
    byte[] @Nullable [] contents = new byte[slots.length] @Nullable [];
    for (int i = 0; i < slots.length; i++) {
      if ((known[slots[i]] & REMOVED) == 0) {
        contents[i] = values.write(table, slots[i]);
      }
    }
    state.store().write(stored, hashes, keys, contents, slots.length);
  }
}
