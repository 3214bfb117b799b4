package io.fluxcore.domain.pattern;

import java.util.ArrayList;
import java.util.List;

/** The partial matches that a key has of one rule. Not thread-safe. */
final class RuleMatches {
  /** Of the rule as it was when they began: see {@code PatternRule}. */
  final long fingerprint;

  /** In the order of their first events. */
  List<PartialMatch> partials = new ArrayList<>(2);

  /** Matches that wait for partial matches which began before them; as {@link #partials}. */
  List<PartialMatch> completed = List.of();

  /** The earliest time at which a partial match is over; {@link Long#MAX_VALUE} for none. */
  long deadline = Long.MAX_VALUE;

  /** Whether an event for which no condition is true may change something. */
  boolean alert;

  /** Events of the partial match that has most. */
  int longest;

  RuleMatches(long fingerprint) {
    this.fingerprint = fingerprint;
  }

  int size() {
    return partials.size() + completed.size();
  }

  boolean isEmpty() {
    return partials.isEmpty() && completed.isEmpty();
  }
}
