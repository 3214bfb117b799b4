package io.fluxcore.domain.sort;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;

/**
 * Keys under which runs of rows are held: numbers whose hashes lie in the key group of the rows, so
 * that a state backend keeps them, snapshots them and moves them to another subtask with that key
 * group. Within a group hashes ascend (unsigned) in the order in which runs are made, and no key is
 * given twice. Their low bits, by which tables on the heap find slots, are spread: by a step within
 * a group, and by where each group begins.
 */
final class RunKeys {
  /** Odd, and small beside the 2^49 and more hashes of a group: enough for as many runs. */
  private static final long STEP = 40_503;

  private static final int SPREAD = 0x9E3779B9;

  private final int maxParallelism;
  private final int firstGroup;

  /** The last hash given, by key group. */
  private final long[] last;

  RunKeys(KeyGroupRange groups, int maxParallelism) {
    this.maxParallelism = maxParallelism;
    this.firstGroup = groups.first();
    this.last = new long[groups.last() - groups.first() + 1];
    for (int i = 0; i < last.length; i++) {
      last[i] = smallest(firstGroup + i) + Integer.toUnsignedLong((firstGroup + i) * SPREAD);
    }
  }

  /** The smallest hash, unsigned, of a key group. */
  private long smallest(int group) {
    return ((((long) group << 32) + maxParallelism - 1) / maxParallelism) << 32;
  }

  int group(long hash) {
    return KeyGroups.ofHash(hash, maxParallelism);
  }

  /** The hash of a new key of this group. */
  long next(int group) {
    last[group - firstGroup] += STEP;
    return last[group - firstGroup];
  }

  /** A key of this hash is there already. */
  void seen(long hash) {
    int at = group(hash) - firstGroup;
    if (Long.compareUnsigned(hash, last[at]) > 0) {
      last[at] = hash;
    }
  }

  static long key(long hash) {
    return KeyHash.unmix(hash);
  }
}
