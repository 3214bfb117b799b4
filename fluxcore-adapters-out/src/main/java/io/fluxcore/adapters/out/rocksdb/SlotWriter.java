package io.fluxcore.adapters.out.rocksdb;

import static io.fluxcore.adapters.out.rocksdb.SlotFlags.DIRTY;
import static io.fluxcore.adapters.out.rocksdb.SlotFlags.PARTIAL;
import static io.fluxcore.adapters.out.rocksdb.SlotFlags.REMOVED;
import static io.fluxcore.adapters.out.rocksdb.SlotFlags.STORED;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;

/**
 * Writes the slots of tables on the heap that were touched, in the order of keys. Not thread-safe.
 */
final class SlotWriter {
  private static final int BLOCK = 1024;
  private static final int NUMBER_BITS = 24;
  private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;

  private final RocksDbStateBackend state;
  private final StateLayout layout;
  private final StoredKeys keys;
  private final StoredValues values;
  private final long namespace;
  private final StoredCounts stored;

  SlotWriter(RocksDbSlotTables family, long namespace, StoredCounts stored) {
    this.state = family.state();
    this.layout = family.layout();
    this.keys = family.keys();
    this.values = family.values();
    this.namespace = namespace;
    this.stored = stored;
  }

  /**
   * Writes what was touched.
   *
   * @param known the flags of the slots, which say afterwards what is stored
   */
  void write(HeapSlotTable table, byte[] known) {
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
    byte flag = known[slot];
    if ((flag & REMOVED) != 0) {
      run.delete(key);
      known[slot] = (byte) (flag & ~(STORED | PARTIAL));
      // where it is not known that the key was stored, a count too many does no harm
      stored.changed(hash, (flag & STORED) != 0 ? -1 : 0);
    } else if ((flag & PARTIAL) != 0) {
      run.add(key, values.write(table, slot));
      layout.reset(table, slot);
      stored.changed(hash, 1);
    } else {
      run.put(key, values.write(table, slot));
      stored.changed(hash, (flag & STORED) != 0 ? 0 : 1);
      known[slot] = (byte) (flag | STORED);
    }
  }
}
