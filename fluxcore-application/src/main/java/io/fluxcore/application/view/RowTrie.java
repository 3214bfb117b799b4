package io.fluxcore.application.view;

import io.fluxcore.domain.row.EncodedRow;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A table of rows by their keys, of which a snapshot is taken in no time and is never changed: a
 * hash array mapped trie.
 *
 * <p>P. Bagwell, "Ideal Hash Trees", 2001. Each level takes five bits of the key's hash and has
 * slots only for those that occur, told by a bit map. A change copies the branches from the root to
 * its slot, at most seven, unless this table has made them since the last snapshot: then nobody
 * else can see them, and they are changed in place (the transients of Clojure). So the changes of a
 * batch copy each branch once at most, and a snapshot is the root.
 *
 * <p>The table is for one thread; snapshots are for any.
 */
final class RowTrie {
  private static final int BITS = 5;
  private static final int MASK = (1 << BITS) - 1;
  private static final Object[] NO_SLOTS = {};

  private Branch root = new Branch(new Object(), 0, NO_SLOTS);
  private Object owner = root.owner;
  private int size;

  /**
   * A row of the table.
   *
   * @param key by which it is found
   * @param row all of it
   * @param count how often it is there; of a table with keys always 1
   */
  record Entry(EncodedRow key, EncodedRow row, long count) {}

  /** Slots are entries, branches, or entries with one hash. */
  private static final class Branch {
    final Object owner;
    int bitmap;
    Object[] slots;

    Branch(Object owner, int bitmap, Object[] slots) {
      this.owner = owner;
      this.bitmap = bitmap;
      this.slots = slots;
    }

    int index(int bit) {
      return Integer.bitCount(bitmap & (bit - 1));
    }
  }

  /** Different keys with one hash. Never changed. */
  @SuppressWarnings("ArrayRecordComponent") // of this class alone, never compared
  private record Collision(int hash, Entry[] entries) {}

  /** The entries at one time. Immutable and thread-safe. */
  static final class Snapshot implements Iterable<Entry> {
    private final Branch root;
    private final int size;

    private Snapshot(Branch root, int size) {
      this.root = root;
      this.size = size;
    }

    int size() {
      return size;
    }

    @Nullable Entry find(EncodedRow key) {
      return RowTrie.find(root, key);
    }

    @Override
    public Iterator<Entry> iterator() {
      return new Walk(root);
    }
  }

  int size() {
    return size;
  }

  /** The entry of a key, or null. */
  @Nullable Entry find(EncodedRow key) {
    return find(root, key);
  }

  /** What is here now; later changes are not seen there. */
  Snapshot snapshot() {
    owner = new Object();
    return new Snapshot(root, size);
  }

  /** Adds an entry, in place of the one of its key. */
  void put(Entry entry) {
    root = put(root, 0, entry);
  }

  /** Takes the entry of a key away, if there is one. */
  void remove(EncodedRow key) {
    root = remove(root, 0, key);
  }

  private static int bit(int hash, int shift) {
    return 1 << ((hash >>> shift) & MASK);
  }

  private static @Nullable Entry find(Branch root, EncodedRow key) {
    int hash = key.hashCode();
    Branch branch = root;
    for (int shift = 0; ; shift += BITS) {
      int bit = bit(hash, shift);
      if ((branch.bitmap & bit) == 0) {
        return null;
      }
      Object slot = branch.slots[branch.index(bit)];
      if (slot instanceof Branch next) {
        branch = next;
      } else if (slot instanceof Entry entry) {
        return entry.key().equals(key) ? entry : null;
      } else {
        return find((Collision) slot, key);
      }
    }
  }

  private static @Nullable Entry find(Collision collision, EncodedRow key) {
    for (Entry entry : collision.entries()) {
      if (entry.key().equals(key)) {
        return entry;
      }
    }
    return null;
  }

  private Branch put(Branch branch, int shift, Entry entry) {
    int bit = bit(entry.key().hashCode(), shift);
    int index = branch.index(bit);
    if ((branch.bitmap & bit) == 0) {
      size++;
      return inserted(branch, bit, index, entry);
    }
    Object slot = branch.slots[index];
    Object changed;
    if (slot instanceof Branch next) {
      changed = put(next, shift + BITS, entry);
    } else if (slot instanceof Entry there) {
      changed = beside(there, there.key().hashCode(), shift, entry);
    } else {
      changed = beside((Collision) slot, ((Collision) slot).hash(), shift, entry);
    }
    return changed == slot ? branch : replaced(branch, index, changed);
  }

  /** A slot that holds what was there, unless it is of the same key, and the entry. */
  private Object beside(Object there, int hash, int shift, Entry entry) {
    if (hash != entry.key().hashCode()) {
      Branch below = new Branch(owner, bit(hash, shift + BITS), new Object[] {there});
      return put(below, shift + BITS, entry);
    }
    if (there instanceof Entry one) {
      if (one.key().equals(entry.key())) {
        return entry;
      }
      size++;
      return new Collision(hash, new Entry[] {one, entry});
    }
    Entry[] entries = ((Collision) there).entries();
    for (int i = 0; i < entries.length; i++) {
      if (entries[i].key().equals(entry.key())) {
        Entry[] copy = entries.clone();
        copy[i] = entry;
        return new Collision(hash, copy);
      }
    }
    size++;
    Entry[] more = Arrays.copyOf(entries, entries.length + 1);
    more[entries.length] = entry;
    return new Collision(hash, more);
  }

  private Branch inserted(Branch branch, int bit, int index, Object slot) {
    Object[] slots = new Object[branch.slots.length + 1];
    System.arraycopy(branch.slots, 0, slots, 0, index);
    slots[index] = slot;
    System.arraycopy(branch.slots, index, slots, index + 1, branch.slots.length - index);
    return with(branch, branch.bitmap | bit, slots);
  }

  private Branch replaced(Branch branch, int index, Object slot) {
    if (branch.owner == owner) {
      branch.slots[index] = slot;
      return branch;
    }
    Object[] slots = branch.slots.clone();
    slots[index] = slot;
    return new Branch(owner, branch.bitmap, slots);
  }

  private Branch with(Branch branch, int bitmap, Object[] slots) {
    if (branch.owner == owner) {
      branch.bitmap = bitmap;
      branch.slots = slots;
      return branch;
    }
    return new Branch(owner, bitmap, slots);
  }

  private Branch remove(Branch branch, int shift, EncodedRow key) {
    int bit = bit(key.hashCode(), shift);
    if ((branch.bitmap & bit) == 0) {
      return branch;
    }
    int index = branch.index(bit);
    Object slot = branch.slots[index];
    if (slot instanceof Branch next) {
      Branch rest = remove(next, shift + BITS, key);
      if (rest.bitmap == 0) {
        return removed(branch, bit, index);
      }
      return rest == next ? branch : replaced(branch, index, rest);
    }
    if (slot instanceof Entry entry) {
      if (!entry.key().equals(key)) {
        return branch;
      }
      size--;
      return removed(branch, bit, index);
    }
    Object rest = without((Collision) slot, key);
    return rest == slot ? branch : replaced(branch, index, rest);
  }

  private Branch removed(Branch branch, int bit, int index) {
    Object[] slots = new Object[branch.slots.length - 1];
    System.arraycopy(branch.slots, 0, slots, 0, index);
    System.arraycopy(branch.slots, index + 1, slots, index, slots.length - index);
    return with(branch, branch.bitmap & ~bit, slots);
  }

  /** What is left of entries with one hash, of which there are two at least. */
  private Object without(Collision collision, EncodedRow key) {
    Entry[] entries = collision.entries();
    for (int i = 0; i < entries.length; i++) {
      if (entries[i].key().equals(key)) {
        size--;
        if (entries.length == 2) {
          return entries[1 - i];
        }
        Entry[] rest = new Entry[entries.length - 1];
        System.arraycopy(entries, 0, rest, 0, i);
        System.arraycopy(entries, i + 1, rest, i, rest.length - i);
        return new Collision(collision.hash(), rest);
      }
    }
    return collision;
  }

  /** The entries below a branch, in no order that means anything. */
  private static final class Walk implements Iterator<Entry> {
    private final Deque<Object> left = new ArrayDeque<>();
    private @Nullable Entry next;

    Walk(Branch root) {
      left.push(root);
      advance();
    }

    private void advance() {
      next = null;
      while (next == null && !left.isEmpty()) {
        Object slot = left.pop();
        if (slot instanceof Entry entry) {
          next = entry;
        } else {
          Object[] below =
              slot instanceof Branch branch ? branch.slots : ((Collision) slot).entries();
          for (Object one : below) {
            left.push(one);
          }
        }
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Entry next() {
      Entry entry = next;
      if (entry == null) {
        throw new NoSuchElementException("there are no more rows");
      }
      advance();
      return entry;
    }
  }
}
