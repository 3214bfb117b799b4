package io.fluxcore.domain.operator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The retries of one operator at work. The rows of a batch share the waiting time of one: what
 * waited for it in full has the rows behind it tried again at once, as they have been waiting too.
 * So a batch whose every row fails holds its subtask no longer than one row does. Not thread-safe;
 * of the operator's thread.
 */
public final class Retries {
  /** Never tries again. */
  public static final Retries NONE = new Retries(null, delay -> {});

  private final @Nullable RetryPolicy policy;
  private final Pause pause;
  private Duration left = Duration.ZERO;

  /** How a host waits. */
  @FunctionalInterface
  public interface Pause {
    /** Returns when the time is over; ends the subtask's work when it is cancelled meanwhile. */
    void pause(Duration delay);
  }

  /**
   * Retries.
   *
   * @param policy null: none
   */
  public Retries(@Nullable RetryPolicy policy, Pause pause) {
    this.policy = policy;
    this.pause = pause;
  }

  /** Whether anything is ever tried again. */
  public boolean isOn() {
    return policy != null;
  }

  /** How often and after which delays, for who does not wait here; null: nothing is tried again. */
  public @Nullable RetryPolicy policy() {
    return policy;
  }

  /** Another batch, whose rows have the whole waiting time before them. */
  public void begin() {
    if (policy != null) {
      left = policy.longestWait();
    }
  }

  /**
   * After a failure: waits, and tells whether to try again.
   *
   * @param failures how often the same has failed, from 1
   */
  public boolean again(int failures) {
    if (policy == null || failures > policy.attempts()) {
      return false;
    }
    Duration delay = policy.delayBefore(failures);
    if (delay.compareTo(left) <= 0) {
      left = left.minus(delay);
      pause.pause(delay);
    } else if (!left.isZero()) {
      Duration rest = left;
      left = Duration.ZERO;
      pause.pause(rest);
    }
    return true;
  }
}
