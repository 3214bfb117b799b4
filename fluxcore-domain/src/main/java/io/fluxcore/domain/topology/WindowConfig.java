package io.fluxcore.domain.topology;

import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.CalendarUnit;
import io.fluxcore.domain.window.Touching;
import io.fluxcore.domain.window.Trigger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an unbounded stream is cut for the aggregate that follows.
 *
 * @param shape which windows a row belongs to
 * @param allowedLateness how long after its end (in event time) a window takes late rows
 * @param lateOutput whether rows that are too late even for that leave by the aggregate's port
 *     {@code late}; they are counted in any case
 * @param accumulation how later results of one window relate to earlier ones
 * @param time event time, or processing time
 * @param trigger when windows give results
 */
public record WindowConfig(
    WindowShape shape,
    Duration allowedLateness,
    boolean lateOutput,
    Accumulation accumulation,
    TimeCharacteristic time,
    Trigger trigger)
    implements NodeConfig {

  /** The port of the aggregate for rows that are too late. */
  public static final String LATE_PORT = "late";

  /** Windows side by side. */
  public static TumblingBuilder tumbling() {
    return new TumblingBuilder();
  }

  /** Windows that overlap. */
  public static SlidingBuilder sliding() {
    return new SlidingBuilder();
  }

  /** Windows of rows that follow each other closely. */
  public static SessionBuilder session() {
    return new SessionBuilder();
  }

  /** Windows that share their start and grow by a step until they have their full size. */
  public static CumulativeBuilder cumulative() {
    return new CumulativeBuilder();
  }

  /** Days, weeks, months, quarters or years of a time zone. */
  public static CalendarBuilder calendar() {
    return new CalendarBuilder();
  }

  /** Windows of so many rows of a group. */
  public static CountBuilder count() {
    return new CountBuilder();
  }

  /** One window of all rows of a group, which ends with the input: give it a trigger. */
  public static GlobalBuilder global() {
    return new GlobalBuilder();
  }

  /** Whether windows need the rows' event time and watermarks. */
  public boolean needsEventTime() {
    return time != TimeCharacteristic.PROCESSING
        && !(shape instanceof WindowShape.Count)
        && !(shape instanceof WindowShape.Global && trigger.earlyEvery() == null);
  }

  /** Whether results have a time: the end of their window. Those of count windows have none. */
  public boolean givesEventTime() {
    return !(shape instanceof WindowShape.Count || shape instanceof WindowShape.Global);
  }

  /**
   * Whether what results there are depends only on the rows, where none is late, and not on the
   * order in which rows and watermarks arrive.
   */
  public boolean isDeterministic() {
    return (time != TimeCharacteristic.PROCESSING || shape instanceof WindowShape.Global)
        && !(shape instanceof WindowShape.Count)
        && !trigger.isEarly();
  }

  @Override
  public @Nullable ErrorPolicy errors() {
    return null;
  }

  @Override
  public String describe() {
    StringBuilder text = new StringBuilder(shape.kind()).append(" window");
    if (shape instanceof WindowShape.Tumbling tumbling) {
      text.append(" size ").append(text(tumbling.size()));
      offset(text, tumbling.offset());
    } else if (shape instanceof WindowShape.Sliding sliding) {
      text.append(" size ").append(text(sliding.size()));
      text.append(" slide ").append(text(sliding.slide()));
      offset(text, sliding.offset());
    } else if (shape instanceof WindowShape.Cumulative cumulative) {
      text.append(" size ").append(text(cumulative.size()));
      text.append(" step ").append(text(cumulative.step()));
      offset(text, cumulative.offset());
    } else if (shape instanceof WindowShape.Calendar calendar) {
      describe(text, calendar);
    } else if (shape instanceof WindowShape.Count count) {
      text.append(" size ").append(count.size());
      text.append(count.slide() == count.size() ? "" : " slide " + count.slide());
      text.append(count.incomplete() ? " incomplete" : "");
    } else if (shape instanceof WindowShape.Session session) {
      text.append(" gap ").append(text(session.gap()));
      text.append(session.touching() == Touching.MERGE ? "" : " touching separate");
    }
    if (shape.zone() != null && !(shape instanceof WindowShape.Calendar)) {
      text.append(" in ").append(shape.zone());
    }
    if (!trigger.isUsual()) {
      text.append(" (").append(trigger).append(')');
    }
    if (!allowedLateness.isZero()) {
      text.append(" lateness ").append(text(allowedLateness));
    }
    if (accumulation != Accumulation.ACCUMULATING) {
      text.append(' ').append(accumulation.name().toLowerCase(Locale.ROOT));
    }
    if (time == TimeCharacteristic.PROCESSING) {
      text.append(" processing time");
    }
    return text.toString();
  }

  private static void describe(StringBuilder text, WindowShape.Calendar calendar) {
    text.append(' ')
        .append(calendar.unit() == null ? "?" : calendar.unit().name().toLowerCase(Locale.ROOT));
    text.append(" in ").append(calendar.zone() == null ? "?" : calendar.zone());
    if (calendar.firstDayOfWeek() != DayOfWeek.MONDAY) {
      text.append(" from ").append(calendar.firstDayOfWeek().name().toLowerCase(Locale.ROOT));
    }
  }

  private static void offset(StringBuilder text, Duration offset) {
    if (!offset.isZero()) {
      text.append(" offset ").append(text(offset));
    }
  }

  private static String text(@Nullable Duration duration) {
    return duration == null ? "?" : DurationText.format(duration);
  }

  @Override
  public List<String> boundParts() {
    return List.of();
  }

  /**
   * What the builders of all windows share. Not thread-safe.
   *
   * @param <B> the builder itself
   */
  public abstract static sealed class Builder<B extends Builder<B>> {
    private Trigger trigger = Trigger.onWatermark();
    private Duration allowedLateness = Duration.ZERO;
    private boolean lateOutput;
    private Accumulation accumulation = Accumulation.ACCUMULATING;
    private TimeCharacteristic time = TimeCharacteristic.EVENT;

    private Builder() {}

    @SuppressWarnings("unchecked")
    final B self() {
      return (B) this;
    }

    /** How long after its end a window takes late rows, giving a new result for them. */
    public B withAllowedLateness(Duration lateness) {
      this.allowedLateness = Objects.requireNonNull(lateness);
      return self();
    }

    /** Rows that are too late leave by the port {@code late} of the aggregate that follows. */
    public B withLateOutput() {
      this.lateOutput = true;
      return self();
    }

    /** How later results of one window relate to earlier ones. */
    public B withAccumulation(Accumulation mode) {
      this.accumulation = Objects.requireNonNull(mode);
      return self();
    }

    /** Event time unless said otherwise. */
    public B withTime(TimeCharacteristic characteristic) {
      this.time = Objects.requireNonNull(characteristic);
      return self();
    }

    /** When windows give results: on the watermark unless said otherwise. */
    public B withTrigger(Trigger when) {
      this.trigger = Objects.requireNonNull(when);
      return self();
    }

    abstract WindowShape shape();

    public WindowConfig build() {
      return new WindowConfig(shape(), allowedLateness, lateOutput, accumulation, time, trigger);
    }
  }

  /**
   * What the builders of windows with an offset share. Not thread-safe.
   *
   * @param <B> the builder itself
   */
  public abstract static sealed class OffsetBuilder<B extends OffsetBuilder<B>> extends Builder<B> {
    Duration offset = Duration.ZERO;
    @Nullable ZoneId zone;

    private OffsetBuilder() {}

    /** Moves the starts of all windows. */
    public B withOffset(Duration shift) {
      this.offset = Objects.requireNonNull(shift);
      return self();
    }

    /** Windows are cut by the clocks of this zone; in UTC unless said. */
    public B withZone(ZoneId newZone) {
      this.zone = Objects.requireNonNull(newZone);
      return self();
    }
  }

  /** Collects the settings of tumbling windows. Not thread-safe. */
  public static final class TumblingBuilder extends OffsetBuilder<TumblingBuilder> {
    private @Nullable Duration size;

    private TumblingBuilder() {}

    /** Length of a window. */
    public TumblingBuilder withDuration(Duration length) {
      this.size = Objects.requireNonNull(length);
      return this;
    }

    @Override
    WindowShape shape() {
      return new WindowShape.Tumbling(size, offset, zone);
    }
  }

  /** Collects the settings of sliding windows. Not thread-safe. */
  public static final class SlidingBuilder extends OffsetBuilder<SlidingBuilder> {
    private @Nullable Duration size;
    private @Nullable Duration slide;

    private SlidingBuilder() {}

    /** Length of a window. */
    public SlidingBuilder withDuration(Duration length) {
      this.size = Objects.requireNonNull(length);
      return this;
    }

    /** From the start of one window to the next. */
    public SlidingBuilder withSlide(Duration step) {
      this.slide = Objects.requireNonNull(step);
      return this;
    }

    @Override
    WindowShape shape() {
      return new WindowShape.Sliding(size, slide, offset, zone);
    }
  }

  /** Collects the settings of session windows. Not thread-safe. */
  public static final class SessionBuilder extends Builder<SessionBuilder> {
    private @Nullable Duration gap;
    private Touching touching = Touching.MERGE;
    private @Nullable ZoneId zone;

    private SessionBuilder() {}

    /**
     * The time without a row that ends a window; rows exactly so far apart are still together,
     * unless {@link #withTouching} says otherwise.
     */
    public SessionBuilder withGap(Duration length) {
      this.gap = Objects.requireNonNull(length);
      return this;
    }

    /** Whether rows exactly one gap apart are in one window, as they are unless said. */
    public SessionBuilder withTouching(Touching choice) {
      this.touching = Objects.requireNonNull(choice);
      return this;
    }

    /** The gap is reckoned on the clocks of this zone; in UTC unless said. */
    public SessionBuilder withZone(ZoneId newZone) {
      this.zone = Objects.requireNonNull(newZone);
      return this;
    }

    @Override
    WindowShape shape() {
      return new WindowShape.Session(gap, touching, zone);
    }
  }

  /** Collects the settings of cumulative windows. Not thread-safe. */
  public static final class CumulativeBuilder extends OffsetBuilder<CumulativeBuilder> {
    private @Nullable Duration size;
    private @Nullable Duration step;

    private CumulativeBuilder() {}

    /** Length of the longest window. */
    public CumulativeBuilder withDuration(Duration length) {
      this.size = Objects.requireNonNull(length);
      return this;
    }

    /** By how much the next window is longer. */
    public CumulativeBuilder withStep(Duration more) {
      this.step = Objects.requireNonNull(more);
      return this;
    }

    @Override
    WindowShape shape() {
      return new WindowShape.Cumulative(size, step, offset, zone);
    }
  }

  /** Collects the settings of calendar windows. Not thread-safe. */
  public static final class CalendarBuilder extends Builder<CalendarBuilder> {
    private @Nullable CalendarUnit unit;
    private @Nullable ZoneId zone;
    private DayOfWeek firstDayOfWeek = DayOfWeek.MONDAY;

    private CalendarBuilder() {}

    /** A window is a day, a week, a month, a quarter or a year. */
    public CalendarBuilder withUnit(CalendarUnit length) {
      this.unit = Objects.requireNonNull(length);
      return this;
    }

    /** Windows start at midnight of this zone. */
    public CalendarBuilder withZone(ZoneId newZone) {
      this.zone = Objects.requireNonNull(newZone);
      return this;
    }

    /** Where weeks start: on Monday unless said otherwise. */
    public CalendarBuilder withFirstDayOfWeek(DayOfWeek day) {
      this.firstDayOfWeek = Objects.requireNonNull(day);
      return this;
    }

    @Override
    WindowShape shape() {
      return new WindowShape.Calendar(unit, zone, firstDayOfWeek);
    }
  }

  /** Collects the settings of count windows. Not thread-safe. */
  public static final class CountBuilder {
    private long size;
    private long slide;
    private boolean incomplete;

    private CountBuilder() {}

    /** Rows of a window. */
    public CountBuilder withSize(long rows) {
      this.size = rows;
      return this;
    }

    /** Rows from one result to the next, each over the last rows; the size unless given. */
    public CountBuilder withSlide(long rows) {
      this.slide = rows;
      return this;
    }

    /**
     * The end of the input gives a result for rows that fill no window; otherwise they give none.
     */
    public CountBuilder withIncomplete() {
      this.incomplete = true;
      return this;
    }

    /** The windows; what is wrong with them is told by the topology's validation. */
    public WindowConfig build() {
      return new WindowConfig(
          new WindowShape.Count(size, slide == 0 ? size : slide, incomplete),
          Duration.ZERO,
          false,
          Accumulation.ACCUMULATING,
          TimeCharacteristic.EVENT,
          Trigger.onWatermark());
    }
  }

  /** Collects the settings of the global window. Not thread-safe. */
  public static final class GlobalBuilder {
    private Trigger trigger = Trigger.onWatermark();
    private Accumulation accumulation = Accumulation.ACCUMULATING;
    private TimeCharacteristic time = TimeCharacteristic.EVENT;

    private GlobalBuilder() {}

    /** When it gives results: at the end of the input unless said otherwise. */
    public GlobalBuilder withTrigger(Trigger when) {
      this.trigger = Objects.requireNonNull(when);
      return this;
    }

    /** How later results of a group relate to earlier ones. */
    public GlobalBuilder withAccumulation(Accumulation mode) {
      this.accumulation = Objects.requireNonNull(mode);
      return this;
    }

    /** Event time unless said otherwise. */
    public GlobalBuilder withTime(TimeCharacteristic characteristic) {
      this.time = Objects.requireNonNull(characteristic);
      return this;
    }

    /** The window; what is wrong with it is told by the topology's validation. */
    public WindowConfig build() {
      return new WindowConfig(
          new WindowShape.Global(), Duration.ZERO, false, accumulation, time, trigger);
    }
  }
}
