package io.fluxcore.adapters.in.sql;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does the work of one reader in a database, on a thread and a connection of its own, since a query
 * may take long and a host's thread must not wait. The connection is made when it is needed, and
 * anew after a failure. Thread-safe.
 */
public final class SqlWorker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SqlWorker.class.getName());
  private static final long END_MILLIS = 1_000;

  private final SqlDatabase database;
  private final ExecutorService thread;
  private volatile @Nullable Connection connection;
  private volatile boolean closed;

  /** Statements that belong together, with their commit. */
  @FunctionalInterface
  public interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /**
   * A worker without a connection yet.
   *
   * @param name of its thread
   */
  public SqlWorker(SqlDatabase database, String name) {
    this.database = database;
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, name);
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * Has work done, after that which was given before. Its {@link SQLException}s are causes of
   * {@link CompletionException}s.
   *
   * @param arrived called when it is done, on any thread
   */
  public <T> CompletableFuture<T> submit(Work<T> work, Runnable arrived) {
    try {
      return CompletableFuture.supplyAsync(() -> done(work), thread)
          .whenComplete((result, error) -> arrived.run());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e); // it is closed
    }
  }

  private <T> T done(Work<T> work) {
    try {
      Connection current = connection;
      if (current == null) {
        current = database.connect();
        connection = current;
      }
      if (closed) {
        throw new SQLException("the reader is closed", "08003");
      }
      return work.with(current);
    } catch (SQLException e) {
      drop();
      throw new CompletionException(e);
    } catch (RuntimeException | Error e) {
      drop();
      throw e;
    }
  }

  private void drop() {
    Connection current = connection;
    connection = null;
    if (current != null) {
      try {
        if (!current.isClosed() && !current.getAutoCommit()) {
          current.rollback();
        }
      } catch (SQLException e) {
        LOG.log(Level.DEBUG, "a connection was broken already", e);
      }
      try {
        current.close();
      } catch (SQLException e) {
        LOG.log(Level.DEBUG, "a connection was broken already", e);
      }
    }
  }

  /** Ends the connection, and work that is being done. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    thread.execute(this::drop);
    thread.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      if (!thread.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
        abort();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      abort();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void abort() {
    Connection current = connection;
    if (current != null) {
      try {
        current.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.log(Level.DEBUG, "a connection was broken already", e);
      }
    }
  }
}
