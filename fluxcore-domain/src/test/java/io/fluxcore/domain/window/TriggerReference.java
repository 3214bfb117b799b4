package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What windows with a trigger must give, in the most naive way: row by row, every row kept, every
 * group of every window looked at whenever a time changes. Late rows fire one by one.
 */
final class TriggerReference {
  private static final long NEVER = Long.MAX_VALUE;

  private final WindowAggregation aggregation;
  private final Trigger trigger;
  private final Schema input;
  private final int[] keyOrdinals;
  private final Map<WindowReference.Bounds, Map<List<@Nullable Object>, Group>> windows =
      new LinkedHashMap<>();
  private final List<String> results = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private long watermark = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE;

  /** A group of a window. */
  private static final class Group {
    final List<Script.Row> rows = new ArrayList<>();
    long newRows;
    long due = NEVER;
    long dueProcessing = NEVER;
    @Nullable String given;
  }

  TriggerReference(WindowAggregation aggregation, Schema input) {
    this.aggregation = aggregation;
    this.trigger = aggregation.trigger();
    this.input = input;
    this.keyOrdinals = aggregation.keyOrdinals(input);
  }

  TriggerReference run(Script script) {
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        process(row);
      } else if (element instanceof Script.Watermark w && !isProcessingTime()) {
        advance(w.time(), true);
      } else if (element instanceof Script.ProcessingTime t && t.millis() > now) {
        now = t.millis();
        advance(isProcessingTime() ? now - 1 : watermark, false);
      }
    }
    if (script.isBounded()) {
      advance(Long.MAX_VALUE, true);
    }
    return this;
  }

  List<String> results() {
    return results;
  }

  List<String> late() {
    return late;
  }

  private boolean isProcessingTime() {
    return aggregation.time() == TimeCharacteristic.PROCESSING;
  }

  private boolean isGlobal() {
    return aggregation.window() instanceof GlobalWindow;
  }

  private boolean isClosed(WindowReference.Bounds window) {
    return !isGlobal() && window.end() - 1 + aggregation.allowedLatenessMillis() <= watermark;
  }

  private boolean hasFired(WindowReference.Bounds window) {
    return trigger.firesOnWatermark() && window.end() - 1 <= watermark;
  }

  private void process(Script.Row row) {
    long time = isProcessingTime() ? now : row.timestamp();
    List<WindowReference.Bounds> all =
        isGlobal()
            ? List.of(new WindowReference.Bounds(0, NEVER))
            : WindowReference.windowsOf(aggregation.window(), time);
    List<WindowReference.Bounds> open = all.stream().filter(w -> !isClosed(w)).toList();
    if (open.isEmpty() && !all.isEmpty()) {
      late.add(row.kind().sign() + WindowReference.text(row.values()) + "@" + row.timestamp());
    }
    for (WindowReference.Bounds window : open) {
      List<@Nullable Object> key = WindowReference.group(row, keyOrdinals);
      Group group =
          windows
              .computeIfAbsent(window, w -> new LinkedHashMap<>())
              .computeIfAbsent(key, k -> new Group());
      group.rows.add(row);
      group.newRows++;
      if (hasFired(window)) {
        fire(window, key, group);
      } else {
        if (group.due == NEVER && trigger.earlyEvery() != null) {
          group.due = multipleAfter(time, trigger.earlyEvery());
        }
        if (group.dueProcessing == NEVER && trigger.earlyEveryProcessingTime() != null) {
          group.dueProcessing = multipleAfter(now, trigger.earlyEveryProcessingTime());
        }
        if (group.newRows == trigger.earlyAfter()) {
          fire(window, key, group);
        }
      }
    }
  }

  private static long multipleAfter(long time, Duration interval) {
    return (Math.floorDiv(time, interval.toMillis()) + 1) * interval.toMillis();
  }

  private void advance(long newWatermark, boolean isEventTime) {
    long before = watermark;
    watermark = Math.max(watermark, newWatermark);
    windows.forEach(
        (window, groups) -> {
          boolean ends = trigger.firesOnWatermark() && window.end() - 1 <= watermark;
          boolean hadEnded = trigger.firesOnWatermark() && window.end() - 1 <= before;
          groups.forEach(
              (key, group) -> {
                if (hadEnded) {
                  return;
                }
                boolean due = isDue(group, isEventTime);
                if (ends || due) {
                  fire(window, key, group);
                }
              });
        });
    windows.keySet().removeIf(this::isClosed);
  }

  private boolean isDue(Group group, boolean isEventTime) {
    boolean due = false;
    if (isEventTime && trigger.earlyEvery() != null && group.due <= watermark) {
      due = true;
      group.due = watermark == NEVER ? NEVER : multipleAfter(watermark, trigger.earlyEvery());
    }
    if (!isEventTime && trigger.earlyEveryProcessingTime() != null && group.dueProcessing <= now) {
      due = true;
      group.dueProcessing = multipleAfter(now, trigger.earlyEveryProcessingTime());
    }
    return due;
  }

  private void fire(WindowReference.Bounds window, List<@Nullable Object> key, Group group) {
    boolean isNew = group.newRows > 0;
    group.newRows = 0;
    if (group.rows.isEmpty()) {
      return;
    }
    List<@Nullable Object> values = new ArrayList<>(key);
    if (!isGlobal()) {
      values.add(Instant.ofEpochMilli(window.start()));
      values.add(Instant.ofEpochMilli(window.end()));
    }
    for (AggregateCall call : aggregation.aggregates()) {
      values.add(WindowReference.aggregate(input, call, group.rows));
    }
    String text = WindowReference.text(values) + "@" + (isGlobal() ? NEVER : window.end() - 1);
    switch (aggregation.accumulation()) {
      case ACCUMULATING -> results.add("+I" + text);
      case DISCARDING -> {
        results.add("+I" + text);
        group.rows.clear();
      }
      case RETRACTING -> {
        if (isNew) {
          if (group.given != null) {
            results.add("-U" + group.given);
          }
          results.add((group.given == null ? "+I" : "+U") + text);
          group.given = text;
        }
      }
    }
  }
}
