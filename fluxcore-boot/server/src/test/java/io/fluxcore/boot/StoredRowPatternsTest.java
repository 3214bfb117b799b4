package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.adapters.in.jobfile.JobFileText;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.topology.RowMatchConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sql.CalciteFrontEnd;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs with row patterns of SQL can be stored, and are the same when they are read again. */
class StoredRowPatternsTest {
  private static final JobFileText TEXT =
      new JobFileText(
          new JobFileReader(ConnectorRegistry.load(StoredRowPatternsTest.class.getClassLoader())));

  private final SqlFrontEnd frontEnd =
      new CalciteFrontEnd(ExpressionContext.of(new LinearRegexCompiler()));
  private final SqlSession session = frontEnd.newSession();

  @BeforeEach
  void tables() {
    execute(
        """
        CREATE TABLE ticker (
          symbol STRING, price BIGINT, tax DECIMAL(10, 2), tags ARRAY<STRING>, t TIMESTAMP(3),
          p AS PROCTIME(), WATERMARK FOR t AS t - INTERVAL '5' SECOND
        ) WITH ('connector' = 'file', 'path' = 'in.json', 'format' = 'json')
        """);
    execute(
        """
        CREATE TABLE found (symbol STRING, m STRING)
        WITH ('connector' = 'file', 'path' = 'out.json', 'format' = 'json')
        """);
  }

  private SqlOutcome execute(String statement) {
    return session.execute(SqlStatement.of(statement));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PARTITION BY symbol ORDER BY t MEASURES LAST(DOWN.price) AS m AFTER MATCH SKIP TO LAST UP"
            + " PATTERN (A DOWN+ UP+) WITHIN INTERVAL '1' HOUR"
            + " DEFINE DOWN AS price < PREV(price), UP AS price > PREV(price)",
        "PARTITION BY symbol ORDER BY t, price DESC MEASURES FINAL COUNT(U.*) + MATCH_NUMBER() AS m"
            + " ALL ROWS PER MATCH AFTER MATCH SKIP TO FIRST U"
            + " PATTERN (^ A (B | {- C -}){2,}? (PERMUTE(A, B C)) ()$) SUBSET U = (A, B)"
            + " DEFINE B AS SUM(U.price) > 5 AND CLASSIFIER(U) = 'A',"
            + " C AS NEXT(FIRST(A.price, 1), 2) IS NULL",
        "PARTITION BY symbol ORDER BY t MEASURES MATCH_NUMBER() AS m"
            + " ALL ROWS PER MATCH WITH UNMATCHED ROWS AFTER MATCH SKIP TO NEXT ROW"
            + " PATTERN (`permute` \"a b\"*) DEFINE `permute` AS tax > 1.50",
        "PARTITION BY symbol ORDER BY p MEASURES AVG(tax) AS m ALL ROWS PER MATCH OMIT EMPTY"
            + " MATCHES PATTERN (A*? B) DEFINE A AS symbol LIKE '100${x}''%' ESCAPE '!'",
        "PARTITION BY symbol ORDER BY t MEASURES MIN_BY(price, tax) + MAX_BY(price, tax) AS m"
            + " PATTERN (A{,3} B) DEFINE A AS CARDINALITY(ARRAY_AGG(A.price)) < 3",
      })
  void insertOfMatches_isStored_andReadBackEqual(String pattern) {
    assertStored(
        "INSERT INTO found SELECT symbol, CAST(m AS STRING) FROM ticker MATCH_RECOGNIZE ("
            + pattern
            + ")");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UNBOUNDED FOLLOWING) INITIAL", "5 FOLLOWING) SEEK", "CURRENT ROW) INITIAL"})
  void insertOfWindowsWithPatterns_isStored_andReadBackEqual(String frame) {
    String[] parts = frame.split("\\)");
    assertStored(
        "INSERT INTO found SELECT symbol, CAST(m OVER w AS STRING) FROM ticker WINDOW w AS ("
            + "PARTITION BY symbol ORDER BY t MEASURES COUNT(*) AS m"
            + " ROWS BETWEEN CURRENT ROW AND "
            + parts[0]
            + " AFTER MATCH SKIP TO NEXT ROW"
            + parts[1]
            + " PATTERN (A B*) DEFINE B AS price > PREV(price))");
  }

  private void assertStored(String statement) {
    StreamTopology topology = ((SqlOutcome.Job) execute(statement)).topology();
    assertThat(topology.nodes()).anyMatch(node -> node.config() instanceof RowMatchConfig);
    assertThat(topology.isPortable()).as("%s", topology.boundParts()).isTrue();
    StoredTopology stored = StoredTopology.of(topology, TEXT);
    assertThat(stored.isPortable()).as("%s", stored.bound()).isTrue();
    String text = TEXT.write(topology);
    StreamTopology read = TEXT.readTopology(text);
    assertThat(read).as(text).isEqualTo(topology);
    assertThat(stored.saysTheSameAs(read)).as(text).isTrue();
  }
}
