package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;

/** The rows of a part on their way. Not thread-safe. */
public interface PartRows {
  /** The selected rows of a batch; a row that cannot be written is told to {@code failures}. */
  void write(EventBatch batch, RecordFailures failures) throws IOException;

  /** How many bytes the part has so far, about. */
  long bytes();

  /** Ends the part: all its bytes have gone to the stream, which stays open. */
  void finish() throws IOException;
}
