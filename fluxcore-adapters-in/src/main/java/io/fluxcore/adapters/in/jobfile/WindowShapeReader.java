package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.topology.WindowShape;
import io.fluxcore.domain.window.CalendarUnit;
import io.fluxcore.domain.window.LateFiring;
import io.fluxcore.domain.window.Touching;
import io.fluxcore.domain.window.Trigger;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Makes the kind of a window, and its trigger, of the settings below the kind's word. */
final class WindowShapeReader {
  private final Values values;

  WindowShapeReader(Values values) {
    this.values = values;
  }

  WindowShape read(String kind, Mapping settings) {
    Duration size = values.optionalDuration(settings, "duration");
    ZoneId zone = zone(settings.get("zone"));
    return switch (kind) {
      case "tumbling" -> new WindowShape.Tumbling(size, offset(settings), zone);
      case "sliding" ->
          new WindowShape.Sliding(
              size, values.optionalDuration(settings, "slide"), offset(settings), zone);
      case "cumulative" ->
          new WindowShape.Cumulative(
              size, values.optionalDuration(settings, "step"), offset(settings), zone);
      case "session" ->
          new WindowShape.Session(
              values.optionalDuration(settings, "gap"),
              Values.constant(settings, "touching", Touching.class, Touching.MERGE),
              zone);
      case "calendar" ->
          new WindowShape.Calendar(
              Values.constant(settings, "unit", CalendarUnit.class, CalendarUnit.DAY),
              zone,
              Values.constant(settings, "firstDayOfWeek", DayOfWeek.class, DayOfWeek.MONDAY));
      case "count" -> {
        long rows = Values.integer(settings, "size", 0);
        yield new WindowShape.Count(
            rows,
            settings.get("slide") == null ? rows : Values.integer(settings, "slide", 0),
            Values.flag(settings, "incomplete"));
      }
      case "global" -> new WindowShape.Global();
      default -> throw new IllegalStateException("the schema let a window '" + kind + "' by");
    };
  }

  private Duration offset(Mapping settings) {
    return values.offset(settings, "offset");
  }

  private @Nullable ZoneId zone(@Nullable TextNode node) {
    if (node == null) {
      return null;
    }
    return values.check(
        node,
        () -> {
          try {
            return ZoneId.of(Values.text(node));
          } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                "'" + Values.text(node) + "' is no time zone such as Europe/Berlin or UTC", e);
          }
        });
  }

  Trigger trigger(@Nullable TextNode node) {
    if (node == null) {
      return Trigger.onWatermark();
    }
    Mapping settings = Values.mapping(node);
    return new Trigger(
        settings.get("onWatermark") == null || Values.flag(settings, "onWatermark"),
        values.optionalDuration(settings, "earlyEvery"),
        values.optionalDuration(settings, "earlyEveryProcessingTime"),
        Values.integer(settings, "earlyAfter", 0),
        Values.constant(settings, "late", LateFiring.class, LateFiring.EACH_BATCH));
  }
}
