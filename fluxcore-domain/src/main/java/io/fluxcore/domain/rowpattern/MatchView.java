package io.fluxcore.domain.rowpattern;

import org.jspecify.annotations.Nullable;

/** What expressions look at. Not thread-safe. */
final class MatchView {
  PartitionRows rows = new PartitionRows();

  /** To the row that is looked at; null without rows. */
  @Nullable MatchPath at;

  /** To the last row of the match. */
  @Nullable MatchPath last;

  MatchView of(PartitionRows newRows, @Nullable MatchPath newAt, @Nullable MatchPath newLast) {
    rows = newRows;
    at = newAt;
    last = newLast;
    return this;
  }
}
