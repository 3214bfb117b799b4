package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.HeapSlotTable;
import java.util.Arrays;

/**
 * Reads what is stored of the keys of a namespace into tables on the heap, a part at a time. Not
 * thread-safe.
 */
final class PartReader {
  private static final int BLOCK = 1024;

  private final RocksDbSlotTables family;
  private final RocksDbStateBackend state;
  private final StoredKeys keys;
  private final StoredValues values;
  private final long namespace;
  private final StoredCounts stored;

  PartReader(RocksDbSlotTables family, long namespace, StoredCounts stored) {
    this.family = family;
    this.state = family.state();
    this.keys = family.keys();
    this.values = family.values();
    this.namespace = namespace;
    this.stored = stored;
  }

  /** Reads a part of the keys into an empty table. */
  void read(HeapSlotTable into, int part, int parts) {
    if (stored.total() == 0) {
      return;
    }
    int bits = Integer.numberOfTrailingZeros(parts);
    long first = parts == 1 ? 0 : (long) part << (Long.SIZE - bits);
    long last = parts == 1 ? -1L : first | (-1L >>> bits);
    KeyGroupRange owned = state.keyGroups();
    int firstGroup = Math.max(owned.first(), stored.keyGroup(first));
    int lastGroup = Math.min(owned.last(), stored.keyGroup(last));
    if (firstGroup > lastGroup) {
      return;
    }
    Block block = new Block(into);
    byte[] end = keys.end(lastGroup, namespace);
    try (RocksDbStore.Scan scan =
        state.store().scan(keys.from(firstGroup, namespace, first), end, null)) {
      for (int group = firstGroup; group <= lastGroup; group++) {
        if (stored.hasSome(group)) {
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
}
