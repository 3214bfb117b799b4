package io.fluxcore.domain.join;

import io.fluxcore.domain.event.EventBatch;
import org.jspecify.annotations.Nullable;

/** A row of a lookup join that has not left. */
final class WaitingRow {
  final EventBatch batch;
  final int row;

  /** Its number among all rows that have waited in the subtask. */
  final long number;

  /** What the table has for it, or null: that is not known yet. */
  @Nullable Found found;

  /** How often it was asked for. */
  int attempts = 1;

  boolean left;

  WaitingRow(EventBatch batch, int row, long number) {
    this.batch = batch;
    this.row = row;
    this.number = number;
  }
}
