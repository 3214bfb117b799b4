package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which windows a query means, and which it cannot mean. */
class SqlWindowsTest {
  private final SqlFrontEnd frontEnd =
      new CalciteFrontEnd(ExpressionContext.of(new LinearRegexCompiler()));
  private final SqlSession session = frontEnd.newSession();

  @BeforeEach
  void table() {
    SqlOutcome unused =
        session.execute(
            SqlStatement.of(
                """
                CREATE TABLE bids (
                  auction BIGINT, price BIGINT, shown TIMESTAMP(3), t TIMESTAMP(3),
                  WATERMARK FOR t AS t
                ) WITH ('connector' = 'kafka')
                """));
  }

  private String topology(String query) {
    return ((SqlOutcome.Query) session.execute(SqlStatement.of(query))).topology().toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TUMBLE(t, INTERVAL '10' SECOND)|tumbling window size 10s",
        "HOP(t, INTERVAL '2' SECOND, INTERVAL '10' SECOND)|sliding window size 10s slide 2s",
        "SESSION(t, INTERVAL '10' SECOND)|session window gap 10s",
      })
  void groupByAWindow_isAnAggregateOfTheWindow(String window, String expected) {
    String function = window.substring(0, window.indexOf('('));
    String arguments = window.substring(window.indexOf('('));
    assertThat(
            topology(
                "SELECT auction, "
                    + function
                    + "_START"
                    + arguments
                    + " AS s, "
                    + function
                    + "_END"
                    + arguments
                    + " AS e, COUNT(*) AS n FROM bids GROUP BY auction, "
                    + window))
        .contains(expected)
        .contains("count(*) as n by auction");
  }

  @Test
  void windowOfATimeWithoutWatermark_isBoundsOfEachRow() {
    assertThat(
            topology(
                "SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE bids,"
                    + " DESCRIPTOR(shown), INTERVAL '10' SECOND)) GROUP BY window_start"))
        .contains("(shown is not null)")
        .contains("by window_start")
        .doesNotContain("window size");
  }

  private static final String COUNTS =
      "(SELECT auction, COUNT(*) AS n, window_start, window_end FROM TABLE(HOP(TABLE bids,"
          + " DESCRIPTOR(t), INTERVAL '2' SECOND, INTERVAL '10' SECOND)) GROUP BY auction,"
          + " window_start, window_end)";

  @Test
  void aggregateOfResultsOfAWindow_byTheWindow_isOfTheirOneTime() {
    assertThat(
            topology(
                "SELECT window_end, MAX(n) AS most FROM "
                    + COUNTS
                    + " GROUP BY window_start, window_end"))
        .contains("sliding window size 10s slide 2s")
        .contains("tumbling window size 1ms")
        .contains("max(of_n) as most by of_window_end, of_window_start");
  }

  @Test
  void aggregateOfResultsOfAWindow_byTheWindowAndAColumn_canBeJoinedByTheWindow() {
    assertThat(
            topology(
                "SELECT a.auction FROM "
                    + COUNTS
                    + " a JOIN (SELECT MAX(n) AS most, window_start, window_end FROM "
                    + COUNTS
                    + " GROUP BY window_start, window_end) b ON a.window_start = b.window_start"
                    + " AND a.window_end = b.window_end AND a.n = b.most"))
        .contains("interval");
  }

  @Test
  void resultsThatAreReplaced_areAggregatedAsAChangelog() {
    assertThat(
            topology(
                "SELECT window_end, MAX(n) AS most FROM "
                    + COUNTS
                    + " GROUP BY window_start, window_end EMIT ON UPDATE"))
        .doesNotContain("size 1ms");
  }

  @Test
  void boundsOfAWindow_haveTheNamesThatTheQueryGivesThem() {
    SqlOutcome.Query query =
        (SqlOutcome.Query)
            session.execute(
                SqlStatement.of(
                    "SELECT window_start AS s, window_end AS e, COUNT(*) AS n FROM"
                        + " TABLE(TUMBLE(TABLE bids, DESCRIPTOR(t), INTERVAL '10' SECOND)) GROUP BY"
                        + " window_start, window_end"));
    assertThat(query.columns()).containsExactly("s", "e", "n");
    assertThat(query.topology().toString())
        .contains("cast(window_start as timestamp) as s, cast(window_end as timestamp) as e");
  }

  @Test
  void sessionsOfADividedTable_areThoseOfItsKeys() {
    assertThat(
            topology(
                "SELECT auction, window_end, COUNT(*) AS n FROM TABLE(SESSION(TABLE bids PARTITION"
                    + " BY auction, DESCRIPTOR(t), INTERVAL '10' SECOND)) GROUP BY auction,"
                    + " window_start, window_end"))
        .contains("session window gap 10s")
        .contains("by auction");
  }

  @Test
  void sessionsOfAllRows_groupedByAColumn_areBoundsOfEachRow() {
    assertThat(
            topology(
                "SELECT auction, window_end, COUNT(*) AS n FROM TABLE(SESSION(TABLE bids,"
                    + " DESCRIPTOR(t), INTERVAL '10' SECOND)) GROUP BY auction, window_start,"
                    + " window_end"))
        .contains("max(time) as latest over unbounded preceding by start")
        .contains("by auction, window_end, window_start")
        .doesNotContain("session window");
  }

  @Test
  void sessionsOfATimeWithoutWatermark_areBoundsOfEachRow() {
    assertThat(
            topology(
                "SELECT * FROM TABLE(SESSION(TABLE bids PARTITION BY auction, DESCRIPTOR(shown),"
                    + " INTERVAL '10' SECOND))"))
        .contains("(shown is not null)")
        .contains("max(time) as latest over unbounded preceding by auction, start");
  }

  @ParameterizedTest
  @CsvSource({"a,3", "b,2"})
  void windowsOfTheTimeOfASideOfAJoin_closeLaterByItsBound(String side, int seconds) {
    assertThat(
            topology(
                "SELECT a.price, COUNT(*) AS n FROM bids a JOIN bids b ON a.auction = b.auction AND"
                    + " b.t BETWEEN a.t - INTERVAL '2' SECOND AND a.t + INTERVAL '3' SECOND GROUP BY"
                    + " a.price, TUMBLE("
                    + side
                    + ".t, INTERVAL '10' SECOND)"))
        .contains("at most " + seconds + "s behind")
        .contains("tumbling window size 10s");
  }

  @Test
  void sessionsByTheClock_areKnownWhenTheyClose() {
    SqlOutcome unused =
        session.execute(
            SqlStatement.of(
                "CREATE TABLE clicks (k BIGINT, p AS PROCTIME()) WITH ('connector' = 'kafka',"
                    + " 'topic' = 'c')"));
    assertThatThrownBy(
            () ->
                topology(
                    "SELECT k, window_start FROM TABLE(SESSION(TABLE clicks, DESCRIPTOR(p),"
                        + " INTERVAL '10' SECOND))"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-0007")
        .hasMessageContaining("before the window has closed");
  }

  @Test
  void subqueryWithAnOuterColumnInAnOuterJoin_comparesItSoThatNullsAreEqual() {
    String query =
        "SELECT price FROM bids a WHERE EXISTS (SELECT 1 FROM bids b LEFT JOIN %s c"
            + " ON b.auction = c.auction AND a.price = c.price WHERE a.auction = b.auction)";
    assertThat(topology(query.formatted("bids"))).contains("(price is null)");
    String versions = "bids FOR SYSTEM_TIME AS OF PROCTIME()";
    assertThatThrownBy(() -> topology(query.formatted(versions)))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-0007");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT CURRENT_WATERMARK(shown) FROM bids|not the time of events",
        "SELECT a.price FROM bids a LEFT JOIN bids b ON a.auction = b.auction AND"
            + " CURRENT_WATERMARK(a.t) > b.t|neither in SELECT nor in WHERE",
      })
  void watermark_isRefusedWhereNoneComesBy(String query, String expected) {
    assertThatThrownBy(() -> topology(query))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-0007")
        .hasMessageContaining(expected);
  }

  @Test
  void watermark_isAskedOfAChangeWhenItComes() {
    SqlOutcome unused =
        session.execute(
            SqlStatement.of(
                "CREATE TABLE prices (k STRING, t TIMESTAMP(3), WATERMARK FOR t AS t, PRIMARY KEY"
                    + " (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'p')"));
    assertThat(topology("SELECT k FROM prices WHERE CURRENT_WATERMARK(t) IS NULL"))
        .containsPattern("project .*current_watermark\\(\\).* as f2")
        .contains("filter f2");
  }

  @Test
  void sumOfDistinctValues_isThatOfDistinctRows() {
    assertThat(topology("SELECT auction, SUM(DISTINCT price) AS s FROM bids GROUP BY auction"))
        .contains("by auction, price")
        .contains("sum(price)");
  }

  @Test
  void endOfASession_isThatOfItsWindow() {
    assertThat(
            topology(
                "SELECT SESSION_START(t, INTERVAL '10' SECOND) AS s, SESSION_END(t, INTERVAL '10'"
                    + " SECOND) AS e, COUNT(*) AS n FROM bids GROUP BY SESSION(t, INTERVAL '10'"
                    + " SECOND)"))
        .contains("cast(window_end as timestamp)");
  }

  @ParameterizedTest
  @CsvSource({"TUMBLE", "SESSION"})
  void timeOfAWindowsResult_isOneThatOthersWindowsAreOf(String window) {
    String arguments = "(t, INTERVAL '10' SECOND)";
    assertThat(
            topology(
                "SELECT TUMBLE_END(r, INTERVAL '1' MINUTE) AS e, SUM(n) AS s FROM (SELECT "
                    + window
                    + "_ROWTIME"
                    + arguments
                    + " AS r, COUNT(*) AS n FROM bids GROUP BY "
                    + window
                    + arguments
                    + ") GROUP BY TUMBLE(r, INTERVAL '1' MINUTE) HAVING TUMBLE_END(r, INTERVAL '1'"
                    + " MINUTE) > TIMESTAMP '2020-01-01 00:00:00'"))
        .contains("tumbling window size 1m")
        .contains("sum(n)")
        .contains("window_end");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GROUP BY TUMBLE(t, INTERVAL '20' SECOND)|Invalid number of arguments",
        "GROUP BY auction|Invalid number of arguments",
      })
  void boundOfAWindowThatIsNotGroupedBy_isRefused(String group, String expected) {
    String query = "SELECT TUMBLE_END(t, INTERVAL '10' SECOND) AS e FROM bids " + group;
    assertThatThrownBy(() -> topology(query))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void touchingSessions_areSeparateWhereTheCallSaysSo() {
    String sessions =
        "SELECT auction, window_end, COUNT(*) AS n FROM TABLE(SESSION(TABLE bids PARTITION BY"
            + " auction, DESCRIPTOR(t), INTERVAL '10' SECOND%s)) GROUP BY auction, window_start,"
            + " window_end";
    assertThat(topology(sessions.formatted(", TOUCHING => 'separate'")))
        .contains("session window gap 10s touching separate");
    assertThat(topology(sessions.formatted(", TOUCHING => 'merge'")))
        .contains("session window gap 10s")
        .doesNotContain("touching");
    assertThat(topology(sessions.formatted(", touching => 'separate', TIMEZONE => 'UTC'")))
        .contains("session window gap 10s touching separate");
    assertThatThrownBy(() -> topology(sessions.formatted(", TOUCHING => 'apart'")))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-0074")
        .hasMessageContaining("'apart'");
  }

  @Test
  void boundOfNoWindow_isRefused() {
    assertThatThrownBy(() -> topology("SELECT TUMBLE_END(t) AS e FROM bids GROUP BY auction"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-0007")
        .hasMessageContaining("not grouped by a window");
  }

  @Test
  void firstRowOfAKey_inAnOrderThatNamesTheKey_isOrderedByTheRest() {
    assertThat(topology(first("ORDER BY auction, price, price DESC")))
        .contains("top 1 by price per auction");
    assertThat(topology(first("ORDER BY auction"))).contains("top 1 by f4 per auction");
  }

  @Test
  void lastRowByTheTimeOfEvents_isADeduplication() {
    assertThat(topology(first("ORDER BY t DESC"))).contains("deduplicate");
    assertThat(topology(first("ORDER BY t"))).doesNotContain("deduplicate");
  }

  private static String first(String order) {
    return "SELECT auction, price FROM (SELECT auction, price, ROW_NUMBER() OVER (PARTITION BY"
        + " auction "
        + order
        + ") AS number FROM bids) WHERE number = 1";
  }

  @Test
  void user_isAName() {
    SqlOutcome unused =
        session.execute(
            SqlStatement.of(
                "CREATE TABLE visits (`user` STRING) WITH ('connector' = 'kafka', 'topic' = 'v')"));
    assertThat(topology("SELECT user FROM visits")).contains("user");
  }
}
