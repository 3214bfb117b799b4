package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.EncodedRowSerializer;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowBufferSerializer;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Deque;
import java.util.Map;

/**
 * {@link FoundRows} in snapshots: i32 different left rows, then of each the row as {@link
 * EncodedRowSerializer} writes it, i32 how many equal ones there are, and what each of them found
 * as {@link RowBufferSerializer} writes it.
 */
final class FoundRowsSerializer implements StateSerializer<Object> {
  private final EncodedRowSerializer lefts;
  private final RowBufferSerializer found;

  /**
   * Of rows of these fields.
   *
   * @param left all fields of the left input
   * @param right the fields of the table that are kept
   */
  FoundRowsSerializer(Schema left, Schema right) {
    this.lefts = new EncodedRowSerializer(left);
    this.found = new RowBufferSerializer(right);
  }

  @Override
  public String id() {
    return lefts.id() + " found " + found.id();
  }

  /** The rows on both sides are of one codec. */
  @Override
  public int version() {
    return lefts.version();
  }

  @Override
  public long estimatedBytes(Object value) {
    return ((FoundRows) value).estimatedBytes();
  }

  @Override
  public void write(Object value, DataOutput out) throws IOException {
    Map<EncodedRow, Deque<RowBuffer>> rows = ((FoundRows) value).rows();
    out.writeInt(rows.size());
    for (Map.Entry<EncodedRow, Deque<RowBuffer>> row : rows.entrySet()) {
      lefts.write(row.getKey(), out);
      out.writeInt(row.getValue().size());
      for (RowBuffer of : row.getValue()) {
        found.write(of, out);
      }
    }
  }

  @Override
  public Object read(DataInput in, int version) throws IOException {
    FoundRows rows = new FoundRows();
    for (int left = in.readInt(); left > 0; left--) {
      EncodedRow row = (EncodedRow) lefts.read(in, version);
      for (int equal = in.readInt(); equal > 0; equal--) {
        rows.add(row, (RowBuffer) found.read(in, version));
      }
    }
    return rows;
  }
}
