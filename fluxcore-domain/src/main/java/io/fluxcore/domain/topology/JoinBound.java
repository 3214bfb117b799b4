package io.fluxcore.domain.topology;

import io.fluxcore.domain.join.AsOfMatch;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What bounds the rows that a join compares, as declared. What was not given is null. */
public sealed interface JoinBound {
  /** The word for it in job files and messages. */
  String kind();

  /** Whether it works on the times of events and on watermarks. */
  default boolean needsEventTime() {
    return true;
  }

  /** Whether the right input are the changes of a table. */
  default boolean isOfTable() {
    return false;
  }

  /** Whether it is with a table that has several rows of a key. */
  default boolean isOfAllRows() {
    return false;
  }

  // The same with a further setting; a bound that has no such setting says so.

  /**
   * With late rows that match what is held that much longer.
   *
   * @throws IllegalStateException if late rows do not match
   */
  default JoinBound withLateMatches(Duration longer) {
    throw new IllegalStateException(
        "late rows match in interval joins, and this one is a " + kind() + " join");
  }

  /**
   * With a table of all rows of a key.
   *
   * @throws IllegalStateException if it has none
   */
  default JoinBound withAllRows() {
    throw new IllegalStateException(
        "a " + kind() + " join has no table that could have several rows of a key");
  }

  /**
   * With a time after which state is forgotten; the kind of join says by which clock.
   *
   * @throws IllegalStateException if its state is bounded otherwise
   */
  default JoinBound withTimeToLive(Duration life) {
    throw new IllegalStateException(
        "the state of a " + kind() + " join is bounded by time: it has no time-to-live");
  }

  /**
   * With a time after which state is forgotten, by a clock.
   *
   * @throws IllegalStateException if the clock is not to be chosen
   */
  default JoinBound withTimeToLive(TimeToLive life) {
    throw new IllegalStateException(
        "the time of a " + kind() + " join's time-to-live is not to be chosen");
  }

  /**
   * With times after which the rows of either input are forgotten; null: never.
   *
   * @throws IllegalStateException if they have none of their own
   */
  default JoinBound withTimeToLives(@Nullable TimeToLive left, @Nullable TimeToLive right) {
    throw new IllegalStateException(
        "the inputs of a " + kind() + " join have no time-to-live of their own");
  }

  /**
   * With an order of right rows of the closest value, of which the first is taken.
   *
   * @throws IllegalStateException if it looks for no closest row
   */
  default JoinBound withTies(List<SortField> order) {
    throw new IllegalStateException("a " + kind() + " join has no ties to decide");
  }

  /**
   * Rows that are in the same window.
   *
   * @param window windows of time that are the same for all keys
   */
  record Window(@Nullable WindowShape window) implements JoinBound {
    @Override
    public String kind() {
      return "window";
    }

    @Override
    public String toString() {
      return window == null ? "window ?" : window.toString();
    }
  }

  /**
   * Rows of which the right one is within an interval of the left one's time: {@code left + lower ≤
   * right ≤ left + upper}.
   *
   * @param lower may be negative
   * @param upper at least the lower one
   * @param lateMatches how much longer rows are held for late rows to match them; null: late rows
   *     do not match
   */
  record Interval(
      @Nullable Duration lower, @Nullable Duration upper, @Nullable Duration lateMatches)
      implements JoinBound {
    @Override
    public String kind() {
      return "interval";
    }

    @Override
    public JoinBound withLateMatches(Duration longer) {
      return new Interval(lower, upper, longer);
    }

    @Override
    public String toString() {
      return "interval "
          + text(lower)
          + " to "
          + text(upper)
          + (lateMatches == null
              ? ""
              : ", late rows match " + DurationText.format(lateMatches) + " longer");
    }
  }

  /**
   * A row of the left input and the version of the right one's table that was valid at its time.
   *
   * @param timeToLive how long a version is valid if nothing ends it before; null: for ever
   */
  record Temporal(@Nullable Duration timeToLive) implements JoinBound {
    @Override
    public String kind() {
      return "temporal";
    }

    @Override
    public boolean isOfTable() {
      return true;
    }

    @Override
    public JoinBound withTimeToLive(Duration life) {
      return new Temporal(life);
    }

    @Override
    public String toString() {
      return "temporal" + life(timeToLive);
    }
  }

  /**
   * A row of the left input and what the right one's table has when it comes.
   *
   * @param timeToLive how long, by the clock, a row is kept after it was written, and what a row
   *     found that may be taken back; null: for ever
   * @param allRows whether the table has all rows of a key, as its changes say; or one, which the
   *     next row of the key replaces
   */
  record Table(@Nullable Duration timeToLive, boolean allRows) implements JoinBound {
    @Override
    public String kind() {
      return "table";
    }

    @Override
    public boolean isOfTable() {
      return true;
    }

    @Override
    public boolean isOfAllRows() {
      return allRows;
    }

    @Override
    public JoinBound withAllRows() {
      return new Table(timeToLive, true);
    }

    @Override
    public JoinBound withTimeToLive(Duration life) {
      return new Table(life, allRows);
    }

    @Override
    public boolean needsEventTime() {
      return false;
    }

    @Override
    public String toString() {
      return (allRows ? "table of all rows" : "table") + life(timeToLive);
    }
  }

  /**
   * All rows that there are: results are a changelog.
   *
   * @param left how long the left rows of a key are kept after the last one came; null: for ever
   * @param right the same of right rows
   */
  record Unbounded(@Nullable TimeToLive left, @Nullable TimeToLive right) implements JoinBound {
    /** The same for both inputs. */
    public Unbounded(@Nullable TimeToLive both) {
      this(both, both);
    }

    @Override
    public String kind() {
      return "unbounded";
    }

    @Override
    public JoinBound withTimeToLive(Duration life) {
      return withTimeToLive(TimeToLive.ofEventTime(life));
    }

    @Override
    public JoinBound withTimeToLive(TimeToLive life) {
      return new Unbounded(life);
    }

    @Override
    public JoinBound withTimeToLives(@Nullable TimeToLive newLeft, @Nullable TimeToLive newRight) {
      return new Unbounded(newLeft, newRight);
    }

    @Override
    public boolean needsEventTime() {
      return (left != null && left.time() == TimeCharacteristic.EVENT)
          || (right != null && right.time() == TimeCharacteristic.EVENT);
    }

    @Override
    public String toString() {
      if (left == null && right == null) {
        return "unbounded";
      }
      return "unbounded for "
          + (Objects.equals(left, right)
              ? left
              : forHowLong(left) + " left, " + forHowLong(right) + " right");
    }

    private static String forHowLong(@Nullable TimeToLive life) {
      return life == null ? "ever" : life.toString();
    }
  }

  /**
   * A row of the left input and, of the right rows of its key, the one that is closest: results are
   * a changelog.
   *
   * @param match which right row is closest
   * @param ties the order of right rows of the same value, of which the first is taken; what it
   *     leaves open is decided by the key of the right rows or, where none is known, by their other
   *     fields in order
   * @param timeToLive how long the rows of a key are kept after the last one of either input came;
   *     null: for ever
   */
  record AsOf(@Nullable AsOfMatch match, List<SortField> ties, @Nullable TimeToLive timeToLive)
      implements JoinBound {
    public AsOf {
      ties = List.copyOf(ties);
    }

    @Override
    public String kind() {
      return "asOf";
    }

    @Override
    public JoinBound withTimeToLive(Duration life) {
      return withTimeToLive(TimeToLive.ofEventTime(life));
    }

    @Override
    public JoinBound withTimeToLive(TimeToLive life) {
      return new AsOf(match, ties, life);
    }

    @Override
    public JoinBound withTies(List<SortField> order) {
      return new AsOf(match, order, timeToLive);
    }

    @Override
    public boolean needsEventTime() {
      return timeToLive != null && timeToLive.time() == TimeCharacteristic.EVENT;
    }

    @Override
    public String toString() {
      return "as of "
          + (match == null ? "?" : match)
          + (ties.isEmpty()
              ? ""
              : ties.stream()
                  .map(SortField::toString)
                  .collect(Collectors.joining(", ", " by ", "")))
          + (timeToLive == null ? "" : " for " + timeToLive);
    }
  }

  private static String life(@Nullable Duration life) {
    return life == null ? "" : " for " + DurationText.format(life);
  }

  private static String text(@Nullable Duration duration) {
    return duration == null
        ? "?"
        : duration.isNegative()
            ? "-" + DurationText.format(duration.negated())
            : DurationText.format(duration);
  }
}
