package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Parts of Parquet: columns, compressed page by page, in row groups. The footer says where they
 * are, so that a part is of use only as a whole.
 *
 * <p>Parquet's library is used below its writer of records, which needs Hadoop; what is here does
 * not.
 */
final class ParquetParts implements PartFormat {
  private final MessageType schema;
  private final ParquetColumn[] columns;
  private final ParquetCompressor compressor;
  private final long rowGroupBytes;

  /**
   * The format.
   *
   * @param rowGroupBytes how much of a row group is kept in memory, about, before it is written
   */
  ParquetParts(Schema rows, ParquetCompressor compressor, long rowGroupBytes) {
    this.schema = ParquetColumn.schema(rows);
    this.columns = ParquetColumn.all(rows);
    this.compressor = compressor;
    this.rowGroupBytes = rowGroupBytes;
  }

  @Override
  public boolean canBeContinued() {
    return false;
  }

  @Override
  public PartRows begin(OutputStream out, boolean atStart) throws IOException {
    return new ParquetRows(schema, columns, compressor, rowGroupBytes, out);
  }
}
