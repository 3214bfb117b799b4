package io.fluxcore.infrastructure.sql.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Aggregates by the names of SQL, over the rows (1, 2), (1, 3), (2, 5) of k and v. */
class AggregatesTest {
  private static void requireAnswer(String query, String rows) {
    assertThat(FixedQueriesTest.answer(query, 1)).as("at parallelism 1").hasToString(rows);
    assertThat(FixedQueriesTest.answer(query, 3)).as("at parallelism 3").hasToString(rows);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BIT_AND(v), BIT_OR(v), BIT_XOR(v)|0, 7, 4",
        "BOOL_AND(v > 2), BOOL_OR(v > 2), EVERY(v > 1)|false, true, true",
        "MEDIAN(v), PERCENTILE(v, 0.25), PERCENTILE(v, ARRAY[0.0, 1.0])|3.0, 2.5, [2.0, 5.0]",
        "PERCENTILE(v, 0.5, k), APPROX_PERCENTILE(v, 0.5, k), APPROX_MEDIAN(v)|4.0, 3.0, 3.0",
        "PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY v)|4.0",
        "PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY v DESC)|2.5",
        "PERCENTILE_DISC(0.75) WITHIN GROUP (ORDER BY v)|5",
        "PERCENTILE_DISC(0.75) WITHIN GROUP (ORDER BY v DESC)|2",
        "CORR(v, v), COVAR_POP(v, k), COVAR_SAMP(v, k)|1.0, 0.5555555555555555, 0.8333333333333333",
        "REGR_COUNT(v, k), REGR_SLOPE(v, v), REGR_INTERCEPT(v, v)|3, 1.0, 0.0",
        "REGR_AVGX(v, 2 * k), REGR_AVGY(v + 1, k)|2.6666666666666665, 4.333333333333333",
        "REGR_R2(v, v), REGR_SXX(k, v), REGR_SYY(v, k), REGR_SXY(v, v)"
            + "|1.0, 4.666666666666666, 4.666666666666666, 4.666666666666666",
        "REGR_SLOPE(v, 1), CORR(1, v), REGR_COUNT(v, NULLIF(k, 1))|null, null, 1",
        "LISTAGG(CAST(v AS STRING), ';') WITHIN GROUP (ORDER BY v DESC)|5;3;2",
        "STRING_AGG(CAST(v AS STRING), '' ORDER BY k DESC, v)|523",
        "STRING_AGG(CAST(v AS STRING), REPEAT('-', CAST(v AS INT)) ORDER BY v DESC)|5---3--2",
        "LISTAGG(CAST(NULLIF(v, 5) AS STRING), CAST(k AS STRING)) WITHIN GROUP (ORDER BY v DESC)"
            + "|312",
        "LISTAGG(DISTINCT CAST(k AS STRING)) WITHIN GROUP (ORDER BY k DESC)|2,1",
        "ARRAY_AGG(NULLIF(v, 3) ORDER BY v DESC)|[5, null, 2]",
        "ARRAY_AGG(v ORDER BY v DESC) FILTER (WHERE v < 5)|[3, 2]",
        "FIRST_VALUE(v) WITHIN GROUP (ORDER BY v DESC)|5",
        "LAST_VALUE(k) WITHIN GROUP (ORDER BY v DESC)|1",
        "FIRST_VALUE(NULLIF(v, 5)) WITHIN GROUP (ORDER BY v DESC)|null",
        "FIRST_VALUE(NULLIF(v, 5) ORDER BY k DESC, v), LAST_VALUE(v ORDER BY k, v DESC)|null, 5",
        "FIRST_VALUE(v ORDER BY NULLIF(k, 1), v), FIRST_VALUE(v ORDER BY NULLIF(k, 1) DESC)|2, 5",
        "FIRST_VALUE(v ORDER BY NULLIF(k, 1) DESC NULLS FIRST, v DESC)|3",
        "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY CAST(v AS DOUBLE))|3.0",
      })
  void aggregateOfAllRows_gives(String call, String values) {
    requireAnswer("SELECT " + call + " FROM a", "{[" + values + "]=1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT COUNT(*), SUM(v), MAX(v), COUNT(DISTINCT v) FROM nothing|{[0, null, null, 0]=1}",
        "SELECT COUNT(*), SUM(v) FROM a WHERE v > 9|{[0, null]=1}",
        "SELECT COUNT(*), SUM(v) FROM a WHERE FALSE|{[0, null]=1}",
        "SELECT COUNT(*), SUM(DISTINCT v), COUNT(DISTINCT k) FROM nothing|{[0, null, 0]=1}",
        "SELECT COUNT(*) FROM nothing HAVING COUNT(*) > 0|{}",
        "SELECT COUNT(*) FROM nothing GROUP BY k|{}",
        "SELECT k, COUNT(*) FROM nothing GROUP BY ROLLUP (k)|{[null, 0]=1}",
        "SELECT COUNT(*), LISTAGG(CAST(v AS STRING)), MEDIAN(v), BIT_AND(v), REGR_COUNT(v, k)"
            + " FROM nothing|{[0, null, null, null, 0]=1}",
        "SELECT n + 1 FROM (SELECT COUNT(*) AS n FROM nothing)|{[1]=1}",
        "SELECT v, (SELECT COUNT(*) FROM nothing) FROM a WHERE v > 2|{[3, 0]=1, [5, 0]=1}",
        "SELECT v FROM a WHERE EXISTS (SELECT SUM(k) FROM nothing) AND v > 2|{[3]=1, [5]=1}",
        "SELECT COUNT(*), SUM(n) FROM (SELECT k, COUNT(*) AS n FROM a GROUP BY k HAVING COUNT(*) ="
            + " 1 AND k = 1)|{[0, null]=1}",
      })
  void aggregateOfNoRows_hasARow(String query, String rows) {
    requireAnswer(query, rows);
  }

  /** Of the counts 2 and 1 of the groups; each was 1 before it was 2. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BIT_AND(n), BIT_OR(n), BIT_XOR(n)|0, 3, 3",
        "MEDIAN(n), COVAR_POP(k, n)|1.5, -0.25",
        "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY n)|1",
        "LISTAGG(CAST(n AS STRING), ';') WITHIN GROUP (ORDER BY n DESC)|2;1",
        "ARRAY_AGG(k ORDER BY n)|[2, 1]",
        "FIRST_VALUE(k) WITHIN GROUP (ORDER BY n), LAST_VALUE(k) WITHIN GROUP (ORDER BY n)|2, 1",
      })
  void aggregateOfChanges_gives(String call, String values) {
    requireAnswer(
        "SELECT " + call + " FROM (SELECT k, COUNT(*) AS n FROM a GROUP BY k)",
        "{[" + values + "]=1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT k, MEDIAN(v), LISTAGG(CAST(v AS STRING)) WITHIN GROUP (ORDER BY v DESC) FROM"
            + " TABLE(TUMBLE(TABLE a, DESCRIPTOR(t), INTERVAL '1' MINUTE)) GROUP BY k,"
            + " window_start, window_end|{[1, 2.5, 3,2]=1, [2, 5.0, 5]=1}",
        "SELECT v, MEDIAN(v) OVER w, REGR_COUNT(v, k) OVER w FROM a WINDOW w AS (ORDER BY t)"
            + "|{[2, 2.0, 1]=1, [3, 2.5, 2]=1, [5, 3.0, 3]=1}",
        "SELECT v, LAG(v, 1, -1) OVER (ORDER BY t), LAG(NULLIF(v, 2), 1, v * 10) OVER (ORDER BY t)"
            + " FROM a|{[2, -1, 20]=1, [3, 2, null]=1, [5, 3, 3]=1}",
        "SELECT v, LEAD(v, 2, k) OVER (ORDER BY v DESC), LEAD(d, 1, 0) OVER (ORDER BY v DESC)"
            + " FROM a|{[2, 1, 0.00]=1, [3, 1, 0.20]=1, [5, 2, 0.30]=1}",
        "SELECT v, LEAD(v, 1, -1) OVER (PARTITION BY k ORDER BY t) FROM a"
            + "|{[2, 3]=1, [3, -1]=1, [5, -1]=1}",
        "SELECT k, COUNT(*), CORR(v, k), BIT_OR(v) FROM a GROUP BY ROLLUP (k)"
            + "|{[1, 2, null, 3]=1, [2, 1, null, 5]=1, [null, 3, 0.944911182523068, 7]=1}",
      })
  void aggregate_isOfWindowsAndFramesToo(String query, String rows) {
    requireAnswer(query, rows);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PERCENTILE(v, k)|FLX-QUERY-0060",
        "PERCENTILE(v, 1.5)|FLX-QUERY-0060",
        "LISTAGG(CAST(v AS STRING), CAST(k AS STRING))|FLX-QUERY-0061",
        "PERCENTILE_CONT(1.5) WITHIN GROUP (ORDER BY v)|FLX-QUERY-0006",
        "CORR(v)|FLX-QUERY-0006",
        "BIT_AND(d)|FLX-QUERY-0006",
      })
  void aggregateThatCannotBe_isRefused(String call, String code) {
    assertThatThrownBy(() -> FixedQueriesTest.answer("SELECT " + call + " FROM a", 1))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining(code);
  }
}
