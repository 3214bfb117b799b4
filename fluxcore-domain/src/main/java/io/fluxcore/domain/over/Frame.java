package io.fluxcore.domain.over;

import io.fluxcore.domain.time.DurationText;
import java.time.Duration;

/**
 * Which rows of its key a row's aggregates are over. Immutable.
 *
 * @param unit what is counted
 * @param preceding where it begins: rows before it, or by how much less the value is that rows are
 *     ordered by, milliseconds of a time; {@link #UNBOUNDED}: with the first row; below 0: after it
 * @param following where it ends: the same after it; 0: with the row, and those of its place where
 *     values are counted; below 0: before it
 */
public record Frame(Unit unit, long preceding, long following) {
  /** From the first row on, or to the last one. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /** What a frame is counted in. */
  public enum Unit {
    /** Rows one by one, those of the same time in the order of their arrival. */
    ROWS,
    /** Time: rows of the same time are in each other's frames. */
    RANGE
  }

  public Frame {
    boolean isBounded = preceding != UNBOUNDED && following != UNBOUNDED;
    if (isBounded && preceding < 0 && -preceding > following) {
      throw new IllegalArgumentException(
          "a frame begins " + -preceding + " after its row, and ends " + following + " after it");
    }
    if (isBounded && following < 0 && -following > preceding) {
      throw new IllegalArgumentException(
          "a frame begins " + preceding + " before its row, and ends " + -following + " before it");
    }
  }

  /** A frame that ends with its row. */
  public Frame(Unit unit, long preceding) {
    this(unit, preceding, 0);
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

  /** Whether values bound it, and not only rows or places. */
  public boolean isMeasured() {
    return unit == Unit.RANGE && (isDistance(preceding) || isDistance(following));
  }

  private static boolean isDistance(long bound) {
    return bound != 0 && bound != UNBOUNDED;
  }

  /** Whether it ends with its row and begins with it or before. */
  public boolean endsWithRow() {
    return following == 0 && preceding >= 0;
  }

  @Override
  public String toString() {
    String from = bound(preceding, "preceding", "following");
    if (endsWithRow()) {
      return from;
    }
    return "between "
        + (preceding == 0 ? "current row" : from)
        + " and "
        + (following == 0 ? "current row" : bound(following, "following", "preceding"));
  }

  private String bound(long distance, String before, String after) {
    String unitText = unit == Unit.ROWS ? " rows " : " ";
    if (distance == UNBOUNDED) {
      return "unbounded" + unitText + before;
    }
    long length = Math.abs(distance);
    String text =
        unit == Unit.ROWS ? String.valueOf(length) : DurationText.format(Duration.ofMillis(length));
    return text + unitText + (distance < 0 ? after : before);
  }
}
