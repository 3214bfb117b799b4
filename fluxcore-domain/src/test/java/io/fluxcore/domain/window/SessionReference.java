package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a session aggregation must give, in the most naive way: sessions are lists of rows, each row
 * is compared with every session of its group, and results are computed from the rows. Follows
 * Flink's rules. A batch is what the script says until a cut or a control element; late rows make a
 * session fire again once a batch.
 */
final class SessionReference {
  private final WindowAggregation aggregation;
  private final Schema input;
  private final int[] keyOrdinals;
  private final long gap;
  private final boolean touchingMerge;
  private final Map<List<@Nullable Object>, List<Session>> sessions = new HashMap<>();
  private final List<String> results = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private long watermark = Long.MIN_VALUE;
  private long now;
  private int merges;

  private static final class Session {
    final List<@Nullable Object> group;
    long first;
    long last;
    final List<Script.Row> rows = new ArrayList<>();
    boolean fired;

    /** The result that is out: bounds and text. */
    @Nullable String emitted;

    /** Results that were out when the batch began. */
    final List<Session> before = new ArrayList<>();

    Session(List<@Nullable Object> group, long time) {
      this.group = group;
      this.first = time;
      this.last = time;
    }
  }

  SessionReference(WindowAggregation aggregation, Schema input) {
    this.aggregation = aggregation;
    this.input = input;
    this.keyOrdinals = aggregation.keyOrdinals(input);
    SessionWindows windows = (SessionWindows) aggregation.window();
    this.gap = windows.gapMillis();
    this.touchingMerge = windows.touching() == Touching.MERGE;
  }

  /** Runs a script. */
  SessionReference run(Script script) {
    List<Script.Row> batch = new ArrayList<>();
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        batch.add(row);
        continue;
      }
      process(batch);
      batch.clear();
      if (element instanceof Script.Watermark w && !isProcessingTime()) {
        advance(w.time());
      } else if (element instanceof Script.ProcessingTime t && isProcessingTime()) {
        now = t.millis();
        advance(now - 1);
      }
    }
    process(batch);
    if (script.isBounded()) {
      advance(Long.MAX_VALUE);
    }
    return this;
  }

  /** Text of the results, as {@link Rows#text} gives it. */
  List<String> results() {
    return results;
  }

  /** Text of the late rows. */
  List<String> late() {
    return late;
  }

  /** How often rows joined sessions. */
  int merges() {
    return merges;
  }

  /** What is left of results when those that were taken back are gone. */
  static Collection<String> net(Collection<String> results) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String text : results) {
      boolean added = text.startsWith("+");
      counts.merge(text.substring(2), added ? 1 : -1, Integer::sum);
    }
    List<String> left = new ArrayList<>();
    counts.forEach(
        (text, count) -> {
          for (int i = 0; i < Math.abs(count); i++) {
            left.add(count > 0 ? text : "taken back, but never given: " + text);
          }
        });
    return left;
  }

  static Collection<String> netOf(List<EventRecord> rows) {
    return net(Rows.texts(rows));
  }

  private boolean isProcessingTime() {
    return aggregation.time() == TimeCharacteristic.PROCESSING;
  }

  private boolean isOver(Session session) {
    return session.last + gap - 1 <= watermark;
  }

  private boolean isClosed(Session session) {
    return session.last + gap - 1 + aggregation.allowedLatenessMillis() <= watermark;
  }

  private void process(List<Script.Row> batch) {
    Set<Session> touched = new LinkedHashSet<>();
    for (Script.Row row : batch) {
      Session session = place(row, touched);
      if (session == null) {
        late.add(row.kind().sign() + WindowReference.text(row.values()) + "@" + row.timestamp());
      } else {
        touched.add(session);
      }
    }
    touched.forEach(this::settle);
  }

  private @Nullable Session place(Script.Row row, Set<Session> touched) {
    List<@Nullable Object> group = WindowReference.group(row, keyOrdinals);
    List<Session> all = sessions.computeIfAbsent(group, g -> new ArrayList<>());
    Session merged = new Session(group, isProcessingTime() ? now : row.timestamp());
    boolean touches = false;
    for (boolean again = true; again; ) {
      again = false;
      for (Session other : List.copyOf(all)) {
        if (belongTogether(merged, other)) {
          all.remove(other);
          absorb(merged, other);
          merges += touches ? 1 : 0;
          touches = true;
          again = true;
          touched.remove(other);
        }
      }
    }
    if (!touches && isClosed(merged)) {
      return null;
    }
    merged.rows.add(row);
    all.add(merged);
    return merged;
  }

  private boolean belongTogether(Session one, Session other) {
    long oneEnd = one.last + gap;
    long otherEnd = other.last + gap;
    return touchingMerge
        ? other.first <= oneEnd && one.first <= otherEnd
        : other.first < oneEnd && one.first < otherEnd;
  }

  private static void absorb(Session merged, Session other) {
    merged.first = Math.min(merged.first, other.first);
    merged.last = Math.max(merged.last, other.last);
    merged.rows.addAll(other.rows);
    if (other.emitted != null) {
      merged.before.add(other);
    }
    merged.before.addAll(other.before);
  }

  /** Has a session fire again that is over, and takes back what it replaces. */
  private void settle(Session session) {
    session.fired = isOver(session);
    String text = text(session);
    boolean updates = false;
    if (aggregation.accumulation() == Accumulation.RETRACTING) {
      for (Session old : session.before) {
        boolean same = session.fired && old.first == session.first && old.last == session.last;
        updates |= same;
        results.add((same ? "-U" : "-D") + old.emitted);
      }
    }
    session.before.clear();
    if (session.fired) {
      emit(session, (updates ? "+U" : "+I"), text);
    }
  }

  private void emit(Session session, String kind, String text) {
    results.add(kind + text);
    session.emitted = text;
    if (aggregation.accumulation() == Accumulation.DISCARDING) {
      session.rows.clear();
    }
  }

  private void advance(long newWatermark) {
    if (newWatermark <= watermark) {
      return;
    }
    watermark = newWatermark;
    for (List<Session> all : sessions.values()) {
      for (Session session : all) {
        if (!session.fired && isOver(session)) {
          session.fired = true;
          emit(session, "+I", text(session));
        }
      }
      all.removeIf(this::isClosed);
    }
  }

  private String text(Session session) {
    long end = session.last + gap;
    List<@Nullable Object> values = new ArrayList<>(session.group);
    values.add(Instant.ofEpochMilli(session.first));
    values.add(Instant.ofEpochMilli(end));
    for (AggregateCall call : aggregation.aggregates()) {
      values.add(WindowReference.aggregate(input, call, session.rows));
    }
    return WindowReference.text(values) + "@" + (end - 1);
  }
}
