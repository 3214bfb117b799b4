package io.fluxcore.application.connector;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.util.List;

/** Writes the rows of one subtask. All calls but {@link #lost} come from one thread. */
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
   * The job goes on from a checkpoint: a writer before this one may have written. Comes before the
   * first row, or not at all.
   */
  default void restored() {}

  /**
   * The same with what {@link #snapshot} has put into that checkpoint.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category STATE_CONFLICT if it cannot be
   *     used
   */
  default void restored(OperatorSnapshot snapshot) {
    restored();
  }

  /**
   * A barrier, after {@link #prepareCommit}: puts what the writer itself has to know after a
   * restore into the checkpoint. It is written on another thread while the writer goes on, so that
   * it must not change any more.
   */
  default void snapshot(OperatorSnapshot.Builder snapshot) {}

  /**
   * Everything written so far has reached the outside, and is visible there, when this returns.
   * Called a few times a second while there are rows. A writer whose rows become visible by commits
   * makes nothing visible by it, and need do nothing.
   *
   * @throws TransientSinkException if the outside does not answer now, and a later call may do it
   */
  void flush();

  /**
   * No row will come any more. The host makes a last checkpoint then: a writer whose rows become
   * visible by commits leaves what it has to {@link #prepareCommit}.
   *
   * @throws TransientSinkException if the outside does not answer now, and a later call may do it
   */
  default void endOfInput() {
    flush();
  }

  /**
   * A barrier: everything written since the last one belongs to this checkpoint. A writer of a
   * {@link TwoPhaseSink} makes it durable and returns the handles of what is to be committed when
   * the checkpoint counts; none where there is nothing. Ids rise from call to call, and with the
   * owner's token never come again. Called a last time after {@link #endOfInput}.
   *
   * @throws TransientSinkException if the outside does not answer now, and the call may be made
   *     again
   */
  default List<Sink.CommitHandle> prepareCommit(long checkpointId) {
    flush();
    return List.of();
  }

  /**
   * How many rows those who read from this sink are known to have missed since the writer was made;
   * -1 where that is not known, or cannot be. Any thread may ask, also after {@link #close}.
   */
  default long lost() {
    return -1;
  }

  /**
   * Ends without making anything more visible, and takes back what was written and not prepared;
   * what was prepared stays. A second call has no effect.
   */
  @Override
  void close();
}
