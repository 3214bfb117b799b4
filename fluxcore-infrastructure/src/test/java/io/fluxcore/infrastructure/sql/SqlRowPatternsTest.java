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

/** Which row patterns a query means, and where it is wrong. */
class SqlRowPatternsTest {
  private final SqlFrontEnd frontEnd =
      new CalciteFrontEnd(ExpressionContext.of(new LinearRegexCompiler()));
  private final SqlSession session = frontEnd.newSession();

  @BeforeEach
  void table() {
    SqlOutcome unused =
        session.execute(
            SqlStatement.of(
                """
                CREATE TABLE ticker (
                  symbol STRING, price BIGINT, tax DOUBLE, t TIMESTAMP(3), p AS PROCTIME(),
                  WATERMARK FOR t AS t
                ) WITH ('connector' = 'kafka')
                """));
  }

  private SqlOutcome.Query query(String query) {
    return (SqlOutcome.Query) session.execute(SqlStatement.of(query));
  }

  private String topology(String query) {
    return query(query).topology().toString();
  }

  private static String match(String measures, String pattern, String define) {
    return "SELECT *\nFROM ticker MATCH_RECOGNIZE (\nPARTITION BY symbol ORDER BY t\nMEASURES "
        + measures
        + "\nPATTERN ("
        + pattern
        + ")\nDEFINE "
        + define
        + "\n)";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "A B+;(A B{1,})",
        "A B*? C;(A B{0,}? C)",
        "A | B C;(A | (B C))",
        "(A | B) {2,3};(A | B){2,3}",
        "A{,4}?;A{0,4}?",
        "A{2};A{2,2}",
        "A{,};A{0,}",
        "PERMUTE(A, B C);PERMUTE(A, (B C))",
        "^A$;(^ A $)",
        "$+ | A;($+ | A)",
        "() | A;(() | A)",
        "A {- B+ -} C;(A {- B{1,} -} C)",
      })
  void pattern_isReadAsItIsWritten(String written, String expected) {
    String pattern = expected.replace("$+", "${1,}");
    assertThat(topology(match("COUNT(*) AS n", written, "A AS price > 1")))
        .contains("row pattern " + pattern + " where A as");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "A.price;last(A: price)",
        "price;last(price)",
        "FIRST(price, 2);first(price, 2)",
        "PREV(LAST(A.price, 1), 3);prev(last(A: price, 1), 3)",
        "NEXT(price);next(last(price), 1)",
        "FINAL LAST(A.price);final last(A: price)",
        "SUM(A.price + 1);sum(A: price + 1)",
        "COUNT(A.*);count(A: *)",
        "RUNNING COUNT(*);count(*)",
        "MIN_BY(price, tax);min_by(price, tax)",
        "LAST(CLASSIFIER());last(\"$classifier\")",
        "CLASSIFIER(A);last(A: \"$classifier\")",
        "MATCH_NUMBER();match_number()",
      })
  void term_isTakenOutOfItsExpression(String written, String expected) {
    assertThat(topology(match(written + " AS m", "A B", "B AS price > 1"))).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "price AS m|A B|C AS price > 1|6:8|no variable 'C'",
        "price AS m|A B|B AS prize > 1|6:13|prize",
        "D.price AS m|A B|B AS price > 1|4:10|D",
        "price AS m|A (B|B AS price > 1|2:29|not closed",
        "price AS m|A B)|B AS price > 1|6:1|DEFINE",
        "price AS m|A B{3,2}|B AS price > 1|5:13|upper bound",
        "price AS m|A B|B AS price|6:13|no condition",
        "price AS m|A B|B AS FINAL LAST(price) > 1|6:13|FINAL",
        "SUM(symbol) AS m|A B|B AS price > 1|4:14|SUM",
        "LAST(A.price + B.price) AS m|A B|B AS price > 1|4:15|several variables",
        "SUM(LAST(price)) AS m|A B|B AS price > 1|4:14|cannot stand within",
        "MATCH_ROWTIME() + 1 AS m|A B|B AS price > 1|4:10|time of a match",
        "price AS symbol|A B|B AS price > 1|4:10|two columns 'symbol'",
      })
  void mistake_hasItsPlace(
      String measures, String pattern, String define, String place, String message) {
    String at = "line " + place.replace(":", ", column ");
    assertThatThrownBy(() -> topology(match(measures, pattern, define)))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(at + ":");
  }

  @Test
  void orderOfAnotherColumn_isThatOfAllRowsAtTheEnd() {
    assertThat(topology(match("price AS m", "A", "A AS price > 1").replace("BY t", "BY price")))
        .contains("all rows by price, at the end");
  }

  @Test
  void orderOfAnotherColumn_withinAnInterval_isRefused() {
    String query =
        match("price AS m", "A", "A AS price > 1")
            .replace("BY t", "BY price")
            .replace("DEFINE", "WITHIN INTERVAL '1' HOUR DEFINE");
    assertThatThrownBy(() -> topology(query))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-0007")
        .hasMessageContaining("not that of time");
  }

  @Test
  void processingTime_isTheOrderOfArrival() {
    assertThat(topology(match("price AS m", "A", "A AS price > 1").replace("BY t", "BY p")))
        .contains("in processing time");
  }

  @Test
  void allRows_haveTheColumnsOfPartitionAndOrderFirst() {
    assertThat(
            query(
                    match("CLASSIFIER() AS label", "A", "A AS price > 1")
                        .replace("PATTERN", "ALL ROWS PER MATCH PATTERN")
                        .replace("SELECT *", "SELECT symbol, t, label, price, tax"))
                .columns())
        .containsExactly("symbol", "t", "label", "price", "tax");
  }

  @Test
  void patternOfASubquery_andOfAnotherPattern() {
    String inner =
        match("LAST(t) AS t2, MATCH_ROWTIME() AS t, price AS price", "A", "A AS price > 1");
    assertThat(
            topology(
                "SELECT * FROM ("
                    + inner
                    + ") MATCH_RECOGNIZE (ORDER BY t MEASURES COUNT(*) AS n PATTERN (X Y) DEFINE Y"
                    + " AS Y.price > X.price) AS m"))
        .contains("row pattern A")
        .contains("row pattern (X Y)");
  }

  @Test
  void windowWithAPattern_givesEachRowItsMeasures() {
    assertThat(
            topology(
                "SELECT symbol, low OVER w AS low, MAX(price) OVER w AS high FROM ticker AS k WHERE"
                    + " k.tax > 0 WINDOW w AS (PARTITION BY symbol ORDER BY t MEASURES"
                    + " LAST(B.price) AS low ROWS BETWEEN CURRENT ROW AND 5 FOLLOWING AFTER MATCH"
                    + " SKIP TO NEXT ROW SEEK PATTERN (A B+) DEFINE B AS price < PREV(price))"))
        .contains("of 6 rows at most")
        .contains("each row seek per match, skip to next row");
  }

  @Test
  void boundlessPattern_saysSo() {
    assertThat(topology(match("price AS m", "A+", "A AS price > 1")))
        .contains("without a time: at most 10000 rows a match");
    assertThat(
            topology(
                match("price AS m", "A+", "A AS price > 1")
                    .replace("DEFINE", "WITHIN INTERVAL '1' HOUR DEFINE")))
        .contains("within 3600000 ms")
        .doesNotContain("without a time");
  }
}
