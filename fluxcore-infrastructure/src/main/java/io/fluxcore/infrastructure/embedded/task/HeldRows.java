package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Ledger;
import java.util.Arrays;
import java.util.BitSet;

/** Rows of one poll that are held, without those that were shed. For one thread. */
final class HeldRows {
  final String split;

  private EventBatch batch;
  private long[] ranks;
  private SplitPosition end;
  private Ledger.Counts counts;

  /**
   * What a poll gave.
   *
   * @param ranks of the batch's selected rows
   * @param counts what the ledger has counted for it
   */
  HeldRows(Poll.Rows rows, long[] ranks, Ledger.Counts counts) {
    this.split = rows.split();
    this.batch = rows.batch();
    this.end = rows.end();
    this.ranks = ranks;
    this.counts = counts;
  }

  EventBatch batch() {
    return batch;
  }

  /** Rows left. */
  int size() {
    return batch.size();
  }

  /** Of the rows left, in their order. */
  long[] ranks() {
    return ranks;
  }

  /** Where reading goes on behind these rows, and those that were shed behind them. */
  SplitPosition end() {
    return end;
  }

  /** What the ledger has counted up to {@link #end}, since what came before these rows. */
  Ledger.Counts counts() {
    return counts;
  }

  /**
   * Gives up rows.
   *
   * @param first place of the first of these rows in {@code chosen}
   * @param dropped what the ledger counts for them
   */
  void shed(BitSet chosen, int first, Ledger.Counts dropped) {
    int[] left = new int[batch.size()];
    long[] leftRanks = new long[left.length];
    int count = 0;
    for (int i = 0; i < left.length; i++) {
      if (!chosen.get(first + i)) {
        leftRanks[count] = ranks[i];
        left[count++] = batch.row(i);
      }
    }
    ranks = Arrays.copyOf(leftRanks, count);
    // rows that are gone keep memory, until they are more than those that are left
    batch =
        count * 2 < batch.rowCount()
            ? batch.gather(left, count)
            : batch.withSelection(Arrays.copyOf(left, count), count);
    counts = counts.plus(dropped);
  }

  /** Takes over the place of rows of the same split, all shed, that came after these. */
  void absorb(HeldRows later) {
    end = later.end;
    counts = counts.plus(later.counts);
  }
}
