package io.fluxcore.domain.window;

/**
 * Windows of rows that follow each other closely, with the meaning of Flink's session windows: a
 * row covers {@code [t, t + gap)}; what intersects is one session, and so is what touches unless
 * {@link Touching} says otherwise: rows exactly one gap apart are together. A row is late when the
 * session that it would be in is closed, that is, when {@code end − 1 + allowed lateness ≤
 * watermark} holds for it alone and it joins no session that is not closed.
 *
 * <p>A late row that is within the allowed lateness changes its session: where the changed session
 * has ended it fires again, otherwise it fires at its new end. Sessions that had fired and become
 * one: {@link Accumulation#ACCUMULATING} emits the merged result and leaves the earlier ones to the
 * consumer, {@link Accumulation#DISCARDING} emits the rows since the last firings, {@link
 * Accumulation#RETRACTING} deletes the earlier results at once, or updates the one with the same
 * bounds.
 *
 * <p>With a {@link Trigger} beside the watermark, sessions that become one add the rows they have
 * had since they fired, and fire at the earlier of their times. {@link Accumulation#RETRACTING}
 * then leaves the result of a session that only grows until the session fires again.
 *
 * @param gapMillis the time without a row after which a session has ended, positive
 * @param touching whether rows exactly one gap apart are in one session
 */
public record SessionWindows(long gapMillis, Touching touching) implements WindowSpec {
  public SessionWindows {
    if (gapMillis <= 0 || !EventTimes.isUsable(gapMillis)) {
      throw new IllegalArgumentException(
          "the gap of " + gapMillis + " ms is not within 1.." + MAX_TIME);
    }
  }

  /** Sessions that are one where they touch. */
  public SessionWindows(long gapMillis) {
    this(gapMillis, Touching.MERGE);
  }

  /** How far apart rows of a session may be that follow each other. */
  long reachMillis() {
    return touching == Touching.MERGE ? gapMillis : gapMillis - 1;
  }

  /** The time of the last row of the last session that is over when the watermark is this. */
  long lastOver(long watermark) {
    return earlier(watermark, gapMillis - 1);
  }

  /** The same of the last session that is closed. */
  long lastClosed(long watermark, long allowedLatenessMillis) {
    return earlier(lastOver(watermark), allowedLatenessMillis);
  }

  /** Without overflow: before all times there is nothing. */
  private static long earlier(long time, long by) {
    return time < Long.MIN_VALUE + by ? Long.MIN_VALUE : time - by;
  }

  @Override
  public String toString() {
    return "session gap "
        + gapMillis
        + " ms"
        + (touching == Touching.MERGE ? "" : " touching separate");
  }
}
