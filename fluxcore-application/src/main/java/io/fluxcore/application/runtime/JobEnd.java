package io.fluxcore.application.runtime;

import org.jspecify.annotations.Nullable;

/**
 * How a job ended.
 *
 * @param kind how
 * @param failure why, for {@link Kind#FAILED}
 */
public record JobEnd(Kind kind, @Nullable Throwable failure) {
  /** The ways in which a job ends. */
  public enum Kind {
    /** All bounded input was processed. */
    FINISHED,
    /** Stopped in order. */
    STOPPED,
    CANCELLED,
    FAILED
  }

  public static final JobEnd FINISHED = new JobEnd(Kind.FINISHED, null);
  public static final JobEnd STOPPED = new JobEnd(Kind.STOPPED, null);
  public static final JobEnd CANCELLED = new JobEnd(Kind.CANCELLED, null);

  public static JobEnd failed(Throwable failure) {
    return new JobEnd(Kind.FAILED, failure);
  }
}
