package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.SessionAggregation;
import io.fluxcore.domain.window.WindowAggregation;
import io.fluxcore.domain.window.WindowSpec;
import io.fluxcore.domain.window.WindowedAggregation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which windows a row belongs to, as declared. A size that was not given is null. */
public sealed interface WindowShape {
  /** The word for it in job files and messages. */
  String kind();

  /**
   * Aggregates over such windows.
   *
   * @throws IllegalArgumentException if a length is absent or out of its range
   */
  WindowedAggregation aggregation(
      List<String> groupBy,
      List<AggregateCall> aggregates,
      long allowedLatenessMillis,
      Accumulation accumulation,
      TimeCharacteristic time);

  /** Windows whose bounds do not depend on the rows. */
  sealed interface Aligned extends WindowShape {
    /**
     * The same in milliseconds.
     *
     * @throws IllegalArgumentException if a length is absent or out of its range
     */
    WindowSpec spec();

    @Override
    default WindowedAggregation aggregation(
        List<String> groupBy,
        List<AggregateCall> aggregates,
        long allowedLatenessMillis,
        Accumulation accumulation,
        TimeCharacteristic time) {
      return new WindowAggregation(
          groupBy, spec(), aggregates, allowedLatenessMillis, accumulation, time);
    }
  }

  /** A length that must be there. */
  private static long millis(String what, @Nullable Duration length) {
    if (length == null) {
      throw new IllegalArgumentException("the window has no " + what);
    }
    return length.toMillis();
  }

  /**
   * Windows side by side.
   *
   * @param size length
   * @param offset of the windows' starts from the multiples of the size since the epoch
   */
  record Tumbling(@Nullable Duration size, Duration offset) implements Aligned {
    @Override
    public String kind() {
      return "tumbling";
    }

    @Override
    public WindowSpec spec() {
      return WindowSpec.tumbling(millis("size", size), offset.toMillis());
    }
  }

  /**
   * Windows of one length that start at regular steps. They overlap when the step is less than the
   * length, and leave gaps when it is more.
   *
   * @param size length
   * @param slide from one start to the next
   * @param offset of the windows' starts from the multiples of the slide since the epoch
   */
  record Sliding(@Nullable Duration size, @Nullable Duration slide, Duration offset)
      implements Aligned {
    @Override
    public String kind() {
      return "sliding";
    }

    @Override
    public WindowSpec spec() {
      return WindowSpec.sliding(millis("size", size), millis("slide", slide), offset.toMillis());
    }
  }

  /**
   * Windows of rows that follow each other closely.
   *
   * @param gap the time without a row that ends a window
   */
  record Session(@Nullable Duration gap) implements WindowShape {
    @Override
    public String kind() {
      return "session";
    }

    @Override
    public WindowedAggregation aggregation(
        List<String> groupBy,
        List<AggregateCall> aggregates,
        long allowedLatenessMillis,
        Accumulation accumulation,
        TimeCharacteristic time) {
      return new SessionAggregation(
          groupBy, millis("gap", gap), aggregates, allowedLatenessMillis, accumulation, time);
    }
  }
}
