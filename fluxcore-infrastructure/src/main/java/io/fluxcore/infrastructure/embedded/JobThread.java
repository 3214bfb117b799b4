package io.fluxcore.infrastructure.embedded;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The thread that decides everything in a job. What tasks report and users ask arrives in a queue
 * of actions, so that what belongs to the job needs no lock. Any thread may post and cancel; the
 * rest is for the job's thread itself.
 */
final class JobThread {
  private final Thread thread;
  private final BlockingQueue<Runnable> actions = new LinkedBlockingQueue<>();
  private volatile boolean cancelled;
  private volatile boolean outside;

  JobThread(String job, Runnable life) {
    this.thread = new Thread(life, job + ": job");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Has something done by the job's thread. */
  void post(Runnable action) {
    actions.add(action);
  }

  /** The job is to end at once, also while it waits for something outside. */
  void cancel() {
    cancelled = true;
    post(() -> {});
    if (outside) {
      thread.interrupt();
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Does the next action; waits for it at most so long. */
  void act(long nanos) {
    try {
      Runnable action = actions.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      if (action != null) {
        action.run();
      }
    } catch (InterruptedException e) {
      // cancel() interrupts calls to the outside; this one came a moment late.
    }
  }

  /** Does all actions that are there. */
  void drain() {
    for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
      action.run();
    }
  }

  /** Runs what touches the outside, which a cancel interrupts. */
  void outside(Runnable call) {
    outside = true;
    try {
      if (!cancelled) {
        call.run();
      }
    } finally {
      outside = false;
      Thread.interrupted();
    }
  }
}
