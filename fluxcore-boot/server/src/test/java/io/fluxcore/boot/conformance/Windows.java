package io.fluxcore.boot.conformance;

import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Touching;
import java.time.Duration;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which windows a case is about. */
sealed interface Windows {
  /** Windows with bounds in time. */
  sealed interface Timed extends Windows {
    WindowConfig.Builder<?> builder();
  }

  /**
   * Windows of time whose bounds do not depend on the rows.
   *
   * @param stepMillis from one start to the next, or from one end to the next where windows grow;
   *     the size for tumbling windows
   * @param isCumulative whether windows share their start and grow
   */
  record OfTime(long sizeMillis, long stepMillis, long offsetMillis, boolean isCumulative)
      implements Timed {
    @Override
    public WindowConfig.Builder<?> builder() {
      Duration size = Duration.ofMillis(sizeMillis);
      Duration step = Duration.ofMillis(stepMillis);
      Duration offset = Duration.ofMillis(offsetMillis);
      if (isCumulative) {
        return WindowConfig.cumulative().withDuration(size).withStep(step).withOffset(offset);
      }
      return sizeMillis == stepMillis
          ? WindowConfig.tumbling().withDuration(size).withOffset(offset)
          : WindowConfig.sliding().withDuration(size).withSlide(step).withOffset(offset);
    }
  }

  /**
   * Sessions.
   *
   * @param sizeMillis the gap, which is the length of a session of one row
   * @param touching whether rows exactly one gap apart are in one
   */
  record Sessions(long sizeMillis, Touching touching) implements Timed {
    @Override
    public WindowConfig.Builder<?> builder() {
      return WindowConfig.session().withGap(Duration.ofMillis(sizeMillis)).withTouching(touching);
    }
  }

  /** One window of all rows of a group. */
  record Global() implements Windows {}

  /** Windows of so many rows. */
  record OfRows(long size, long slide) implements Windows {}

  /** The windows of a definition, as the project has them that it comes from. */
  static Windows of(String type, JsonNode window, Peer peer) {
    Set<String> time = Set.of("type", "time", "size_ms", "slide_ms", "offset_ms", "grace_ms");
    switch (type) {
      case "tumbling", "sliding" -> {
        WindowDefinition.only("window", window, time);
        long size = WindowDefinition.number(window, "size_ms");
        return new OfTime(
            size,
            type.equals("tumbling") ? size : WindowDefinition.number(window, "slide_ms"),
            window.path("offset_ms").asLong(0),
            false);
      }
      case "cumulative" -> {
        WindowDefinition.only(
            "window", window, Set.of("type", "time", "size_ms", "step_ms", "offset_ms"));
        return new OfTime(
            WindowDefinition.number(window, "size_ms"),
            WindowDefinition.number(window, "step_ms"),
            window.path("offset_ms").asLong(0),
            true);
      }
      case "session" -> {
        WindowDefinition.only("window", window, Set.of("type", "time", "gap_ms", "grace_ms"));
        return new Sessions(WindowDefinition.number(window, "gap_ms"), peer.touching());
      }
      case "global" -> {
        WindowDefinition.only("window", window, Set.of("type", "time"));
        return new Global();
      }
      case "count" -> {
        WindowDefinition.only("window", window, Set.of("type", "size", "slide"));
        long size = WindowDefinition.number(window, "size");
        return new OfRows(
            size, window.has("slide") ? WindowDefinition.number(window, "slide") : size);
      }
      default -> throw new UnsupportedCaseException("windows of type '" + type + "' are not known");
    }
  }

  /** Length of a window of time; 0 where windows have none. */
  default long sizeMillis() {
    return 0;
  }
}
