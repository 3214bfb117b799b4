package io.fluxcore.domain.rowpattern;

/** Which rows leave. */
public enum RowsPerMatch {
  /** One for each match: its measures as of its last row. */
  ONE,
  /** Those of each match; of a match without rows the one it begins at. */
  ALL,
  /** Those of each match. */
  ALL_OMIT_EMPTY,
  /** As {@link #ALL}, and those that are in no match, without measures. */
  ALL_WITH_UNMATCHED,
  /** Each row with the measures of the match that begins with it, or without. */
  EACH_ROW,
  /** Each row with the measures of the first match that begins with it or behind it. */
  EACH_ROW_SEEK;

  boolean isOfEachRow() {
    return this == EACH_ROW || this == EACH_ROW_SEEK;
  }

  boolean isAll() {
    return this == ALL || this == ALL_OMIT_EMPTY || this == ALL_WITH_UNMATCHED;
  }
}
