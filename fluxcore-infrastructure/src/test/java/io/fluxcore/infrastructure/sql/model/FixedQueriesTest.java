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
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sketch.BoundedSketches;
import io.fluxcore.infrastructure.sql.CalciteFrontEnd;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What random queries have found, each as small as it can be. */
class FixedQueriesTest {
  private static final LinearRegexCompiler REGEX = new LinearRegexCompiler();

  /** Three rows, a minute apart of 4 seconds each: (1, 2), (1, 3), (2, 5). */
  private static List<Step> rows() {
    List<Step> script = new ArrayList<>();
    long[][] rows = {{1, 2}, {1, 3}, {2, 5}};
    for (int i = 0; i < rows.length; i++) {
      script.add(
          new Step.Row(
              "a",
              0,
              Map.of(
                  "k",
                  rows[i][0],
                  "v",
                  rows[i][1],
                  "d",
                  BigDecimal.valueOf(rows[i][1], 1),
                  "t",
                  Terms.EPOCH.plusSeconds(4L * i))));
    }
    script.add(new Step.EndOfInput());
    return script;
  }

  /** The rows that a query over them gives in the end, and how often each. */
  static Map<String, Integer> answer(String query, int parallelism) {
    SqlSession session = new CalciteFrontEnd(ExpressionContext.of(REGEX)).newSession();
    String columns =
        " (k BIGINT, v BIGINT, d DECIMAL(10, 2), t TIMESTAMP(3), WATERMARK FOR t AS t) WITH"
            + " ('connector' = 'script')";
    for (String table : List.of("a", "nothing")) {
      SqlOutcome unused = session.execute(SqlStatement.of("CREATE TABLE " + table + columns));
    }
    Transcript transcript = new Transcript();
    ScriptedTopology topology =
        ScriptedTopology.of(
            session.execute(SqlStatement.of(query)), table -> false, () -> transcript);
    Planner planner =
        new Planner(
            ConnectorRegistry.of(List.of(), List.of()),
            new ConnectorServices(REGEX),
            ExpressionContext.of(REGEX),
            new BoundedSketches());
    ScriptedHost.run(
        of ->
            planner.plan(
                topology.topology(), JobConfig.builder().name("fixed").parallelism(of).build()),
        new Variant("plain", HeapStateBackend::new, List.of(parallelism), false, false),
        transcript,
        rows());
    assertThat(transcript.failures()).isEmpty();
    Map<String, Integer> there = new TreeMap<>();
    for (ResultRow row : transcript.results()) {
      boolean isAddition = row.kind() == RowKind.INSERT || row.kind() == RowKind.UPDATE_AFTER;
      there.merge(row.values().values().toString(), isAddition ? 1 : -1, Integer::sum);
    }
    there.values().removeIf(count -> count == 0);
    return there;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // a source joined with itself got its rows into one side only
        "SELECT x.v, y.v FROM a x JOIN a y ON x.k = y.k|{[2, 2]=1, [2, 3]=1, [3, 2]=1, [3, 3]=1,"
            + " [5, 5]=1}",
        // counts of no rows are zero
        "SELECT v FROM a WHERE v > (SELECT COUNT(*) FROM nothing)|{[2]=1, [3]=1, [5]=1}",
        "SELECT v FROM a WHERE k NOT IN (SELECT k FROM nothing)|{[2]=1, [3]=1, [5]=1}",
        "SELECT (SELECT COUNT(*) + 1 FROM nothing) FROM a|{[1]=3}",
        // averages of whole numbers are whole where they are keys, too
        "SELECT m, COUNT(*) FROM (SELECT AVG(v) AS m FROM a WHERE k = 1 UNION ALL SELECT v FROM a)"
            + " GROUP BY m|{[2, 2]=1, [3, 1]=1, [5, 1]=1}",
        "SELECT c, COUNT(*) FROM (SELECT k, AVG(v) / 2 AS c FROM a GROUP BY k) GROUP BY c|{[1,"
            + " 1]=1, [2, 1]=1}",
        // the side of an outer join that is missing is in no window
        "SELECT x.v, y.window_end FROM (SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(t), INTERVAL"
            + " '4' SECOND))) x LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(t),"
            + " INTERVAL '4' SECOND))) y ON x.v + 1 = y.v AND x.window_start = y.window_start AND"
            + " x.window_end = y.window_end|{[2, null]=1, [3, null]=1, [5, null]=1}",
        // windows of rows that are in windows
        "SELECT s, COUNT(*) FROM (SELECT s, window_end AS e FROM TABLE(TUMBLE(TABLE a,"
            + " DESCRIPTOR(t), INTERVAL '1' MINUTE)) JOIN (SELECT 1 AS s FROM a) ON s = k) GROUP BY"
            + " s|{[1, 6]=1}",
        "SELECT k, COUNT(*) FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(t), INTERVAL '1' SECOND)) GROUP"
            + " BY k|{[1, 2]=1, [2, 1]=1}",
        // ordered by what all rows of a partition share
        "SELECT k, n FROM (SELECT k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY k) AS n FROM a)"
            + " WHERE n <= 2|{[1, 1]=1, [1, 2]=1, [2, 1]=1}",
        "SELECT k FROM (SELECT k, ROW_NUMBER() OVER (ORDER BY v) AS n FROM a) WHERE n <= 1 AND n >="
            + " 2|{}",
        // two signs, and digits of decimals
        "SELECT -CAST(-1.5 AS DECIMAL(10, 2)) + v FROM a WHERE v = 2|{[3.50]=1}",
        "SELECT d FROM a WHERE v = 2 UNION ALL SELECT CAST(-1.5 AS DECIMAL(10, 2)) FROM a WHERE v ="
            + " 3|{[-1.50]=1, [0.20]=1}",
        // no two times are so far from each other
        "SELECT x.v FROM a x JOIN nothing y ON x.t BETWEEN y.t + INTERVAL '5' SECOND AND y.t|{}",
        // distinct values of groups that are joined again
        "SELECT k, SUM(DISTINCT v) FROM a GROUP BY k|{[1, 5]=1, [2, 5]=1}",
        // constants that are grouped by beside a subquery
        "SELECT 7 AS c, COUNT(*), SUM(DISTINCT v) FROM a x WHERE EXISTS (SELECT 1 FROM a y WHERE"
            + " y.t = x.t) GROUP BY v * 0, k|{[7, 1, 5]=1, [7, 2, 5]=1}",
        // a group by constants alone is there when it has rows, also beside a subquery
        "SELECT f, COUNT(*), MIN(v) FROM (SELECT FALSE AS f, v FROM a x WHERE 9 < (SELECT MIN(y.v)"
            + " FROM a y WHERE y.k = x.k)) GROUP BY f|{}",
        "SELECT f, COUNT(*), MIN(v) FROM (SELECT FALSE AS f, v FROM a x WHERE 0 < (SELECT MIN(y.v)"
            + " FROM a y WHERE y.k = x.k)) GROUP BY f|{[false, 3, 2]=1}",
        // times of day
        "SELECT CAST(t AS TIME) AS c, COUNT(*) FROM a GROUP BY CAST(t AS TIME)|{[23:59:00, 1]=1,"
            + " [23:59:04, 1]=1, [23:59:08, 1]=1}",
        "SELECT MIN(CAST(t AS TIME)), MAX(CAST(t AS TIME)) FROM a|{[23:59:00, 23:59:08]=1}",
        "SELECT x.v FROM a x JOIN a y ON CAST(x.t AS TIME) = CAST(y.t AS TIME) + INTERVAL '4'"
            + " SECOND|{[3]=1, [5]=1}",
        "SELECT x.v FROM a x JOIN a y ON CAST(x.t AS TIME) IS NOT DISTINCT FROM CAST(y.t AS TIME)"
            + "|{[2]=1, [3]=1, [5]=1}",
        "SELECT v FROM a WHERE CAST(t AS TIME) >= TIME '23:59:04' AND CAST(t AS TIME) <"
            + " '23:59:08'|{[3]=1}",
        "SELECT v FROM (SELECT v, ROW_NUMBER() OVER (ORDER BY CAST(t AS TIME) DESC) AS n FROM a)"
            + " WHERE n = 1|{[5]=1}",
        "SELECT CAST(t AS TIME) AS c FROM a WHERE v = 2 UNION ALL SELECT TIME '01:00:00.5' FROM a"
            + " WHERE v = 3|{[01:00:00.5]=1, [23:59:00]=1}",
        // the watermark that a row finds is that of the rows before it
        "SELECT v FROM a WHERE CURRENT_WATERMARK(t) IS NULL|{[2]=1}",
        "SELECT v FROM a WHERE CURRENT_WATERMARK(t) = t - INTERVAL '4' SECOND|{[3]=1, [5]=1}",
        // windows of the time of one side of a join, which comes later than its watermark
        "SELECT x.k, COUNT(*) FROM a x JOIN a y ON x.k = y.k AND x.t BETWEEN y.t - INTERVAL '5'"
            + " SECOND AND y.t + INTERVAL '5' SECOND GROUP BY TUMBLE(x.t, INTERVAL '4' SECOND),"
            + " x.k|{[1, 2]=2, [2, 1]=1}",
        "SELECT k, COUNT(*) FROM TABLE(TUMBLE((SELECT x.k, y.t FROM a x LEFT JOIN a y ON x.k = y.k"
            + " AND x.t BETWEEN y.t - INTERVAL '5' SECOND AND y.t - INTERVAL '1' SECOND),"
            + " DESCRIPTOR(t), INTERVAL '4' SECOND)) GROUP BY k, window_start,"
            + " window_end|{[1, 1]=1}",
        // patterns over rows in an order that is not that of time
        "SELECT * FROM a MATCH_RECOGNIZE (PARTITION BY k ORDER BY v DESC MEASURES FIRST(A.v) AS f,"
            + " LAST(B.v) AS l PATTERN (A B*) DEFINE B AS v < PREV(v))|{[1, 3, 2]=1, [2, 5,"
            + " null]=1}",
        "SELECT * FROM (SELECT k, SUM(v) AS s FROM a GROUP BY k) MATCH_RECOGNIZE (ORDER BY s, k DESC"
            + " MEASURES A.k AS f, B.k AS l PATTERN (A B) DEFINE B AS s = PREV(s))|{[2, 1]=1}",
        "SELECT f FROM a MATCH_RECOGNIZE (ORDER BY t DESC MEASURES A.v AS f AFTER MATCH SKIP TO"
            + " NEXT ROW PATTERN (A B) DEFINE B AS v < PREV(v))|{[3]=1, [5]=1}",
        // sessions of rows of a changelog, over a time that is no time of events any more
        "SELECT k, COUNT(*) FROM TABLE(SESSION((SELECT k, MAX(t) AS m FROM a GROUP BY k),"
            + " DESCRIPTOR(m), INTERVAL '4' SECOND)) GROUP BY k, window_end|{[1, 1]=1, [2, 1]=1}",
        "SELECT COUNT(*), MIN(v) FROM TABLE(SESSION((SELECT v, t + INTERVAL '1' SECOND AS s FROM"
            + " a), DESCRIPTOR(s), INTERVAL '4' SECOND)) GROUP BY window_start|{[3, 2]=1}",
      })
  void query_gives(String query, String rows) {
    assertThat(answer(query, 1)).as("at parallelism 1").hasToString(rows);
    assertThat(answer(query, 3)).as("at parallelism 3").hasToString(rows);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void groupsOfResultsOfWindows_areWhatTheirWindowsSay(int parallelism) {
    // the fifth query of Nexmark: the keys that have most rows in a window
    String counts =
        "(SELECT k, COUNT(*) AS n, window_start AS s, window_end AS e FROM TABLE(HOP(TABLE a,"
            + " DESCRIPTOR(t), INTERVAL '4' SECOND, INTERVAL '8' SECOND)) GROUP BY k, window_start,"
            + " window_end)";
    String query =
        "SELECT x.k, x.n FROM "
            + counts
            + " x JOIN (SELECT MAX(n) AS m, s, e FROM "
            + counts
            + " GROUP BY s, e) y ON x.s = y.s AND x.e = y.e AND x.n >= y.m";
    assertThat(answer(query, parallelism)).hasToString("{[1, 1]=2, [1, 2]=1, [2, 1]=2}");
  }
}
