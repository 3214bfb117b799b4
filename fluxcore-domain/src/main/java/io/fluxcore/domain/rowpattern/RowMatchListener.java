package io.fluxcore.domain.rowpattern;

import org.jspecify.annotations.Nullable;

/** Is told what a search comes to. */
interface RowMatchListener {
  /**
   * A match, which begins at the {@link PartitionRows#start}.
   *
   * @param path null if it has no rows
   */
  void matched(PartitionRows rows, @Nullable MatchPath path);

  /** A row that is in no match, or that has none of its own. */
  void unmatched(PartitionRows rows, long position);

  /** A search was given up at a bound. */
  void givenUp(String bound, long value, long limit);
}
