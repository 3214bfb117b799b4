package io.fluxcore.chaos.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each sink of the job should get, a row as its values in the order of {@link Output#fields}.
 * Written to be read, not to be fast: each result is worked out from the rows alone.
 */
final class Results {
  private static final long TUMBLING = 10_000;
  private static final long SLIDING = 20_000;
  private static final long SLIDE = 5_000;
  private static final long GAP = 3_000;
  private static final long SILENCE = 4_000;
  private static final long EVERY = 5;
  private static final long KINDS = 16;

  private final List<Reading> readings;

  Results(List<Reading> readings) {
    this.readings = readings;
  }

  List<List<Long>> of(Output output) {
    return switch (output) {
      case TUMBLING -> windows(TUMBLING, TUMBLING);
      case SLIDING -> windows(SLIDING, SLIDE);
      case SESSIONS -> sessions();
      case PROGRESS -> progress();
      case SILENT -> silent();
    };
  }

  /** A window and a key. */
  private record Pane(long start, long key) {}

  private List<List<Long>> windows(long size, long slide) {
    Map<Pane, List<Reading>> panes = new HashMap<>();
    for (Reading reading : readings) {
      for (long start = reading.at() - reading.at() % slide;
          start > reading.at() - size;
          start -= slide) {
        panes.computeIfAbsent(new Pane(start, reading.key()), p -> new ArrayList<>()).add(reading);
      }
    }
    List<List<Long>> rows = new ArrayList<>();
    panes.forEach((pane, in) -> rows.add(window(pane.start(), pane.start() + size, in)));
    return rows;
  }

  private static List<Long> window(long start, long end, List<Reading> in) {
    return List.of(
        start,
        end,
        in.get(0).key(),
        (long) in.size(),
        in.stream().mapToLong(Reading::amount).sum(),
        in.stream().mapToLong(Reading::amount).max().orElseThrow());
  }

  private Map<Long, List<Reading>> byKey() {
    Map<Long, List<Reading>> byKey = new TreeMap<>();
    for (Reading reading : readings) {
      byKey.computeIfAbsent(reading.key(), k -> new ArrayList<>()).add(reading);
    }
    return byKey;
  }

  private List<List<Long>> sessions() {
    List<List<Long>> rows = new ArrayList<>();
    for (List<Reading> ofKey : byKey().values()) {
      List<Reading> inOrder = new ArrayList<>(ofKey);
      inOrder.sort((a, b) -> Long.compare(a.at(), b.at()));
      List<Reading> session = new ArrayList<>();
      for (Reading reading : inOrder) {
        if (!session.isEmpty() && reading.at() > end(session)) {
          rows.add(window(session.get(0).at(), end(session), session));
          session.clear();
        }
        session.add(reading);
      }
      rows.add(window(session.get(0).at(), end(session), session));
    }
    return rows;
  }

  private static long end(List<Reading> session) {
    return session.get(session.size() - 1).at() + GAP;
  }

  private List<List<Long>> progress() {
    List<List<Long>> rows = new ArrayList<>();
    byKey()
        .forEach(
            (key, ofKey) -> {
              long total = 0;
              long[] amounts = new long[(int) KINDS];
              for (int i = 0; i < ofKey.size(); i++) {
                long amount = ofKey.get(i).amount();
                total += amount;
                long same = ++amounts[(int) (amount % KINDS)];
                if ((i + 1) % EVERY == 0) {
                  rows.add(List.of(key, i + 1L, total, same));
                }
              }
            });
    return rows;
  }

  /** A key that is silent at the end is told of too. */
  private List<List<Long>> silent() {
    List<List<Long>> rows = new ArrayList<>();
    byKey()
        .forEach(
            (key, ofKey) -> {
              long last = ofKey.get(0).at();
              for (int i = 1; i < ofKey.size(); i++) {
                long at = ofKey.get(i).at();
                if (at >= last + SILENCE) {
                  rows.add(List.of(key, last, (long) i));
                  last = at;
                } else {
                  last = Math.max(last, at);
                }
              }
              rows.add(List.of(key, last, (long) ofKey.size()));
            });
    return Collections.unmodifiableList(rows);
  }
}
