package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.RecordFailures;

/** One field of each row, as text or as bytes. Rows that are not insertions are refused. */
final class ValueRowEncoder implements RowEncoder {
  private final int field;
  private final boolean text;
  private final TextValues values = new TextValues();

  ValueRowEncoder(int field, boolean text) {
    this.field = field;
    this.text = text;
  }

  @Override
  public void encodeHeader(RowBuffer out) {}

  @Override
  public void encode(EventBatch batch, RecordFailures failures, RowBuffer out) {
    Column column = batch.column(field);
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      RowKind kind = batch.rowKind(row);
      if (kind != RowKind.INSERT) {
        failures.failed(
            batch, row, RefusedRows.notAnInsertion(kind, text ? "this text" : "these bytes"));
        continue;
      }
      if (!column.isNull(row)) {
        if (!text && column instanceof BytesColumn bytes) {
          out.writeBytes(bytes.value(row));
        } else {
          out.append(values.text(column, row));
        }
      }
      out.endRow(row);
    }
  }
}
