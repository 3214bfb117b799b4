package io.fluxcore.domain.rowpattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a key has: the rows that may still be in a match or be looked back at, and how far the
 * search has come. Positions count the rows of the key from 0.
 */
final class PartitionRows {
  final List<HeldRow> rows = new ArrayList<>();

  /** Position of the first row that is held. */
  long first;

  /** The row for which a result is due: where the search began. */
  long origin;

  /** Where a match would begin. */
  long start;

  /** The row that threads look at next. */
  long next;

  /** Whether a search is under way. */
  boolean searching;

  /** In the order in which they are preferred. */
  List<MatchThread> threads = new ArrayList<>();

  /** Whether a match was found; what threads are left would be preferred to it. */
  boolean found;

  /** Of the match that was found. */
  @Nullable MatchPath best;

  /** Matches so far. */
  long matches;

  /** Behind the last row of all matches so far. */
  long matched;

  /** For when the key is registered among the deadlines; {@link Long#MAX_VALUE} if it is not. */
  long registered = Long.MAX_VALUE;

  /** Steps of threads since a row came. */
  long steps;

  /** The rows that can be looked at, from the first to the last: those of the frame, if any. */
  long visibleFrom = Long.MIN_VALUE;

  long visibleTo = Long.MAX_VALUE;

  /** Behind the last row that has come. */
  long end() {
    return first + rows.size();
  }

  HeldRow row(long position) {
    return rows.get((int) (position - first));
  }

  /** The row, or null if there is none of this position that can be looked at. */
  @Nullable HeldRow find(long position) {
    boolean isVisible = position >= visibleFrom && position <= visibleTo;
    return !isVisible || position < first || position >= end() ? null : row(position);
  }

  /** The number of the match that is looked for. */
  long number() {
    return matches + 1;
  }

  /** Forgets rows before a position; at once, or when they are most of all. */
  void forgetBefore(long position) {
    int gone = (int) Math.min(position - first, rows.size());
    if (gone > 0 && (gone == rows.size() || 2 * gone > rows.size())) {
      rows.subList(0, gone).clear();
      first += gone;
    }
  }
}
