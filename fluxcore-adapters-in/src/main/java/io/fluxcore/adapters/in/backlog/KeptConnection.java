package io.fluxcore.adapters.in.backlog;

import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is made again when it ends, by a thread of its own, until it is closed. Between
 * attempts it waits, twice as long each time. An outage is told once.
 */
public final class KeptConnection implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(KeptConnection.class.getName());
  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 10_000;
  private static final long CLOSE_MILLIS = 5_000;

  private final String name;
  private final Attempt attempt;
  private final Runnable ended;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable FluxCoreException failure;
  private long waitMillis = FIRST_WAIT_MILLIS;
  private boolean isDown;

  /** One connection, from its beginning to its end. */
  @FunctionalInterface
  public interface Attempt {
    /**
     * Connects, and returns when the connection has ended.
     *
     * @param connected to be run as soon as all is well
     * @throws IOException if it may go better next time
     * @throws FluxCoreException if it never will
     * @throws InterruptedException if it is not wanted any more
     */
    void run(Runnable connected) throws IOException, InterruptedException;
  }

  /**
   * One that is not begun yet.
   *
   * @param name for messages to people
   * @param ended told that {@link #check} will fail
   */
  public KeptConnection(String name, Attempt attempt, Runnable ended) {
    this.name = name;
    this.attempt = attempt;
    this.ended = ended;
    this.thread = new Thread(this::run, "connection of " + name);
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /**
   * Returns if it is connected, or may be again.
   *
   * @throws FluxCoreException if it never will be
   */
  public void check() {
    FluxCoreException why = failure;
    if (why != null) {
      throw why;
    }
  }

  private void run() {
    try {
      while (!isClosed()) {
        String why = "the connection has ended";
        try {
          attempt.run(this::connected);
        } catch (IOException e) {
          why = String.valueOf(e);
        }
        if (!isClosed()) {
          lost(why);
        }
      }
    } catch (FluxCoreException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(Defect.of(name, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fail(FluxCoreException why) {
    failure = why;
    ended.run();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void connected() {
    waitMillis = FIRST_WAIT_MILLIS;
    if (isDown) {
      isDown = false;
      LOG.log(System.Logger.Level.INFO, "{0}: connected again", name);
    }
  }

  private void lost(String why) throws InterruptedException {
    if (!isDown) {
      isDown = true;
      LOG.log(System.Logger.Level.WARNING, "{0}: not connected, and trying to be: {1}", name, why);
    }
    if (!closed.await(waitMillis, TimeUnit.MILLISECONDS)) {
      waitMillis = Math.min(waitMillis * 2, LONGEST_WAIT_MILLIS);
    }
  }

  /** Ends it. A server that does not answer just now is not waited for. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
