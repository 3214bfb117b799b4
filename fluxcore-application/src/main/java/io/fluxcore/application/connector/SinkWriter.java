package io.fluxcore.application.connector;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.List;

/** Writes the rows of one subtask. All calls come from one thread. */
public interface SinkWriter extends AutoCloseable {
  /**
   * Takes a batch of the sink's schema. May buffer; what it buffers is out after {@link #flush}.
   *
   * @param failures told of rows that the outside will never accept
   * @throws TransientSinkException if the outside does not answer now, and the rows that were not
   *     taken may be given again
   * @throws io.fluxcore.domain.error.FluxCoreException if writing fails
   */
  void write(EventBatch batch, RecordFailures failures);

  /**
   * Everything written so far has reached the outside when this returns.
   *
   * @throws TransientSinkException if the outside does not answer now, and a later call may do it
   */
  void flush();

  /**
   * A barrier: everything written since the last one belongs to this checkpoint. A transactional
   * sink flushes and returns the handles of what is to be committed when the checkpoint completes.
   */
  default List<Sink.CommitHandle> prepareCommit(long checkpointId) {
    flush();
    return List.of();
  }

  /** Ends without making anything more visible; called after {@link #flush} at an orderly end. */
  @Override
  void close();
}
