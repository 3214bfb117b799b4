package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.nio.ByteBuffer;

/** The counters of an operator as an operator-wide entry of its snapshot. */
final class LedgerState {
  private static final String ENTRY = "ledger";
  private static final int COUNTERS = 12;

  private LedgerState() {}

  static OperatorSnapshot snapshot(String operatorId, Ledger.Counts c) {
    ByteBuffer bytes = ByteBuffer.allocate(COUNTERS * Long.BYTES);
    bytes.putLong(c.rowsIn()).putLong(c.bytesIn()).putLong(c.batchesIn());
    bytes.putLong(c.late()).putLong(c.filtered()).putLong(c.failed());
    Ledger.Dropped dropped = c.droppedBy();
    bytes.putLong(dropped.oldest()).putLong(dropped.lowestPriority()).putLong(dropped.sample());
    bytes.putLong(c.rowsOut()).putLong(c.bytesOut()).putLong(c.batchesOut());
    return OperatorSnapshot.builder(operatorId).entry(ENTRY, bytes.array()).build();
  }

  private static Ledger.Dropped dropped(ByteBuffer bytes, int counters) {
    if (counters < COUNTERS) { // written before anything was shed
      bytes.getLong();
      return Ledger.Dropped.NONE;
    }
    return new Ledger.Dropped(bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  /** The first subtask takes over the sum of all, since their number may have changed. */
  static void restore(Ledger ledger, int subtask, OperatorSnapshot snapshot) {
    if (subtask != 0) {
      return;
    }
    Ledger.Counts sum = Ledger.Counts.ZERO;
    for (byte[] entry : snapshot.entries(ENTRY)) {
      ByteBuffer b = ByteBuffer.wrap(entry);
      sum =
          sum.plus(
              new Ledger.Counts(
                  b.getLong(),
                  b.getLong(),
                  b.getLong(),
                  b.getLong(),
                  b.getLong(),
                  b.getLong(),
                  dropped(b, entry.length / Long.BYTES),
                  b.getLong(),
                  b.getLong(),
                  b.getLong()));
    }
    ledger.restore(sum);
  }
}
