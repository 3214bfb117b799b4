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
