package io.fluxcore.infrastructure.sql.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.scripted.ResultRow;
import io.fluxcore.application.scripted.ScriptedHost;
import io.fluxcore.application.scripted.ScriptedTopology;
import io.fluxcore.application.scripted.Step;
import io.fluxcore.application.scripted.Transcript;
import io.fluxcore.application.scripted.Variant;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sql.CalciteFrontEnd;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Windows that a session's zone cuts, about changes of its clocks, against a reference that asks
 * java.time for each row; restored and rescaled after each step, too.
 */
class ZonesTest {
  private static final LinearRegexCompiler REGEX = new LinearRegexCompiler();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private record Row(long k, long v, Instant t) {}

  private record Window(LocalDateTime start, LocalDateTime end) {}

  /** The windows of a time, from the first that a day before it may be in. */
  private static List<Window> windows(LocalDateTime time, Duration slide, Duration size) {
    List<Window> found = new ArrayList<>();
    LocalDateTime start = time.toLocalDate().minusDays(1).atStartOfDay();
    for (; !start.isAfter(time); start = start.plus(slide)) {
      if (time.isBefore(start.plus(size))) {
        found.add(new Window(start, start.plus(size)));
      }
    }
    return found;
  }

  private static List<Window> cumulative(LocalDateTime time, Duration step, Duration size) {
    List<Window> found = new ArrayList<>();
    LocalDateTime start = time.toLocalDate().atStartOfDay();
    for (LocalDateTime end = start.plus(step);
        !end.isAfter(start.plus(size));
        end = end.plus(step)) {
      if (time.isBefore(end)) {
        found.add(new Window(start, end));
      }
    }
    return found;
  }

  private static List<Row> rows(Random random, Instant around) {
    List<Row> rows = new ArrayList<>();
    Instant time = around.minus(Duration.ofHours(30));
    for (int i = 0; i < 60; i++) {
      time = time.plusSeconds(random.nextInt(7200));
      rows.add(new Row(random.nextInt(2), i, time.minusSeconds(random.nextInt(3600))));
    }
    return rows;
  }

  private static List<Step> script(List<Row> rows) {
    List<Step> script = new ArrayList<>();
    rows.forEach(
        row -> script.add(new Step.Row("a", 0, Map.of("k", row.k(), "v", row.v(), "t", row.t()))));
    script.add(new Step.EndOfInput());
    return script;
  }

  private static SqlSession session(String zone) {
    SqlSession session = new CalciteFrontEnd(ExpressionContext.of(REGEX)).newSession();
    for (String statement :
        List.of(
            "SET 'table.local-time-zone' = '" + zone + "'",
            "CREATE TABLE a (k BIGINT, v BIGINT, t TIMESTAMP_LTZ(3), WATERMARK FOR t AS t -"
                + " INTERVAL '1' HOUR) WITH ('connector' = 'script')")) {
      SqlOutcome unused = session.execute(SqlStatement.of(statement));
    }
    return session;
  }

  private static Map<String, Integer> answer(
      String zone, String query, List<Row> rows, Variant variant) {
    Transcript transcript = new Transcript();
    ScriptedTopology topology =
        ScriptedTopology.of(
            session(zone).execute(SqlStatement.of(query)), table -> false, () -> transcript);
    Planner planner =
        new Planner(
            ConnectorRegistry.of(List.of(), List.of()),
            new ConnectorServices(REGEX),
            ExpressionContext.of(REGEX));
    ScriptedHost.run(
        of ->
            planner.plan(
                topology.topology(), JobConfig.builder().name("zones").parallelism(of).build()),
        variant,
        transcript,
        script(rows));
    assertThat(transcript.failures()).isEmpty();
    Map<String, Integer> there = new TreeMap<>();
    for (ResultRow row : transcript.results()) {
      boolean isAddition = row.kind() == RowKind.INSERT || row.kind() == RowKind.UPDATE_AFTER;
      there.merge(row.values().values().toString(), isAddition ? 1 : -1, Integer::sum);
    }
    there.values().removeIf(count -> count == 0);
    return there;
  }

  private static List<Window> windows(String function, LocalDateTime time) {
    return switch (function) {
      case "TUMBLE day" -> windows(time, DAY, DAY);
      case "TUMBLE hour" -> windows(time, HOUR, HOUR);
      case "HOP" -> windows(time, HOUR.dividedBy(2), HOUR);
      default -> cumulative(time, HOUR.multipliedBy(6), DAY);
    };
  }

  private static final Map<String, String> CALLS =
      Map.of(
          "TUMBLE day", "TUMBLE(TABLE a, DESCRIPTOR(t), INTERVAL '1' DAY)",
          "TUMBLE hour", "TUMBLE(TABLE a, DESCRIPTOR(t), INTERVAL '1' HOUR)",
          "HOP", "HOP(TABLE a, DESCRIPTOR(t), INTERVAL '30' MINUTE, INTERVAL '1' HOUR)",
          "CUMULATE", "CUMULATE(TABLE a, DESCRIPTOR(t), INTERVAL '6' HOUR, INTERVAL '1' DAY)");

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,2024-03-31T01:00:00Z",
    "Europe/Berlin,2024-10-27T01:00:00Z",
    "America/Los_Angeles,2021-03-14T10:00:00Z",
    "America/Los_Angeles,2021-11-07T09:00:00Z",
    "Asia/Kathmandu,2024-01-01T00:00:00Z"
  })
  void windows_areCutByTheClocksOfTheZone(String zone, Instant change) {
    List<Variant> variants = Variant.all();
    int number = 0;
    for (String function : CALLS.keySet()) {
      List<Row> rows = rows(new Random(zone.hashCode() + change.hashCode() + number), change);
      String query =
          "SELECT k, window_start, window_end, COUNT(*) AS n, SUM(v) AS s FROM TABLE("
              + CALLS.get(function)
              + ") GROUP BY k, window_start, window_end";
      Map<String, Integer> expected = new TreeMap<>();
      Map<List<Object>, long[]> groups = new HashMap<>();
      for (Row row : rows) {
        LocalDateTime time = LocalDateTime.ofInstant(row.t(), ZoneId.of(zone));
        for (Window window : windows(function, time)) {
          long[] sums = groups.computeIfAbsent(List.of(row.k(), window), key -> new long[2]);
          sums[0]++;
          sums[1] += row.v();
        }
      }
      groups.forEach(
          (key, sums) -> {
            Window window = (Window) key.get(1);
            expected.put(
                List.of(key.get(0), window.start(), window.end(), sums[0], sums[1]).toString(), 1);
          });
      Variant variant = variants.get(number++ % variants.size());
      assertThat(answer(zone, query, rows, variant))
          .as(function + ", " + variant.name())
          .isEqualTo(expected);
      // each row with the windows that it is in
      assertThat(
              answer(
                  zone,
                  "SELECT k, window_start, window_end, COUNT(*) AS n, SUM(v) AS s FROM (SELECT k,"
                      + " v, window_start, window_end FROM TABLE("
                      + CALLS.get(function)
                      + ") WHERE window_end > window_start) GROUP BY k, window_start, window_end",
                  rows,
                  variants.get(0)))
          .as(function + ", row by row")
          .isEqualTo(expected);
    }
  }

  @Test
  void resultsOfWindows_areRankedGroupedAndJoinedAsTheyEnd() {
    String zone = "Europe/Berlin";
    List<Row> rows = rows(new Random(7), Instant.parse("2024-10-27T01:00:00Z"));
    String sums =
        "(SELECT k, window_start AS s, window_end AS e, SUM(v) AS v FROM TABLE("
            + CALLS.get("HOP")
            + ") GROUP BY k, window_start, window_end)";
    for (Variant variant : Variant.all()) {
      Map<String, Integer> highest =
          answer(zone, "SELECT s, e, MAX(v) AS v FROM " + sums + " GROUP BY s, e", rows, variant);
      assertThat(highest).as(variant.name()).isNotEmpty();
      String ranked =
          "SELECT s, e, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY s, e ORDER BY v DESC) AS"
              + " n FROM "
              + sums
              + ") WHERE n = 1";
      assertThat(answer(zone, ranked, rows, variant)).as(variant.name()).isEqualTo(highest);
      String joined =
          "SELECT x.s, x.e, x.v FROM "
              + sums
              + " x JOIN (SELECT s, e, MAX(v) AS v FROM "
              + sums
              + " GROUP BY s, e) y ON x.s = y.s AND x.e = y.e WHERE x.v = y.v";
      assertThat(answer(zone, joined, rows, variant).keySet())
          .as(variant.name())
          .isEqualTo(highest.keySet());
    }
  }

  @Test
  void rowsOfTheSameWindow_areJoined() {
    String zone = "America/Los_Angeles";
    List<Row> rows = rows(new Random(11), Instant.parse("2021-11-07T09:00:00Z"));
    String side = "(SELECT * FROM TABLE(" + CALLS.get("TUMBLE hour") + "))";
    String query =
        "SELECT x.v, y.v, x.window_start FROM "
            + side
            + " x JOIN "
            + side
            + " y ON x.k = y.k AND x.window_start = y.window_start AND x.window_end ="
            + " y.window_end";
    Map<String, Integer> expected = new TreeMap<>();
    for (Row x : rows) {
      for (Row y : rows) {
        Window ofX = windows("TUMBLE hour", LocalDateTime.ofInstant(x.t(), ZoneId.of(zone))).get(0);
        Window ofY = windows("TUMBLE hour", LocalDateTime.ofInstant(y.t(), ZoneId.of(zone))).get(0);
        if (x.k() == y.k() && ofX.equals(ofY)) {
          expected.put(List.of(x.v(), y.v(), ofX.start()).toString(), 1);
        }
      }
    }
    for (Variant variant : Variant.all()) {
      assertThat(answer(zone, query, rows, variant)).as(variant.name()).isEqualTo(expected);
    }
  }
}
