package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.window.PeriodicWindows;
import io.fluxcore.domain.window.WindowSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Joins rows of which the right one lies within an interval of the left one's time: {@code left +
 * lower ≤ right ≤ left + upper}. The declaration that {@link #operator} compiles. Immutable.
 *
 * <p>A pair is given as soon as both rows are there, with the later of their times. A row that has
 * matched none is given when nothing can match it any more, with its own time; so is a row of a
 * semi join when it matches first. The watermark behind the join stays before the times of such
 * rows as long as they may still be given.
 *
 * <p>A row is late when the watermark has passed its time by the allowed lateness. Whatever a row
 * that is not late may match is still held, so that it has all its results.
 *
 * <p>Where late rows match ({@code lateMatches}), as in Kafka Streams, such a row is a row as any
 * other: it is matched with what is held, which are rows of which the watermark is not yet {@code
 * lateMatches} further than the last row that may match them and is not late. Without a match it is
 * given alone at once where that time has passed; a row that was given alone may still match
 * afterwards. Late is then a row without any result that is too old to be held. Pairs are not late
 * behind the join, since the watermark there waits for what is held; rows of late rows alone may
 * be.
 *
 * @param lowerMillis may be negative
 * @param upperMillis at least the lower one
 * @param lateMatches how much longer rows are held for late rows to match them; null: late rows do
 *     not match
 */
public record IntervalJoin(
    EquiJoin join,
    long lowerMillis,
    long upperMillis,
    Lateness lateness,
    @Nullable Duration lateMatches) {
  /** Kept rows are cut into so many parts of time at most, if the interval lets them. */
  private static final long PARTS = 64;

  public IntervalJoin {
    if (lowerMillis > upperMillis
        || lowerMillis < -WindowSpec.MAX_TIME
        || upperMillis > WindowSpec.MAX_TIME) {
      throw new IllegalArgumentException(
          "the interval from "
              + lowerMillis
              + " ms to "
              + upperMillis
              + " ms is empty or out of range");
    }
    if (lateMatches != null
        && (lateMatches.isNegative() || lateMatches.toMillis() > WindowSpec.MAX_TIME)) {
      throw new IllegalArgumentException(
          "rows cannot be held "
              + lateMatches
              + " for late rows: give zero or a positive duration up to "
              + WindowSpec.MAX_TIME
              + " ms");
    }
  }

  public Schema outputSchema() {
    return join.fields().output();
  }

  /**
   * Rows of two inputs in, results out; late rows leave by the ports of {@link EquiJoin}.
   *
   * @param condition what else must be true of a pair, compiled for {@link JoinFields#pairs}; null:
   *     nothing
   */
  public Operator operator(@Nullable CompiledPredicate condition) {
    return new IntervalJoinOperator(this, condition);
  }

  /** How far before a row of this input a row of the other one may lie, as a distance to it. */
  long lowest(int input) {
    return input == JoinType.LEFT_INPUT ? lowerMillis : -upperMillis;
  }

  /** How far behind a row of this input a row of the other one may lie. */
  long highest(int input) {
    return input == JoinType.LEFT_INPUT ? upperMillis : -lowerMillis;
  }

  /** Whether no row that is not late can match a row of this time. */
  boolean isOver(int input, long time, long watermark) {
    return lateness.isOver(time + highest(input), watermark);
  }

  /** How much longer rows are held than what is not late may match them. */
  private long heldMillis() {
    return lateMatches == null ? 0 : lateMatches.toMillis();
  }

  /** Whether a row of this time matches none any more, late or not. */
  boolean isDropped(int input, long time, long watermark) {
    return isOver(input, time + heldMillis(), watermark);
  }

  /**
   * The time at and below which no pair is given any more when the watermark has come so far, nor a
   * row of a semi join.
   */
  long horizon(long watermark) {
    if (lateMatches == null) {
      return lateness.horizon(watermark);
    }
    // a pair is as old as the older of its rows may be, a row of a semi join older than its match
    long reach = Math.max(upperMillis, -lowerMillis);
    if (join.type() == JoinType.SEMI) {
      reach = Math.max(reach, upperMillis - lowerMillis);
    }
    return Lateness.horizon(watermark, lateness.millis() + heldMillis() + Math.max(0, reach));
  }

  /** Whether rows of this input that are kept may be given alone. */
  boolean givesSingles(int input) {
    return join.type().givesUnmatched(input)
        || (join.type() == JoinType.SEMI && input == JoinType.LEFT_INPUT);
  }

  /**
   * The parts of time by which rows are kept: half an interval, so that a row is looked for in
   * three of them at most, and not too many of them.
   */
  PeriodicWindows parts() {
    long span = upperMillis - lowerMillis;
    long held = Math.max(0, Math.max(upperMillis, -lowerMillis)) + lateness.millis() + heldMillis();
    long millis = Math.max(1, Math.max(span / 2, held / PARTS));
    return WindowSpec.tumbling(Math.min(millis, WindowSpec.MAX_TIME), 0);
  }

  String stateMeaning() {
    return join.meaning("interval") + " within " + lowerMillis + ".." + upperMillis + " ms";
  }
}
