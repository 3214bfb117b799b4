package io.fluxcore.domain.operator;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a row or record that cannot be processed; it is counted in any case.
 *
 * <p>A policy with a {@link RetryPolicy} first tries again what may be over soon: user code that
 * throws something other than a {@link io.fluxcore.domain.error.RecordException}, and a sink whose
 * outside does not answer. What no attempt can change (a value of the wrong type, a row that the
 * outside refuses) is not tried again.
 *
 * @param action what happens in the end
 * @param retry how it is tried again before, or null: it is not
 */
public record ErrorPolicy(Action action, @Nullable RetryPolicy retry) {
  /** What happens in the end. */
  public enum Action {
    /** The job fails. */
    FAIL,
    /** The row is left out. */
    SKIP,
    /** The row is left out and kept, with its origin and error, to be repaired and replayed. */
    DEAD_LETTER
  }

  /** The job fails. */
  public static final ErrorPolicy FAIL = new ErrorPolicy(Action.FAIL, null);

  /** The row is left out. */
  public static final ErrorPolicy SKIP = new ErrorPolicy(Action.SKIP, null);

  /** The row is left out and kept. */
  public static final ErrorPolicy DEAD_LETTER = new ErrorPolicy(Action.DEAD_LETTER, null);

  /** Tries again, and keeps a dead letter of what still fails; see {@link #then}. */
  public static ErrorPolicy retry(RetryPolicy retry) {
    return new ErrorPolicy(Action.DEAD_LETTER, retry);
  }

  /** The same with another end. */
  public ErrorPolicy then(Action end) {
    return new ErrorPolicy(end, retry);
  }

  @Override
  public String toString() {
    String end = action.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return retry == null ? end : retry + ", then " + end;
  }
}
