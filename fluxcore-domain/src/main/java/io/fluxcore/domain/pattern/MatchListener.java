package io.fluxcore.domain.pattern;

/** What a matcher has found. */
interface MatchListener {
  /**
   * A match.
   *
   * @param time when it became known that it is one: at the event that completed it, at the one
   *     that ended an earlier partial match, or when a time was over
   */
  void matched(PartialMatch match, long time);

  /**
   * A partial match whose time is over.
   *
   * @param time when it was
   */
  void timedOut(PartialMatch match, long time);
}
