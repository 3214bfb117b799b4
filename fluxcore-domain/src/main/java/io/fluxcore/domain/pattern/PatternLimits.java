package io.fluxcore.domain.pattern;

import java.util.Locale;

/**
 * Bounds of the memory that partial matches take.
 *
 * @param perKey partial matches that a key may have, of all rules together
 * @param total partial matches that a subtask may have
 * @param eventsPerMatch events that a partial match may have
 * @param policy what happens beyond
 */
public record PatternLimits(int perKey, long total, int eventsPerMatch, Policy policy) {
  /** Bounds unless a topology says otherwise. */
  public static final PatternLimits DEFAULT =
      new PatternLimits(10_000, 1_000_000, 10_000, Policy.DROP_OLDEST);

  public PatternLimits {
    if (perKey < 1 || total < 1 || eventsPerMatch < 1) {
      throw new IllegalArgumentException(
          "limits of partial matches are positive, but are "
              + perKey
              + " per key, "
              + total
              + " in total and "
              + eventsPerMatch
              + " events per match");
    }
  }

  /** What gives way. What is dropped is counted. */
  public enum Policy {
    /** The partial matches of the key that began first. */
    DROP_OLDEST,
    /** Those that began last. */
    DROP_NEWEST,
    /** The job fails. */
    FAIL;

    /** As job files write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
