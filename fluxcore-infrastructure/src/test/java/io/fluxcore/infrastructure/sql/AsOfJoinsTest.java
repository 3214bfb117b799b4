package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.topology.TopologyAnalysis;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ASOF JOIN} becomes. That it gives the right rows, the conformance cases hold. */
class AsOfJoinsTest {
  private static final String TABLES =
      """
      CREATE TABLE trades (symbol STRING, moment BIGINT, amount INT)
        WITH ('connector' = 'kafka', 'topic' = 'trades');
      CREATE TABLE quotes (symbol STRING, moment BIGINT, price INT, exact DOUBLE, id STRING,
        PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'quotes');
      """;

  private static SqlOutcome.Query query(String text) {
    return LastQuery.of(TABLES + text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT price FROM trades t ASOF JOIN quotes q MATCH_CONDITION t.moment >= q.moment ON t.symbol ="
            + " q.symbol|inner join, as of moment >= moment, on symbol",
        "SELECT price FROM trades t LEFT ASOF JOIN quotes q MATCH_CONDITION t.moment < q.moment ON t.symbol ="
            + " q.symbol|left join, as of moment < moment, on symbol",
        "SELECT price FROM trades t ASOF JOIN quotes q MATCH_CONDITION q.moment > t.moment ON q.symbol ="
            + " t.symbol|inner join, as of moment < moment, on symbol",
        // A side of another type is cast before.
        "SELECT price FROM trades t ASOF JOIN quotes q MATCH_CONDITION t.moment >= q.exact ON t.symbol ="
            + " q.symbol|cast(moment as double)",
        "SELECT price FROM trades t ASOF JOIN quotes q MATCH_CONDITION t.moment <= q.moment ON"
            + " t.symbol = q.symbol AND t.amount = q.price|on symbol = symbol, amount = price",
        // What stands behind the join is not asked of rows before it.
        "SELECT price FROM trades t LEFT ASOF JOIN quotes q MATCH_CONDITION t.moment >= q.moment ON t.symbol ="
            + " q.symbol WHERE q.price > 3 AND t.amount > 1|filter ((r_price > 3) and (l_amount > 1))",
        "SELECT price FROM trades t ASOF JOIN (SELECT symbol, moment, price FROM quotes WHERE price > 7)"
            + " q MATCH_CONDITION t.moment >= q.moment ON t.symbol = q.symbol|filter (price > 7)",
        // Subqueries that depend on rows around them stand before, behind and within.
        "SELECT * FROM (SELECT t.symbol AS s, q.price AS p FROM trades t ASOF JOIN quotes q"
            + " MATCH_CONDITION t.moment >= q.moment ON t.symbol = q.symbol) a WHERE EXISTS (SELECT 1 FROM"
            + " quotes b WHERE b.symbol = a.s AND b.price > a.p)|inner join, as of moment >= moment",
        "SELECT * FROM trades x WHERE EXISTS (SELECT 1 FROM trades t ASOF JOIN quotes q"
            + " MATCH_CONDITION t.moment >= q.moment ON t.symbol = q.symbol WHERE q.symbol = x.symbol)"
            + "|inner join, as of moment >= moment",
        "SELECT price FROM (SELECT * FROM trades x WHERE EXISTS (SELECT 1 FROM quotes b WHERE"
            + " b.symbol = x.symbol AND b.price > x.amount)) t ASOF JOIN quotes q MATCH_CONDITION"
            + " t.moment >= q.moment ON t.symbol = q.symbol|inner join, as of l_moment >= moment",
      })
  void asOfJoin_becomesAJoinWithTheClosestRow(String text, String expected) {
    SqlOutcome.Query query = query(text);
    assertThat(query.topology().toString()).contains(expected);
    assertThat(TopologyAnalysis.of(query.topology(), Map.of(), LastQuery.CONTEXT).findings())
        .as("%s", query.topology())
        .noneMatch(finding -> finding.isError() && !finding.code().equals("FLX-TOPO-0002"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT price FROM trades t ASOF JOIN quotes q MATCH_CONDITION t.moment = q.moment ON t.symbol ="
            + " q.symbol|MATCH_CONDITION",
        "SELECT price FROM trades t ASOF JOIN quotes q MATCH_CONDITION t.moment >= q.moment ON t.symbol ="
            + " q.symbol AND t.amount > 3|ASOF JOIN",
        "SELECT price FROM trades t ASOF JOIN quotes q MATCH_CONDITION t.moment >= t.amount ON t.symbol ="
            + " q.symbol|MATCH_CONDITION",
        "SELECT price FROM trades t ASOF JOIN quotes q ON t.symbol = q.symbol|MATCH_CONDITION",
        "SELECT price FROM trades t ASOF JOIN quotes q MATCH_CONDITION t.moment >= q.moment ON t.symbol ="
            + " q.symbol AND t.symbol = q.id|two of the right side",
      })
  void whatIsNoAsOfJoin_isRefused(String text, String message) {
    assertThatThrownBy(() -> query(text))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-00")
        .hasMessageContaining(message);
  }
}
