package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.domain.topology.WindowShape;
import io.fluxcore.domain.window.LateFiring;
import io.fluxcore.domain.window.Touching;
import io.fluxcore.domain.window.Trigger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of windows and triggers as a job file has them. */
final class WindowWords {
  private WindowWords() {}

  static Map<String, Object> shape(WindowShape shape) {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (shape instanceof WindowShape.Tumbling tumbling) {
      JobFileWriter.putIfThere(settings, "duration", tumbling.size());
      offset(settings, tumbling.offset());
    } else if (shape instanceof WindowShape.Sliding sliding) {
      JobFileWriter.putIfThere(settings, "duration", sliding.size());
      JobFileWriter.putIfThere(settings, "slide", sliding.slide());
      offset(settings, sliding.offset());
    } else if (shape instanceof WindowShape.Cumulative cumulative) {
      JobFileWriter.putIfThere(settings, "duration", cumulative.size());
      JobFileWriter.putIfThere(settings, "step", cumulative.step());
      offset(settings, cumulative.offset());
    } else if (shape instanceof WindowShape.Session session) {
      JobFileWriter.putIfThere(settings, "gap", session.gap());
      JobFileWriter.putUnless(
          settings,
          "touching",
          JobFileWriter.word(session.touching()),
          JobFileWriter.word(Touching.MERGE));
    } else if (shape instanceof WindowShape.Calendar calendar) {
      calendar(settings, calendar);
    } else if (shape instanceof WindowShape.Count count) {
      settings.put("size", count.size());
      JobFileWriter.putUnless(settings, "slide", count.slide(), count.size());
      JobFileWriter.putUnless(settings, "incomplete", count.incomplete(), false);
    }
    if (shape.zone() != null) {
      settings.put("zone", shape.zone().getId());
    }
    return settings;
  }

  private static void calendar(Map<String, Object> settings, WindowShape.Calendar calendar) {
    if (calendar.unit() != null) {
      settings.put("unit", JobFileWriter.word(calendar.unit()));
    }
    JobFileWriter.putUnless(
        settings,
        "firstDayOfWeek",
        JobFileWriter.word(calendar.firstDayOfWeek()),
        JobFileWriter.word(DayOfWeek.MONDAY));
  }

  private static void offset(Map<String, Object> settings, Duration offset) {
    if (!offset.isZero()) {
      settings.put(
          "offset",
          offset.isNegative()
              ? "-" + JobFileWriter.text(offset.negated())
              : JobFileWriter.text(offset));
    }
  }

  static Map<String, Object> trigger(Trigger trigger) {
    Map<String, Object> settings = new LinkedHashMap<>();
    JobFileWriter.putUnless(settings, "onWatermark", trigger.firesOnWatermark(), true);
    JobFileWriter.putIfThere(settings, "earlyEvery", trigger.earlyEvery());
    JobFileWriter.putIfThere(
        settings, "earlyEveryProcessingTime", trigger.earlyEveryProcessingTime());
    JobFileWriter.putUnless(settings, "earlyAfter", trigger.earlyAfter(), 0L);
    JobFileWriter.putUnless(
        settings,
        "late",
        JobFileWriter.word(trigger.late()),
        JobFileWriter.word(LateFiring.EACH_BATCH));
    return settings;
  }
}
