package io.fluxcore.adapters.out.store;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps interrupts from a database. Jobs and what writes their checkpoints are interrupted when
 * they are to end at once, and may be at the job store at that moment. Java closes a file under a
 * thread that is interrupted while it writes to it: H2, which has its database in one, closes it
 * for everybody then. A call waits to its end, and the interrupt for the caller. Thread-safe.
 */
interface Uninterrupted {
  /** For databases to which interrupts do nothing, such as those behind a socket. */
  Uninterrupted HERE =
      new Uninterrupted() {
        @Override
        public <T> T call(Call<T> call) throws SQLException {
          return call.make();
        }
      };

  /** Work with the database. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws SQLException;
  }

  /** Makes a call, and returns when it has been made. */
  <T> T call(Call<T> call) throws SQLException;

  /** On threads of their own, which nobody interrupts. */
  static Uninterrupted onOtherThreads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "fluxcore: job store");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return new OnOtherThreads(threads);
  }

  /** As many as there are connections. */
  int THREADS = 8;

  long IDLE_SECONDS = 10;

  /** The threads of an executor. */
  record OnOtherThreads(Executor threads) implements Uninterrupted {
    @Override
    public <T> T call(Call<T> call) throws SQLException {
      FutureTask<T> task = new FutureTask<>(call::make);
      threads.execute(task);
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return task.get();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } catch (ExecutionException e) {
        throw rethrown(e.getCause());
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private static SQLException rethrown(@Nullable Throwable cause) {
      if (cause instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      return cause instanceof SQLException sql ? sql : new SQLException(cause);
    }
  }
}
