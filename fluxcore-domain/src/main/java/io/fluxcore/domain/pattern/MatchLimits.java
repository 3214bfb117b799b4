package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;

/** Holds the partial matches of a subtask to {@link PatternLimits}. Not thread-safe. */
final class MatchLimits {
  private final String operatorId;
  private final PatternLimits limits;

  /** Partial matches that all keys have. */
  private long total;

  MatchLimits(String operatorId, PatternLimits limits) {
    this.operatorId = operatorId;
    this.limits = limits;
  }

  long total() {
    return total;
  }

  /** Partial matches came or went. */
  void changed(long difference) {
    total += difference;
  }

  /**
   * Takes away what is too much of a key after a rule has seen an event.
   *
   * @return how many partial matches were dropped
   */
  long hold(KeyMatches key, RuleMatches rule, PatternMatcher matcher) {
    long dropped = 0;
    if (rule.longest > limits.eventsPerMatch()) {
      long before = rule.partials.size();
      fail("events of a partial match", rule.longest, limits.eventsPerMatch(), "eventsPerMatch");
      rule.partials.removeIf(partial -> partial.last.length > limits.eventsPerMatch());
      dropped = before - rule.partials.size();
    }
    long ofKey = key.size();
    long excess = Math.max(ofKey - limits.perKey(), total - dropped - limits.total());
    if (excess > 0) {
      boolean byKey = ofKey > limits.perKey();
      fail(
          byKey ? "partial matches of a key" : "partial matches",
          byKey ? ofKey : total,
          byKey ? limits.perKey() : limits.total(),
          byKey ? "perKey" : "total");
      List<PartialMatch> partials = rule.partials;
      int some = (int) Math.min(excess, partials.size());
      boolean oldest = limits.policy() == PatternLimits.Policy.DROP_OLDEST;
      int from = oldest ? 0 : partials.size() - some;
      partials.subList(from, from + some).clear();
      dropped += some;
    }
    if (dropped > 0) {
      matcher.remeasure(rule);
    }
    return dropped;
  }

  private void fail(String what, long number, long limit, String setting) {
    if (limits.policy() == PatternLimits.Policy.FAIL) {
      throw new FluxCoreException(
          ErrorCategory.RESOURCE,
          Diagnostic.error(
              "FLX-PATTERN-0023",
              Place.of("operator '" + operatorId + "'"),
              number + " " + what + ", and the limit is " + limit,
              "give the pattern a time (within), make its conditions narrower, or raise the limit '"
                  + setting
                  + "'"));
    }
  }
}
