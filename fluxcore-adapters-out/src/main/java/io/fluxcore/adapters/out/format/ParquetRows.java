package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** The rows of a Parquet part, of which the row group that is being filled is in memory. */
final class ParquetRows implements PartRows {
  /** What of a text is in an index of pages or in statistics. */
  private static final int TRUNCATED_BYTES = 64;

  private static final ParquetProperties PROPERTIES =
      ParquetProperties.builder().withAllocator(new HeapByteBufferAllocator()).build();

  private final MessageType schema;
  private final ParquetColumn[] columns;
  private final ParquetCompressor compressor;
  private final long rowGroupBytes;
  private final ParquetFileWriter file;
  private final TextValues texts = new TextValues();
  private RowGroup group;

  /** Rows that are written together, on their way. */
  private static final class RowGroup {
    private final ColumnChunkPageWriteStore pages;
    private final ColumnWriteStore values;
    private final ColumnWriter[] writers;
    private long rows;

    RowGroup(MessageType schema, ParquetCompressor compressor) {
      this.pages =
          new ColumnChunkPageWriteStore(
              compressor, schema, PROPERTIES.getAllocator(), TRUNCATED_BYTES, true);
      this.values = PROPERTIES.newColumnWriteStore(schema, pages, pages);
      this.writers =
          schema.getColumns().stream().map(values::getColumnWriter).toArray(ColumnWriter[]::new);
    }

    void end(ParquetFileWriter file) throws IOException {
      if (rows > 0) {
        file.startBlock(rows);
        values.flush();
        pages.flushToFileWriter(file);
        file.endBlock();
      }
      values.close();
      pages.close();
    }
  }

  ParquetRows(
      MessageType schema,
      ParquetColumn[] columns,
      ParquetCompressor compressor,
      long rowGroupBytes,
      OutputStream out)
      throws IOException {
    this.schema = schema;
    this.columns = columns;
    this.compressor = compressor;
    this.rowGroupBytes = rowGroupBytes;
    this.file =
        new ParquetFileWriter(
            new Target(out),
            schema,
            ParquetFileWriter.Mode.CREATE,
            rowGroupBytes,
            0,
            TRUNCATED_BYTES,
            TRUNCATED_BYTES,
            true);
    this.group = new RowGroup(schema, compressor);
    file.start();
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) throws IOException {
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      RowKind kind = batch.rowKind(row);
      if (kind != RowKind.INSERT) {
        failures.failed(batch, row, RefusedRows.notAnInsertion(kind, "Parquet"));
        continue;
      }
      RecordException refused = refused(batch, row);
      if (refused != null) {
        failures.failed(batch, row, refused);
        continue;
      }
      for (int c = 0; c < columns.length; c++) {
        columns[c].write(batch.column(c), row, group.writers[c], texts);
      }
      group.values.endRecord();
      group.rows++;
    }
    if (group.values.getBufferedSize() >= rowGroupBytes) {
      group.end(file);
      group = new RowGroup(schema, compressor);
    }
  }

  /** Why a row cannot be written; looked at before any of its values is. */
  private @Nullable RecordException refused(EventBatch batch, int row) {
    for (int c = 0; c < columns.length; c++) {
      RecordException refused = columns[c].refused(batch.column(c), row);
      if (refused != null) {
        return refused;
      }
    }
    return null;
  }

  @Override
  public long bytes() {
    try {
      return file.getPos() + group.values.getBufferedSize();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void finish() throws IOException {
    group.end(file);
    file.end(Map.of());
    file.close();
  }

  /** A stream as Parquet's library wants it, which does not close it. */
  private record Target(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      CountedOutput counted = new CountedOutput(out);
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return counted.count();
        }

        @Override
        public void write(int b) throws IOException {
          counted.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          counted.write(bytes, from, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
