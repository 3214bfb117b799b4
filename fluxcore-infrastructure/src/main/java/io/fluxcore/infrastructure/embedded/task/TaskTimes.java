package io.fluxcore.infrastructure.embedded.task;

import java.util.concurrent.atomic.AtomicLong;

/** How long a task waited, and for what; the rest of its time it was busy. Read by any thread. */
public final class TaskTimes {
  private final AtomicLong idle = new AtomicLong();
  private final AtomicLong backPressured = new AtomicLong();
  private final AtomicLong held = new AtomicLong();

  void idle(long nanos) {
    idle.lazySet(idle.getPlain() + Math.max(0, nanos));
  }

  void backPressured(long nanos) {
    backPressured.lazySet(backPressured.getPlain() + Math.max(0, nanos));
  }

  void held(long nanos) {
    held.lazySet(held.getPlain() + Math.max(0, nanos));
  }

  /** Waited for input, also while that was held back. */
  public long idleNanos() {
    return idle.get();
  }

  /** Waited to send. */
  public long backPressuredNanos() {
    return backPressured.get();
  }

  /** Waited for the others of an alignment group: part of {@link #idleNanos}. */
  public long heldNanos() {
    return held.get();
  }
}
