package io.fluxcore.domain.rowpattern;

import org.jspecify.annotations.Nullable;

/**
 * The variables that the rows of a match are mapped to, newest first; threads share what they have
 * in common. No path is the one without rows.
 */
final class MatchPath {
  final @Nullable MatchPath previous;
  final int variable;
  final boolean excluded;

  /** Rows, with this one. */
  final int length;

  /** What terms of conditions have come to with this row, where that is known. */
  TermStates.@Nullable Values ofConditions;

  /** The same of measures. */
  TermStates.@Nullable Values ofMeasures;

  MatchPath(@Nullable MatchPath previous, int variable, boolean excluded) {
    this.previous = previous;
    this.variable = variable;
    this.excluded = excluded;
    this.length = length(previous) + 1;
  }

  static int length(@Nullable MatchPath path) {
    return path == null ? 0 : path.length;
  }

  /** The path to each of its rows, in their order. */
  static MatchPath[] steps(@Nullable MatchPath last) {
    MatchPath[] steps = new MatchPath[length(last)];
    for (MatchPath at = last; at != null; at = at.previous) {
      steps[at.length - 1] = at;
    }
    return steps;
  }

  /** The variable of a row, from 0; -1 if there is no such row. */
  static int variable(@Nullable MatchPath path, long row) {
    for (MatchPath at = path; at != null; at = at.previous) {
      if (at.length - 1 == row) {
        return at.variable;
      }
    }
    return -1;
  }
}
