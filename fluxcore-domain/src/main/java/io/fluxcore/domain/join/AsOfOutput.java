package io.fluxcore.domain.join;

import io.fluxcore.domain.changelog.NetChanges;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.rank.RankedRow;
import org.jspecify.annotations.Nullable;

/** Collects results that are added and taken back; what is left of them leaves. */
final class AsOfOutput {
  private final boolean givesUnmatched;
  private final EventBatchBuilder results;
  private final JoinedColumns lefts;
  private final JoinedColumns rights;
  private final NetChanges net;
  private final byte[] signs = new byte[EventBatch.TARGET_ROWS];

  AsOfOutput(EquiJoin join) {
    JoinFields fields = join.fields();
    this.givesUnmatched = join.type().givesUnmatched(JoinType.LEFT_INPUT);
    this.results = new EventBatchBuilder(fields.output());
    this.lefts = new JoinedColumns(fields, JoinType.LEFT_INPUT, results);
    this.rights = new JoinedColumns(fields, JoinType.RIGHT_INPUT, results);
    this.net = new NetChanges(fields.output());
  }

  /** Adds or takes back the result of a left row and its closest one, or of a left row alone. */
  void add(byte[] left, byte @Nullable [] right, int sign) {
    long time = RankedRow.timestamp(left);
    if (right != null) {
      lefts.row(left, RankedRow.row(left));
      rights.row(right, RankedRow.row(right));
      time = Math.max(time, RankedRow.timestamp(right));
    } else if (givesUnmatched) {
      lefts.row(left, RankedRow.row(left));
      rights.nulls();
    } else {
      return;
    }
    signs[results.size()] = (byte) sign;
    results.endRow(time);
    if (results.isFull()) {
      collect();
    }
  }

  private void collect() {
    if (results.size() > 0) {
      net.add(results.build(), signs);
    }
  }

  /** Whether there is so much that some is to be handed on. */
  boolean isLarge() {
    return net.isLarge();
  }

  /** Hands on what need not wait for the end of the batch; whether downstream has capacity. */
  boolean emit(Output out) {
    return net.emit(out);
  }

  /** Hands on everything, for as long as downstream has capacity; whether all is gone. */
  boolean flush(Output out) {
    collect();
    return net.flush(out);
  }
}
