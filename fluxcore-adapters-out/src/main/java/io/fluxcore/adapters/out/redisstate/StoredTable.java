package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.key.KeyGroupRange;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The entries of a namespace in a store: where they lie and how many there are. Changed by the
 * subtask's thread alone; frozen state holds it, so that its entries are not removed before they
 * are written, and the last holder removes them.
 */
final class StoredTable {
  private final int number;
  private final Buckets buckets;
  private final long[] entries;
  private final AtomicInteger holders = new AtomicInteger(1);
  private long total;
  private int announcedBits = -1;

  StoredTable(int number, KeyGroupRange owned, int maxParallelism) {
    this.number = number;
    this.buckets = new Buckets(owned, maxParallelism);
    this.entries = new long[owned.size()];
  }

  /** Unique in the store. */
  int number() {
    return number;
  }

  Buckets buckets() {
    return buckets;
  }

  /** Entries of all owned key groups. */
  long total() {
    return total;
  }

  /** Whether a key group has entries. */
  boolean has(int keyGroup) {
    return entries[keyGroup - buckets.owned().first()] > 0;
  }

  /** Entries by owned key group; a copy. */
  long[] entries() {
    return entries.clone();
  }

  void count(int keyGroup, int more) {
    entries[keyGroup - buckets.owned().first()] += more;
    total += more;
  }

  /** Whether the list of tables says that it has buckets of so many bits. */
  boolean isAnnounced(int bits) {
    return announcedBits >= bits;
  }

  void announced(int bits) {
    announcedBits = bits;
  }

  void hold() {
    holders.incrementAndGet();
  }

  /** Whether nobody holds it any more. */
  boolean release() {
    return holders.decrementAndGet() == 0;
  }
}
