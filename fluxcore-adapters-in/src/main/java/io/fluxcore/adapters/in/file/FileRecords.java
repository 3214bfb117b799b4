package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.SourceReader.Decoded;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.EventBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of one file, which is opened by the first call. Used by one thread. */
interface FileRecords {
  /**
   * What was read.
   *
   * @param end where reading goes on behind it
   */
  record Rows(EventBatch batch, SplitPosition end, List<BadRecord> bad) {}

  /** The next records, or null at the end. */
  @Nullable Rows read();

  /** Decodes a record apart from the file. */
  Decoded decode(byte[] record);

  /** A second call does nothing. */
  void close();
}
