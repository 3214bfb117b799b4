package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;

/**
 * How many entries of a namespace are in the store, by owned key group; where additions are stored
 * apart, each counts. Not thread-safe.
 */
final class StoredCounts {
  private final RocksDbStateBackend state;
  private final KeyGroupRange owned;
  private final int maxParallelism;
  private final long[] byGroup;
  private long total;

  StoredCounts(RocksDbStateBackend state) {
    this.state = state;
    this.owned = state.keyGroups();
    this.maxParallelism = state.maxParallelism();
    this.byGroup = new long[owned.size()];
  }

  long[] byGroup() {
    return byGroup;
  }

  long total() {
    return total;
  }

  int keyGroup(long hash) {
    return KeyGroups.ofHash(hash, maxParallelism);
  }

  boolean hasSome(int keyGroup) {
    return byGroup[keyGroup - owned.first()] > 0;
  }

  /** Whether a key of this hash may be stored. */
  boolean mayHave(long hash) {
    return hasSome(keyGroup(hash));
  }

  /** Takes over entries that are in the store. */
  void restored(int keyGroup, long entries) {
    change(keyGroup, entries);
  }

  /** So many entries of a key of this hash more. */
  void changed(long hash, int more) {
    change(keyGroup(hash), more);
  }

  private void change(int keyGroup, long more) {
    byGroup[keyGroup - owned.first()] += more;
    total += more;
    state.stored(more);
  }

  /** The entries are no part of the state any more. */
  void drop() {
    state.stored(-total);
  }
}
