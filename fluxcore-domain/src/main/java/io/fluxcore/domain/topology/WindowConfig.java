package io.fluxcore.domain.topology;

import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import java.time.Duration;
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
 */
public record WindowConfig(
    WindowShape shape,
    Duration allowedLateness,
    boolean lateOutput,
    Accumulation accumulation,
    TimeCharacteristic time)
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
    } else if (shape instanceof WindowShape.Session session) {
      text.append(" gap ").append(text(session.gap()));
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

    abstract WindowShape shape();

    public WindowConfig build() {
      return new WindowConfig(shape(), allowedLateness, lateOutput, accumulation, time);
    }
  }

  /**
   * What the builders of windows that do not depend on the rows share. Not thread-safe.
   *
   * @param <B> the builder itself
   */
  public abstract static sealed class AlignedBuilder<B extends AlignedBuilder<B>>
      extends Builder<B> {
    Duration offset = Duration.ZERO;

    private AlignedBuilder() {}

    /** Moves the starts of all windows. */
    public B withOffset(Duration shift) {
      this.offset = Objects.requireNonNull(shift);
      return self();
    }
  }

  /** Collects the settings of tumbling windows. Not thread-safe. */
  public static final class TumblingBuilder extends AlignedBuilder<TumblingBuilder> {
    private @Nullable Duration size;

    private TumblingBuilder() {}

    /** Length of a window. */
    public TumblingBuilder withDuration(Duration length) {
      this.size = Objects.requireNonNull(length);
      return this;
    }

    @Override
    WindowShape shape() {
      return new WindowShape.Tumbling(size, offset);
    }
  }

  /** Collects the settings of sliding windows. Not thread-safe. */
  public static final class SlidingBuilder extends AlignedBuilder<SlidingBuilder> {
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
      return new WindowShape.Sliding(size, slide, offset);
    }
  }

  /** Collects the settings of session windows. Not thread-safe. */
  public static final class SessionBuilder extends Builder<SessionBuilder> {
    private @Nullable Duration gap;

    private SessionBuilder() {}

    /** The time without a row that ends a window; rows exactly so far apart are still together. */
    public SessionBuilder withGap(Duration length) {
      this.gap = Objects.requireNonNull(length);
      return this;
    }

    @Override
    WindowShape shape() {
      return new WindowShape.Session(gap);
    }
  }
}
