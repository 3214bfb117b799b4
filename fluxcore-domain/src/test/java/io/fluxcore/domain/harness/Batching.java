package io.fluxcore.domain.harness;

/** How the rows of a {@link Script} are cut into batches. */
public enum Batching {
  /** One row a batch. */
  SINGLE_ROWS(1),
  /** Seven rows a batch: batches that end in the middle of everything. */
  SEVEN_ROWS(7),
  /** As many rows a batch as an engine aims at. */
  FULL_BATCHES(2048),
  /** Seven rows a batch, selected from among rows that must be ignored. */
  SELECTED_ROWS(7),
  /** Where the script says {@link Script.Builder#cut()}. */
  AS_WRITTEN(Integer.MAX_VALUE);

  private final int rows;

  Batching(int rows) {
    this.rows = rows;
  }

  int rows() {
    return rows;
  }
}
