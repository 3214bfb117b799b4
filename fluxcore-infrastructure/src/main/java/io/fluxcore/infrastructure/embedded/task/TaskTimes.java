package io.fluxcore.infrastructure.embedded.task;

import java.util.concurrent.atomic.AtomicLong;

/** How long a task waited, and for what; the rest of its time it was busy. Read by any thread. */
public final class TaskTimes {
  private final AtomicLong idle = new AtomicLong();
  private final AtomicLong backPressured = new AtomicLong();

  void idle(long nanos) {
    idle.lazySet(idle.getPlain() + Math.max(0, nanos));
  }

  void backPressured(long nanos) {
    backPressured.lazySet(backPressured.getPlain() + Math.max(0, nanos));
  }

  /** Waited for input. */
  public long idleNanos() {
    return idle.get();
  }

  /** Waited to send. */
  public long backPressuredNanos() {
    return backPressured.get();
  }
}
