package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.infrastructure.embedded.channel.Signal;
import io.fluxcore.infrastructure.embedded.exchange.Lane;

/** What others ask of a task, seen by it between two elements and while it waits. Thread-safe. */
public final class TaskControl {
  private final Signal signal = new Signal();
  private final TaskTimes times = new TaskTimes();
  private volatile boolean cancelled;
  private volatile long completed;

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
