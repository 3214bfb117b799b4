package io.fluxcore.domain.pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which other matches are given up when one is found. Matches are then found in the order of their
 * first events: one waits for as long as there is a partial match that began before it.
 *
 * @param strategy which matches
 * @param stage the stage that {@code TO_FIRST} and {@code TO_LAST} name, otherwise null
 * @param failing whether a match without an event for that stage, or one that begins with it, fails
 *     the job; otherwise nothing is given up for it
 */
public record AfterMatchSkip(Strategy strategy, @Nullable String stage, boolean failing) {
  /** Which matches are given up. */
  public enum Strategy {
    /** None. */
    NO_SKIP("noSkip"),
    /** Those that begin with the same event. */
    TO_NEXT("skipToNext"),
    /** Those that began before the match ended. */
    PAST_LAST_EVENT("skipPastLastEvent"),
    /** Those that began before the first event of a stage. */
    TO_FIRST("skipToFirst"),
    /** Those that began before the last event of a stage. */
    TO_LAST("skipToLast");

    private final String word;

    Strategy(String word) {
      this.word = word;
    }

    /** As builders write it. */
    public String word() {
      return word;
    }

    /** Whether it names a stage. */
    public boolean hasStage() {
      return this == TO_FIRST || this == TO_LAST;
    }
  }

  private static final AfterMatchSkip NO_SKIP = new AfterMatchSkip(Strategy.NO_SKIP, null, false);

  /** No match is given up. */
  public static AfterMatchSkip noSkip() {
    return NO_SKIP;
  }

  /** Gives up matches that begin with the same event. */
  public static AfterMatchSkip skipToNext() {
    return new AfterMatchSkip(Strategy.TO_NEXT, null, false);
  }

  /** Gives up matches that began before the match ended. */
  public static AfterMatchSkip skipPastLastEvent() {
    return new AfterMatchSkip(Strategy.PAST_LAST_EVENT, null, false);
  }

  /** Gives up matches that began before the first event of a stage. */
  public static AfterMatchSkip skipToFirst(String stage) {
    return new AfterMatchSkip(Strategy.TO_FIRST, stage, false);
  }

  /** Gives up matches that began before the last event of a stage. */
  public static AfterMatchSkip skipToLast(String stage) {
    return new AfterMatchSkip(Strategy.TO_LAST, stage, false);
  }

  /** The same, and a match that has nothing to skip to fails the job. */
  public AfterMatchSkip orFail() {
    return new AfterMatchSkip(strategy, stage, true);
  }

  @Override
  public String toString() {
    return strategy.word() + (stage == null ? "" : "(" + stage + ")") + (failing ? " or fail" : "");
  }
}
