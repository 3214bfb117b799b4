package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.infrastructure.embedded.channel.Signal;
import io.fluxcore.infrastructure.embedded.exchange.Lane;
import java.time.Duration;

/** What others ask of a task, seen by it between two elements and while it waits. Thread-safe. */
public final class TaskControl {
  private final Signal signal = new Signal();
  private final TaskTimes times = new TaskTimes();
  private final Origin origin;
  private volatile boolean cancelled;
  private volatile long completed;

  /**
   * The control of a task.
   *
   * @param source at the head of the task's stage, or an empty string
   * @param checkpoint that the task starts from, or 0
   */
  public TaskControl(String source, long checkpoint) {
    this.origin = new Origin(source, checkpoint);
  }

  Origin origin() {
    return origin;
  }

  /**
   * Has the task's thread wait. What is asked of the task meanwhile is served afterwards, except a
   * cancel, which ends the wait with {@link TaskCancelled}.
   */
  void pause(Duration delay) {
    long start = System.nanoTime();
    long left = delay.toNanos();
    while (left > 0 && !cancelled) {
      signal.await(this::isCancelled, left);
      left = delay.toNanos() - (System.nanoTime() - start);
    }
    times.backPressured(System.nanoTime() - start);
    if (cancelled) {
      throw new TaskCancelled();
    }
  }

  /** Where the task waits. */
  public Signal signal() {
    return signal;
  }

  /** What the task's lanes do while a channel is full. */
  public Lane.Blocker blocker() {
    return TaskOutput.blocker(signal, this::isCancelled, times);
  }

  TaskTimes times() {
    return times;
  }

  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void completed(long checkpointId) {
    completed = checkpointId;
  }

  /** The last completed checkpoint. */
  long completed() {
    return completed;
  }
}
