package io.fluxcore.domain.changelog;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects rows that are added and taken back, and gives what is left of them: first the rows that
 * are gone, then those that are new. Not thread-safe.
 */
public final class NetChanges {
  /** Different rows from which on they are given, so that there is an end to it. */
  private static final int MOST = 1 << 16;

  private final RowEncoder encoder;
  private final ChangeRows changes;
  private final Map<EncodedRow, Net> rows = new LinkedHashMap<>();

  private static final class Net {
    long count;
    long timestamp;
  }

  public NetChanges(Schema schema) {
    RowCodec codec = new RowCodec(schema);
    this.encoder = new RowEncoder(codec);
    this.changes = new ChangeRows(codec, schema);
  }

  /**
   * Adds rows, or takes them back.
   *
   * @param signs by physical row: 1 for a row that is added, −1 for one that is taken back
   */
  public void add(EventBatch batch, byte[] signs) {
    Column[] columns = batch.columns();
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      long time = batch.timestamps()[row];
      Net net = rows.computeIfAbsent(encoder.encode(columns, row).toRow(time), r -> new Net());
      net.count += signs[row];
      net.timestamp = time;
    }
    if (rows.size() >= MOST) {
      settle();
    }
  }

  /** Makes changes of what was collected. */
  private void settle() {
    rows.forEach((row, net) -> give(RowKind.DELETE, row, net, -net.count));
    rows.forEach((row, net) -> give(RowKind.INSERT, row, net, net.count));
    rows.clear();
  }

  private void give(RowKind kind, EncodedRow row, Net net, long times) {
    for (long i = 0; i < times; i++) {
      changes.add(kind, row, net.timestamp);
    }
  }

  /**
   * Hands on what is left of the rows, for as long as downstream has capacity.
   *
   * @return whether all is gone; otherwise it is to be called again
   */
  public boolean flush(Output out) {
    settle();
    return changes.flush(out);
  }

  /** Hands on changes that are made already; whether downstream has capacity for more. */
  public boolean emit(Output out) {
    return changes.flush(out);
  }

  /** Whether there are so many changes that some are to be handed on. */
  public boolean isLarge() {
    return changes.isLarge();
  }
}
