package io.fluxcore.domain.over;

import io.fluxcore.domain.time.DurationText;
import java.time.Duration;

/**
 * Which rows of its key, up to itself, a row's aggregates are over. Immutable.
 *
 * @param unit what is counted back
 * @param preceding rows before it, or milliseconds before its time; {@link #UNBOUNDED}: all
 */
public record Frame(Unit unit, long preceding) {
  /** From the first row on. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /** What a frame is counted in. */
  public enum Unit {
    /** Rows one by one, those of the same time in the order of their arrival. */
    ROWS,
    /** Time: rows of the same time are in each other's frames. */
    RANGE
  }

  public Frame {
    if (preceding < 0) {
      throw new IllegalArgumentException("a frame begins " + preceding + " before its row");
    }
  }

  /** A row and so many before it. */
  public static Frame rows(long preceding) {
    return new Frame(Unit.ROWS, preceding);
  }

  /** The rows of so long before a row's time, and those of its time. */
  public static Frame range(Duration preceding) {
    return new Frame(Unit.RANGE, preceding.toMillis());
  }

  /** All rows up to a row, and those of its time. */
  public static Frame unbounded() {
    return new Frame(Unit.RANGE, UNBOUNDED);
  }

  public boolean isUnbounded() {
    return preceding == UNBOUNDED;
  }

  @Override
  public String toString() {
    String from =
        isUnbounded()
            ? "unbounded"
            : unit == Unit.ROWS
                ? String.valueOf(preceding)
                : DurationText.format(Duration.ofMillis(preceding));
    return unit == Unit.ROWS ? from + " rows preceding" : from + " preceding";
  }
}
