package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.state.SlotTable;
import org.jspecify.annotations.Nullable;

/**
 * Joins rows of the left input when they come, since all changes up to their times have come. Not
 * thread-safe.
 */
final class TemporalMatching {
  private final JoinType type;
  private final JoinInput left;
  private final Versions versions;
  private final JoinOutput output;
  private final VersionOrder order = new VersionOrder();
  private OperatorContext context;
  private int[] found = new int[0];
  private long[] hashes = new long[0];

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  TemporalMatching(TemporalJoin join, JoinInput left, Versions versions, JoinOutput output) {
    this.type = join.join().type();
    this.left = left;
    this.versions = versions;
    this.output = output;
  }

  void open(OperatorContext newContext) {
    context = newContext;
  }

  /** Emits the results of rows whose keys have no nulls; there is at most one for each. */
  void join(EventBatch batch, int[] rows, int count, Output out) {
    if (found.length < count) {
      found = new int[Math.max(count, EventBatch.TARGET_ROWS)];
      hashes = new long[found.length];
    }
    Column[] keys = left.keys(batch);
    SlotTable table = versions.table();
    left.hash(batch, rows, count, hashes);
    table.find(keys, hashes, rows, count, found);
    for (int i = 0; i < count; i++) {
      join(batch, rows[i], JoinInput.rows(table, found[i]), out);
    }
    output.flushPairs(context, out, pair -> {});
    output.flushSingles(out);
  }

  private void join(EventBatch batch, int row, @Nullable RowBuffer changes, Output out) {
    long time = batch.timestamps()[row];
    int version = RowBuffer.NONE;
    if (changes != null) {
      order.read(changes);
      version = versions.validAt(order, changes, time);
    }
    if (changes != null && version >= 0) {
      output.pair(JoinType.LEFT_INPUT, batch, row, changes, version, time);
      if (output.arePairsFull()) {
        output.flushPairs(context, out, pair -> {});
      }
    } else if (type == JoinType.LEFT) {
      output.single(JoinType.LEFT_INPUT, batch, row);
      if (output.areSinglesFull()) {
        output.flushSingles(out);
      }
    }
  }
}
