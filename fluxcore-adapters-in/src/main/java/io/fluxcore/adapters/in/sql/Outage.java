package io.fluxcore.adapters.in.sql;

import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Says once that a database does not answer, and once that it does again, and when it is to be
 * tried. For one thread.
 */
public final class Outage {
  private static final System.Logger LOG = System.getLogger(Outage.class.getName());
  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 10_000;

  private final String operatorId;
  private final SqlDatabase database;
  private boolean down;
  private long waitMillis = FIRST_WAIT_MILLIS;
  private long retryAtNanos;

  public Outage(String operatorId, SqlDatabase database) {
    this.operatorId = operatorId;
    this.database = database;
  }

  /** It does not answer. */
  public void begins(String why) {
    if (!down) {
      down = true;
      LOG.log(
          Level.WARNING,
          "source {0}: {1} does not answer ({2}); it is tried again until it does",
          operatorId,
          database,
          why);
    }
    retryAtNanos = System.nanoTime() + waitMillis * 1_000_000L;
    waitMillis = Math.min(waitMillis * 2, LONGEST_WAIT_MILLIS);
  }

  /** It has answered. */
  public void ends() {
    if (down) {
      down = false;
      waitMillis = FIRST_WAIT_MILLIS;
      LOG.log(Level.INFO, "source {0}: {1} answers again", operatorId, database);
    }
  }

  /** Whether it is not to be tried yet. */
  public boolean isToBeWaitedFor() {
    return down && System.nanoTime() - retryAtNanos < 0;
  }

  /** How long to wait at most until it is tried, if it is. */
  public Duration shorter(Duration maxWait) {
    if (!down) {
      return maxWait;
    }
    Duration left = Duration.ofNanos(Math.max(1_000_000, retryAtNanos - System.nanoTime()));
    return left.compareTo(maxWait) < 0 ? left : maxWait;
  }
}
