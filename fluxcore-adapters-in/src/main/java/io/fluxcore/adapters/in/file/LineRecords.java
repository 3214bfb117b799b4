package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.SourceReader.Decoded;
import org.jspecify.annotations.Nullable;

/** The records of a file of lines. */
record LineRecords(RecordReader reader) implements FileRecords {
  @Override
  public @Nullable Rows read() {
    RecordReader.Rows rows = reader.read();
    return rows == null ? null : new Rows(rows.batch(), rows.end().toSplitPosition(), rows.bad());
  }

  @Override
  public Decoded decode(byte[] record) {
    return reader.decode(record);
  }

  @Override
  public void close() {
    reader.close();
  }
}
