package io.fluxcore.domain.key;

/**
 * Key → key group → subtask. The number of key groups ({@code maxParallelism}) is chosen once per
 * job and recorded for its life; the number of subtasks may change. Pure functions.
 */
public final class KeyGroups {
  public static final int DEFAULT_MAX_PARALLELISM = 128;
  public static final int LARGEST_MAX_PARALLELISM = 32_768;

  private KeyGroups() {}

  /** The key group of a key with this {@link KeyHash}: its high 32 bits scaled to the range. */
  public static int ofHash(long hash, int maxParallelism) {
    return (int) (((hash >>> 32) * maxParallelism) >>> 32);
  }

  /** The subtask that owns a key group. */
  public static int subtask(int keyGroup, int maxParallelism, int parallelism) {
    return keyGroup * parallelism / maxParallelism;
  }

  /** The key groups that a subtask owns; the inverse of {@link #subtask}. */
  public static KeyGroupRange range(int subtask, int maxParallelism, int parallelism) {
    if (parallelism < 1 || parallelism > maxParallelism || subtask < 0 || subtask >= parallelism) {
      throw new IllegalArgumentException(
          "subtask " + subtask + " of parallelism " + parallelism + ", at most " + maxParallelism);
    }
    int first = (subtask * maxParallelism + parallelism - 1) / parallelism;
    int last = ((subtask + 1) * maxParallelism - 1) / parallelism;
    return new KeyGroupRange(first, last);
  }
}
