package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.domain.state.FrozenOperator;
import java.util.List;

/** What a task tells its job. Called on the task's thread; returns at once. */
public interface TaskEvents {
  /** The task is open, its state restored. */
  void opened(Task task);

  /** The task's part of a checkpoint, to be written and closed by whoever is told. */
  void snapshotTaken(Task task, long checkpointId, List<FrozenOperator> parts);

  /**
   * The task's source has come to the end of its {@link
   * io.fluxcore.application.connector.TimeBounds}, and its watermark with it.
   */
  default void arrived(Task task) {}

  /** The task could not take its part of a checkpoint, and goes on. */
  void snapshotFailed(Task task, long checkpointId, Throwable failure);

  /**
   * The task has processed all its input and is closed.
   *
   * @param last its state after that, on the heap, which stands for it in every later checkpoint
   */
  void finished(Task task, List<FrozenOperator> last);

  /** The task has failed and is closed. */
  void failed(Task task, Throwable failure);

  /** The task is closed after a cancel. */
  void cancelled(Task task);
}
