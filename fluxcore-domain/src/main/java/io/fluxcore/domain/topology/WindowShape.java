package io.fluxcore.domain.topology;

import io.fluxcore.domain.window.CalendarUnit;
import io.fluxcore.domain.window.CalendarWindows;
import io.fluxcore.domain.window.CountWindows;
import io.fluxcore.domain.window.CumulativeWindows;
import io.fluxcore.domain.window.GlobalWindow;
import io.fluxcore.domain.window.SessionWindows;
import io.fluxcore.domain.window.Touching;
import io.fluxcore.domain.window.WindowSpec;
import io.fluxcore.domain.window.ZonedWindows;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Which windows a row belongs to, as declared. A size that was not given is null. */
public sealed interface WindowShape {
  /** The word for it in job files and messages. */
  String kind();

  /**
   * The same as the engine has it, in milliseconds.
   *
   * @throws IllegalArgumentException if a length is absent or out of its range
   */
  WindowSpec spec();

  /** The zone whose clocks cut the windows; null: they are cut in UTC. */
  default @Nullable ZoneId zone() {
    return null;
  }

  /** Windows of the clocks of a zone, if there is one. */
  private static WindowSpec in(@Nullable ZoneId zone, WindowSpec windows) {
    return zone == null ? windows : new ZonedWindows(windows, zone);
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
   * @param zone whose clocks cut the windows, null for UTC: see {@link ZonedWindows}
   */
  record Tumbling(@Nullable Duration size, Duration offset, @Nullable ZoneId zone)
      implements WindowShape {
    public Tumbling(@Nullable Duration size, Duration offset) {
      this(size, offset, null);
    }

    @Override
    public String kind() {
      return "tumbling";
    }

    @Override
    public WindowSpec spec() {
      return in(zone, WindowSpec.tumbling(millis("size", size), offset.toMillis()));
    }
  }

  /**
   * Windows of one length that start at regular steps. They overlap when the step is less than the
   * length, and leave gaps when it is more.
   *
   * @param size length
   * @param slide from one start to the next
   * @param offset of the windows' starts from the multiples of the slide since the epoch
   * @param zone whose clocks cut the windows, null for UTC: see {@link ZonedWindows}
   */
  record Sliding(
      @Nullable Duration size, @Nullable Duration slide, Duration offset, @Nullable ZoneId zone)
      implements WindowShape {
    public Sliding(@Nullable Duration size, @Nullable Duration slide, Duration offset) {
      this(size, slide, offset, null);
    }

    @Override
    public String kind() {
      return "sliding";
    }

    @Override
    public WindowSpec spec() {
      return in(
          zone,
          WindowSpec.sliding(millis("size", size), millis("slide", slide), offset.toMillis()));
    }
  }

  /**
   * Windows that share their start and grow by a step until they have their full size.
   *
   * @param size length of the longest window, a multiple of the step
   * @param step by how much the next window is longer
   * @param offset of the windows' starts from the multiples of the size since the epoch
   * @param zone whose clocks cut the windows, null for UTC: see {@link ZonedWindows}
   */
  record Cumulative(
      @Nullable Duration size, @Nullable Duration step, Duration offset, @Nullable ZoneId zone)
      implements WindowShape {
    public Cumulative(@Nullable Duration size, @Nullable Duration step, Duration offset) {
      this(size, step, offset, null);
    }

    @Override
    public String kind() {
      return "cumulative";
    }

    @Override
    public WindowSpec spec() {
      return in(
          zone,
          new CumulativeWindows(millis("size", size), millis("step", step), offset.toMillis()));
    }
  }

  /**
   * Days, weeks, months, quarters or years of a time zone.
   *
   * @param unit which of them
   * @param zone whose midnights count
   * @param firstDayOfWeek where weeks start
   */
  record Calendar(@Nullable CalendarUnit unit, @Nullable ZoneId zone, DayOfWeek firstDayOfWeek)
      implements WindowShape {
    @Override
    public String kind() {
      return "calendar";
    }

    @Override
    public WindowSpec spec() {
      if (unit == null || zone == null) {
        throw new IllegalArgumentException("the window has no " + (unit == null ? "unit" : "zone"));
      }
      return new CalendarWindows(unit, zone, firstDayOfWeek);
    }
  }

  /**
   * Windows of so many rows of a group.
   *
   * @param size rows of a window
   * @param slide rows from one result to the next; the size for windows side by side
   * @param incomplete whether the end of the input gives windows that are not full
   */
  record Count(long size, long slide, boolean incomplete) implements WindowShape {
    @Override
    public String kind() {
      return "count";
    }

    @Override
    public WindowSpec spec() {
      return new CountWindows(size, slide, incomplete);
    }
  }

  /** One window of all rows of a group. */
  record Global() implements WindowShape {
    @Override
    public String kind() {
      return "global";
    }

    @Override
    public WindowSpec spec() {
      return new GlobalWindow();
    }
  }

  /**
   * Windows of rows that follow each other closely.
   *
   * @param gap the time without a row that ends a window
   * @param touching whether rows exactly one gap apart are in one window
   * @param zone whose clocks cut the windows, null for UTC: see {@link ZonedWindows}
   */
  record Session(@Nullable Duration gap, Touching touching, @Nullable ZoneId zone)
      implements WindowShape {
    /** Windows that are one where they touch. */
    public Session(@Nullable Duration gap, @Nullable ZoneId zone) {
      this(gap, Touching.MERGE, zone);
    }

    @Override
    public String kind() {
      return "session";
    }

    @Override
    public WindowSpec spec() {
      return in(zone, new SessionWindows(millis("gap", gap), touching));
    }
  }
}
