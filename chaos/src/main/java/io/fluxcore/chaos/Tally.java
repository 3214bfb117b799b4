package io.fluxcore.chaos;

import io.fluxcore.chaos.Round.Verdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What has happened in a scenario. */
final class Tally {
  private final Map<Phase, Integer> kills = new EnumMap<>(Phase.class);
  private int others;
  private int jobs;
  private long expected;
  private long found;
  private Duration slowestRecovery = Duration.ZERO;
  private Duration slowestCommit = Duration.ZERO;
  private Duration lastRecovery = Duration.ZERO;
  private int recoveries;

  /** What a server is at when it is killed. */
  enum Phase {
    STARTING,
    RUNNING,
    SNAPSHOT,
    COMMIT
  }

  void killed(Phase phase) {
    kills.merge(phase, 1, Integer::sum);
  }

  /** Disturbed, and not killed. */
  void disturbed() {
    others++;
  }

  void finished(Verdict verdict) {
    jobs++;
    expected += verdict.expected();
    found += verdict.found();
  }

  /** From the start of the process until the job runs from its checkpoint. */
  void recovered(Duration time) {
    recoveries++;
    lastRecovery = time;
    slowestRecovery = longer(slowestRecovery, time);
  }

  /** From the start of the process until the first rows are committed. */
  void committed(Duration time) {
    slowestCommit = longer(slowestCommit, time);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** How long the last recovery took; nothing before the first. */
  Duration lastRecovery() {
    return lastRecovery;
  }

  int kills() {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  int disturbances() {
    return kills() + others;
  }

  Duration slowestRecovery() {
    return slowestRecovery;
  }

  @Override
  public String toString() {
    StringJoiner phases = new StringJoiner(", ", " (", ")").setEmptyValue("");
    kills.forEach(
        (phase, times) -> phases.add(phase.name().toLowerCase(Locale.ROOT) + " " + times));
    return "%d kills%s%s; %d jobs, %,d rows expected, %,d found; %d recoveries, the slowest %s to RUNNING and %s to the first commit"
        .formatted(
            kills(),
            phases,
            others == 0 ? "" : ", " + others + " other disturbances",
            jobs,
            expected,
            found,
            recoveries,
            seconds(slowestRecovery),
            seconds(slowestCommit));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
  }
}
