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
 * What sessions with a trigger must give, in the most naive way: row by row, every row kept, every
 * session looked at whenever a time changes. Late rows fire one by one.
 */
final class SessionTriggerReference {
  private static final long NEVER = Long.MAX_VALUE;

  private final WindowAggregation aggregation;
  private final Trigger trigger;
  private final Schema input;
  private final int[] keyOrdinals;
  private final long gap;
  private final long reach;
  private final Map<List<@Nullable Object>, List<Session>> sessions = new LinkedHashMap<>();
  private final List<String> results = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private long watermark = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE;
  private int merges;
  private int deletions;

  private static final class Session {
    long first;
    long last;
    final List<Script.Row> rows = new ArrayList<>();
    long newRows;
    long due = NEVER;
    long dueByClock = NEVER;
    boolean fired;
    @Nullable String given;

    Session(long time) {
      this.first = time;
      this.last = time;
    }
  }

  SessionTriggerReference(WindowAggregation aggregation, Schema input) {
    this.aggregation = aggregation;
    this.trigger = aggregation.trigger();
    this.input = input;
    this.keyOrdinals = aggregation.keyOrdinals(input);
    SessionWindows windows = (SessionWindows) aggregation.window();
    this.gap = windows.gapMillis();
    this.reach = windows.touching() == Touching.MERGE ? gap : gap - 1;
  }

  SessionTriggerReference run(Script script) {
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        process(row);
      } else if (element instanceof Script.Watermark w && !isByClock()) {
        advance(w.time(), true);
      } else if (element instanceof Script.ProcessingTime t && t.millis() > now) {
        now = t.millis();
        advance(isByClock() ? now - 1 : watermark, false);
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

  /** How often rows joined sessions. */
  int merges() {
    return merges;
  }

  /** How often a result was deleted since its session had become a part of another. */
  int deletions() {
    return deletions;
  }

  private boolean isByClock() {
    return aggregation.time() == TimeCharacteristic.PROCESSING;
  }

  private boolean isClosed(Session session) {
    return session.last + gap - 1 + aggregation.allowedLatenessMillis() <= watermark;
  }

  private boolean isPast(Session session) {
    return trigger.firesOnWatermark() && session.last + gap - 1 <= watermark;
  }

  private void process(Script.Row row) {
    long time = isByClock() ? now : row.timestamp();
    List<@Nullable Object> key = WindowReference.group(row, keyOrdinals);
    List<Session> all = sessions.computeIfAbsent(key, k -> new ArrayList<>());
    List<Session> touching =
        all.stream().filter(s -> s.first - time <= reach && time - s.last <= reach).toList();
    Session session = new Session(time);
    if (touching.isEmpty() && isClosed(session)) {
      late.add(row.kind().sign() + WindowReference.text(row.values()) + "@" + row.timestamp());
      return;
    }
    for (Session part : touching) {
      session.first = Math.min(session.first, part.first);
      session.last = Math.max(session.last, part.last);
      session.rows.addAll(part.rows);
      session.newRows += part.newRows;
      session.due = Math.min(session.due, part.due);
      session.dueByClock = Math.min(session.dueByClock, part.dueByClock);
      if (touching.size() == 1) {
        session.given = part.given;
      } else if (part.given != null) {
        results.add("-D" + part.given);
        deletions++;
      }
    }
    merges += touching.size() > 1 ? 1 : 0;
    all.removeAll(touching);
    all.add(session);
    session.rows.add(row);
    session.newRows++;
    arrived(key, session, time);
  }

  private void arrived(List<@Nullable Object> key, Session session, long time) {
    if (isPast(session)) {
      session.fired = true;
      fire(key, session);
      return;
    }
    if (session.due == NEVER && trigger.earlyEvery() != null) {
      session.due = multipleAfter(time, trigger.earlyEvery());
    }
    if (session.dueByClock == NEVER && trigger.earlyEveryProcessingTime() != null) {
      session.dueByClock = multipleAfter(now, trigger.earlyEveryProcessingTime());
    }
    if (trigger.earlyAfter() > 0 && session.newRows >= trigger.earlyAfter()) {
      fire(key, session);
    }
  }

  private static long multipleAfter(long time, Duration interval) {
    return (Math.floorDiv(time, interval.toMillis()) + 1) * interval.toMillis();
  }

  private void advance(long newWatermark, boolean isEventTime) {
    watermark = Math.max(watermark, newWatermark);
    sessions.forEach(
        (key, all) -> {
          for (Session session : all) {
            if (isPast(session)) {
              if (!session.fired) {
                fire(key, session);
              }
              session.fired = true;
              session.due = NEVER;
              session.dueByClock = NEVER;
            } else if (isDue(session, isEventTime)) {
              fire(key, session);
            }
          }
          all.removeIf(this::isClosed);
        });
  }

  private boolean isDue(Session session, boolean isEventTime) {
    if (isEventTime && trigger.earlyEvery() != null && session.due <= watermark) {
      session.due = watermark == NEVER ? NEVER : multipleAfter(watermark, trigger.earlyEvery());
      return true;
    }
    if (!isEventTime && trigger.earlyEveryProcessingTime() != null && session.dueByClock <= now) {
      session.dueByClock = multipleAfter(now, trigger.earlyEveryProcessingTime());
      return true;
    }
    return false;
  }

  private void fire(List<@Nullable Object> key, Session session) {
    boolean isNew = session.newRows > 0;
    session.newRows = 0;
    if (session.rows.isEmpty()) {
      return;
    }
    long end = session.last + gap;
    List<@Nullable Object> bounds = new ArrayList<>(key);
    bounds.add(Instant.ofEpochMilli(session.first));
    bounds.add(Instant.ofEpochMilli(end));
    List<@Nullable Object> values = new ArrayList<>(bounds);
    for (AggregateCall call : aggregation.aggregates()) {
      values.add(WindowReference.aggregate(input, call, session.rows));
    }
    String text = WindowReference.text(values) + "@" + (end - 1);
    switch (aggregation.accumulation()) {
      case ACCUMULATING -> results.add("+I" + text);
      case DISCARDING -> {
        results.add("+I" + text);
        session.rows.clear();
      }
      case RETRACTING -> {
        if (!isNew) {
          return;
        }
        String prefix = WindowReference.text(bounds);
        String opening = prefix.substring(0, prefix.length() - 1);
        boolean updates = session.given != null && session.given.startsWith(opening);
        if (session.given != null) {
          results.add((updates ? "-U" : "-D") + session.given);
        }
        results.add((updates ? "+U" : "+I") + text);
        session.given = text;
      }
    }
  }
}
