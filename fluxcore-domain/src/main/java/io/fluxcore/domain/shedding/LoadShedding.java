package io.fluxcore.domain.shedding;

import org.jspecify.annotations.Nullable;

/**
 * That a source may give up rows, and which. A reader whose rows are not taken goes on reading, and
 * holds up to so many rows; what is more is shed, counted as dropped, and its position passed.
 * While rows are taken nothing is shed. Opt-in: without it a source waits, and loses nothing.
 *
 * @param policy which rows go
 * @param maxRows rows that each reader holds at most while what follows takes none
 * @param priorityField the number by which rows are compared under {@link
 *     SheddingPolicy#LOWEST_PRIORITY}, larger ones being more important and null the least; null:
 *     the priority in the event's envelope
 * @param seed of the chance of {@link SheddingPolicy#SAMPLE}
 */
public record LoadShedding(
    SheddingPolicy policy, int maxRows, @Nullable String priorityField, long seed) {
  /** Rows that a reader holds unless a topology says otherwise. */
  public static final int DEFAULT_MAX_ROWS = 20_000;

  public LoadShedding {
    if (maxRows < 1) {
      throw new IllegalArgumentException(
          "load shedding beyond " + maxRows + " rows: give at least 1 row");
    }
    if (priorityField != null && policy != SheddingPolicy.LOWEST_PRIORITY) {
      throw new IllegalArgumentException(
          "load shedding by policy '"
              + policy.word()
              + "' asks for no priority, but priorityField is '"
              + priorityField
              + "': leave it out, or use the policy 'lowest-priority'");
    }
  }

  /** Those that have waited longest go. */
  public static LoadShedding oldest() {
    return new LoadShedding(SheddingPolicy.OLDEST, DEFAULT_MAX_ROWS, null, 0);
  }

  /** Those of the lowest priority in their envelopes go. */
  public static LoadShedding lowestPriority() {
    return new LoadShedding(SheddingPolicy.LOWEST_PRIORITY, DEFAULT_MAX_ROWS, null, 0);
  }

  /** Those with the smallest numbers in a field go. */
  public static LoadShedding lowestPriority(String field) {
    return new LoadShedding(SheddingPolicy.LOWEST_PRIORITY, DEFAULT_MAX_ROWS, field, 0);
  }

  /** Rows go by chance. */
  public static LoadShedding sample() {
    return new LoadShedding(SheddingPolicy.SAMPLE, DEFAULT_MAX_ROWS, null, 0);
  }

  /** The same beyond so many rows. */
  public LoadShedding withMaxRows(int rows) {
    return new LoadShedding(policy, rows, priorityField, seed);
  }

  /** The same with another chance. */
  public LoadShedding withSeed(long newSeed) {
    return new LoadShedding(policy, maxRows, priorityField, newSeed);
  }

  @Override
  public String toString() {
    return policy.word()
        + (priorityField == null ? "" : " (" + priorityField + ")")
        + " beyond "
        + maxRows
        + " rows a reader";
  }
}
