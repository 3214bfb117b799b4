package io.fluxcore.infrastructure.embedded;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of a job that write its snapshots. Thread-safe. */
final class SnapshotWriters implements Executor {
  private static final System.Logger LOG = System.getLogger(SnapshotWriters.class.getName());
  private static final int THREADS = 2;
  private static final long IDLE_SECONDS = 10;
  private static final long END_SECONDS = 10;

  private final String job;
  private final ThreadPoolExecutor threads;

  SnapshotWriters(String job) {
    this.job = job;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread writer = new Thread(work, job + ": snapshots");
              writer.setDaemon(true);
              return writer;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable work) {
    threads.execute(work);
  }

  /**
   * Lets the writers finish what they are at, which is little: clearing away.
   *
   * @return whether they have
   */
  boolean end() {
    threads.shutdown();
    boolean interrupted = false;
    boolean waited = false;
    while (!waited) {
      try {
        if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
          LOG.log(
              System.Logger.Level.WARNING,
              "threads of job {0} still write to the checkpoint store",
              job);
        }
        waited = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return threads.isTerminated();
  }
}
