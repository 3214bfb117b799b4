package io.fluxcore.domain.rank;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.EncodedRowSerializer;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * {@link RankedRows} in snapshots: i32 rows, then of each i32 length and bytes of its place, and
 * the row as {@link EncodedRowSerializer} writes it.
 */
public final class RankedRowsSerializer implements StateSerializer<Object> {
  private final EncodedRowSerializer rows;
  private final String id;

  public RankedRowsSerializer(Schema schema) {
    this.rows = new EncodedRowSerializer(schema);
    this.id = "ranked " + rows.id();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int version() {
    return rows.version();
  }

  @Override
  public long estimatedBytes(Object value) {
    return ((RankedRows) value).estimatedBytes();
  }

  @Override
  public void write(Object value, DataOutput out) throws IOException {
    RankedRows ranked = (RankedRows) value;
    out.writeInt(ranked.size());
    for (int i = 0; i < ranked.size(); i++) {
      EncodedRowSerializer.writeBytes(RankedRow.place(ranked.get(i)), out);
      rows.write(RankedRow.encoded(ranked.get(i)), out);
    }
  }

  @Override
  public Object read(DataInput in, int version) throws IOException {
    RankedRows ranked = new RankedRows();
    for (int left = in.readInt(); left > 0; left--) {
      byte[] place = EncodedRowSerializer.readBytes(in);
      ranked.add(RankedRow.of(place, (EncodedRow) rows.read(in, version)));
    }
    return ranked;
  }
}
