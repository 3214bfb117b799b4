package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.FunctionCatalogue;
import io.fluxcore.domain.expression.ScalarFunction;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sql.plan.QueryContext;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What statements become. That the topologies give the right rows, the conformance cases hold. */
class CalciteSessionTest {
  private static final ExpressionContext CONTEXT =
      ExpressionContext.of(new LinearRegexCompiler())
          .withFunctions(
              FunctionCatalogue.standard()
                  .with(
                      ScalarFunction.of(
                          "twice",
                          DataType.LONG,
                          List.of(DataType.LONG),
                          arguments -> 2 * (Long) arguments[0])));

  private final SqlFrontEnd frontEnd =
      new CalciteFrontEnd(new QueryContext(CONTEXT, AggregateCatalogue.EMPTY, Set.of("jdbc")));
  private final SqlSession session = frontEnd.newSession();

  @BeforeEach
  void tables() {
    run(
        """
        CREATE TABLE bids (
          auction BIGINT, price BIGINT, bidder STRING, ts BIGINT,
          t AS TO_TIMESTAMP_LTZ(ts, 3),
          p AS PROCTIME(),
          WATERMARK FOR t AS t - INTERVAL '5' SECOND
        ) WITH ('connector' = 'kafka', 'topic' = 'bids');
        CREATE TABLE people (
          id STRING, name STRING, since TIMESTAMP(3), WATERMARK FOR since AS since,
          PRIMARY KEY (id) NOT ENFORCED
        ) WITH ('connector' = 'upsert-kafka', 'topic' = 'people');
        CREATE TABLE places (
          id STRING, name STRING, kind STRING
        ) WITH ('connector' = 'jdbc', 'table' = 'places', 'lookup.cache.timeToLive' = '5m', 'lookup.timeout' = '2s');
        CREATE TABLE results (id STRING, total BIGINT) WITH ('connector' = 'console');
        """);
  }

  private SqlOutcome run(String script) {
    SqlOutcome last = null;
    for (SqlStatement statement : frontEnd.statements(script)) {
      last = session.execute(statement);
    }
    return last;
  }

  private String topology(String script) {
    SqlOutcome outcome = run(script);
    return outcome instanceof SqlOutcome.Query query
        ? query.topology().toString()
        : ((SqlOutcome.Job) outcome).topology().toString();
  }

  @Test
  void table_isASourceWithItsTime() {
    assertThat(topology("SELECT auction FROM bids"))
        .startsWith(
            "bids: kafka {topic=bids} (auction long, price long, bidder string, ts long)"
                + " timestamp from_epoch_millis(ts)\n");
  }

  @Test
  void upsertConnector_readsUpsertsByThePrimaryKey() {
    assertThat(topology("SELECT name FROM people"))
        .startsWith(
            "people: kafka {topic=people} (id string, name string, since timestamp) timestamp since"
                + " upserts by id\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT bidder FROM bids WHERE price > 10 AND bidder LIKE 'a%'"
            + "|filter ((price > 10) and (bidder like 'a%'))",
        "SELECT UPPER(bidder) AS b, price * 2 AS d FROM bids|project upper(bidder) as b, (price *"
            + " 2) as d",
        "SELECT twice(price) AS d FROM bids|project twice(price) as d",
        "SELECT CASE WHEN price > 3 THEN 'a' ELSE 'b' END AS c FROM bids"
            + "|case when (price > 3) then 'a' else 'b' end as c",
        "SELECT CAST(price AS STRING) AS c FROM bids|cast(price as string) as c",
        "SELECT EXTRACT(HOUR FROM t) AS h FROM bids|extract('hour', t) as h",
        "SELECT bidder, COUNT(*) AS n, MAX(price) AS m FROM bids GROUP BY bidder"
            + "|count(*) as n, max(price) as m by bidder",
        "SELECT bidder, COUNT(*) FILTER (WHERE price > 5) AS n FROM bids GROUP BY bidder|count(*)"
            + " filter (where",
        "SELECT window_end, SUM(price) AS s FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(t), INTERVAL"
            + " '10' SECOND)) GROUP BY window_start, window_end|tumbling window size 10s",
        "SELECT window_end, COUNT(*) AS s FROM TABLE(HOP(TABLE bids, DESCRIPTOR(t), INTERVAL '2'"
            + " SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end|sliding window"
            + " size 10s slide 2s",
        "SELECT window_end, COUNT(*) AS s FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(t), INTERVAL"
            + " '2' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end|cumulative"
            + " window size 10s step 2s",
        "SELECT window_end, COUNT(*) AS s FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(p), INTERVAL"
            + " '10' SECOND)) GROUP BY window_start, window_end|processing time",
        "SELECT * FROM (SELECT auction, price, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY"
            + " price DESC) AS n FROM bids) WHERE n <= 3|top",
        "SELECT auction, price FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY p)"
            + " AS n FROM bids) WHERE n = 1|deduplicate",
        "SELECT b.price, q.name FROM bids b JOIN people q ON b.bidder = q.id|join",
        "SELECT b.price, q.name FROM bids b JOIN people FOR SYSTEM_TIME AS OF b.t AS q ON b.bidder"
            + " = q.id|temporal",
        "SELECT b.price, q.name FROM bids b JOIN people FOR SYSTEM_TIME AS OF b.p AS q ON b.bidder"
            + " = q.id|join, table, on bidder = id",
        "SELECT b.price, q.name FROM bids b LEFT JOIN people FOR SYSTEM_TIME AS OF PROCTIME() AS q"
            + " ON b.bidder = q.id|left join, table, on bidder = id",
        "SELECT b.price, q.name FROM bids b LEFT JOIN places FOR SYSTEM_TIME AS OF b.p AS q ON"
            + " b.bidder = q.id AND q.kind = 'x'|left lookup in jdbc {table=places}, on f2 = id, f6"
            + " = kind, gets id, name, kind, cache 5m",
        "SELECT b.price FROM bids b JOIN places FOR SYSTEM_TIME AS OF b.p AS q ON b.bidder = q.id"
            + " AND q.name <> b.bidder|filter (r_name <> l_bidder)",
        "SELECT price FROM bids WHERE price > 3 UNION ALL VALUES (1), (2)|values: values"
            + " {rows=[{\"f0\": 1}, {\"f0\": 2}]}",
        "SELECT price, SUM(price) OVER (PARTITION BY bidder ORDER BY price DESC NULLS FIRST ROWS"
            + " BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS s FROM bids|sum(price) as over0 over"
            + " between 1 rows preceding and 1 rows following in order of price desc nulls first by"
            + " bidder",
        "SELECT price, NTILE(4) OVER (ORDER BY price) AS s FROM bids|ntile(4) as over over",
        "SELECT price FROM bids ORDER BY price|all rows by price, at the end",
        "SELECT bidder, COUNT(*) AS n FROM bids GROUP BY bidder ORDER BY n DESC NULLS LAST, bidder,"
            + " n|all rows by n desc, bidder, at the end",
        "SELECT price FROM bids ORDER BY price DESC NULLS FIRST OFFSET 2 ROWS|all rows by price"
            + " desc nulls first, from row 3 on, at the end",
        "SELECT price FROM bids OFFSET 1 ROWS|all rows as they came, from row 2 on, at the end",
        "SELECT a.price FROM bids a JOIN bids b ON a.auction = b.auction AND a.t BETWEEN b.t -"
            + " INTERVAL '1' MINUTE AND b.t|interval 0s to 1m",
        "SELECT auction, SUM(price) OVER (PARTITION BY auction ORDER BY t ROWS BETWEEN 2 PRECEDING"
            + " AND CURRENT ROW) AS s FROM bids|2 rows preceding",
        "SELECT auction, LEAD(price, 2) OVER (PARTITION BY auction ORDER BY t) AS s FROM"
            + " bids|lead(price, 2)",
        "SELECT auction, LAG(price) OVER (PARTITION BY auction ORDER BY t) AS s FROM"
            + " bids|lag(price, 1)",
        "SELECT auction FROM bids UNION ALL SELECT price FROM bids|union",
        "SELECT bidder FROM bids INTERSECT SELECT id FROM people|intersect",
        "SELECT bidder FROM bids WHERE bidder IN (SELECT id FROM people)|join",
      })
  void query_becomesNodes(String query, String expected) {
    assertThat(topology(query)).contains(expected);
  }

  @Test
  void statementSet_readsATableOnce() {
    String topology =
        topology(
            """
            EXECUTE STATEMENT SET BEGIN
              INSERT INTO results SELECT bidder, price FROM bids;
              INSERT INTO results (total) SELECT price FROM bids WHERE price > 10;
            END
            """);
    assertThat(topology.lines().filter(line -> line.startsWith("bids: "))).hasSize(1);
    assertThat(topology.lines().filter(line -> line.contains(": console"))).hasSize(2);
    assertThat(topology).contains("cast(null as string) as id");
  }

  @Test
  void emitOnUpdate_firesEarly() {
    assertThat(
            topology(
                "SELECT window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(t),"
                    + " INTERVAL '10' SECOND)) GROUP BY window_start, window_end EMIT ON UPDATE"))
        .contains("retracting");
  }

  @Test
  void lateRows_goIntoTheTableThatTheirTableNames() {
    run(
        """
        CREATE TABLE too_late (price BIGINT, t TIMESTAMP_LTZ(3), note STRING) WITH ('connector' = 'console');
        CREATE TABLE clicks (price BIGINT, ts BIGINT, t AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR t AS t)
          WITH ('connector' = 'kafka', 'topic' = 'clicks', 'late-data' = 'too_late');
        """);
    String query =
        "SELECT CAST(MAX(price) AS STRING), COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(t),"
            + " INTERVAL '10' SECOND)) GROUP BY window_start, window_end";
    assertThat(topology("INSERT INTO results " + query))
        .contains("kafka {topic=clicks}")
        .contains("project price, t, cast(null as string) as note ← aggregate-1.late")
        .contains("too_late: console");
    assertThat(topology(query)).doesNotContain("too_late: console");
    run(
        "CREATE TABLE lost (a BIGINT, t TIMESTAMP(3), WATERMARK FOR t AS t) WITH ('connector' ="
            + " 'kafka', 'topic' = 'lost', 'late-data' = 'nowhere')");
    assertThatThrownBy(() -> run("SELECT a FROM lost")).hasMessageContaining("nowhere");
  }

  @Test
  void stateTimeToLive_isThatOfWhatGrowsWithoutABound() {
    String query =
        "SELECT b.bidder, COUNT(*) AS n FROM bids b JOIN people p ON b.bidder = p.id GROUP BY"
            + " b.bidder";
    assertThat(topology(query)).doesNotContain("lives");
    run("SET 'table.exec.state.ttl' = '12 h'");
    assertThat(topology(query)).contains("unbounded for 12h of").contains("state lives 12h of");
    run("SET 'stateTimeToLive' = '0 ms'");
    assertThatThrownBy(() -> run("SET 'table.exec.state.ttl' = 'long'"))
        .hasMessageContaining("FLX-QUERY-0031");
  }

  @Test
  void view_standsForItsQuery() {
    run("CREATE VIEW dear (who, much) AS SELECT bidder, price FROM bids WHERE price > 100");
    assertThat(topology("SELECT who FROM dear")).contains("filter (price > 100)");
    assertThat(run("DESCRIBE dear"))
        .isEqualTo(
            new SqlOutcome.Listing(
                List.of("name", "type", "key", "extras"),
                List.of(List.of("who", "STRING", "", ""), List.of("much", "BIGINT", "", ""))));
    run("DROP VIEW dear");
    assertThatThrownBy(() -> run("SELECT * FROM dear")).hasMessageContaining("dear");
  }

  @Test
  void sameQuery_givesTheSameTopology() {
    String query = "SELECT bidder, COUNT(*) AS n FROM bids WHERE price > 1 GROUP BY bidder";
    assertThat(topology(query)).isEqualTo(topology(query));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT pric FROM bids|FLX-QUERY-0006|line 1, column 8|pric",
        "SELECT price FROM bid|FLX-QUERY-0006|line 1, column 19|bid",
        "SELECT price FROM bids WHERE|FLX-QUERY-0005|line 1, column|",
        "SELECT nothing_of_the_kind(price) FROM bids|FLX-QUERY-0006|line 1, column"
            + " 8|nothing_of_the_kind",
        "SELECT twice(bidder) FROM bids|FLX-QUERY-0006|line 1, column 8|argument 1 is a string",
        "SELECT * FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(pric), INTERVAL '1'"
            + " SECOND))|FLX-QUERY-0006|line 1|pric",
        "INSERT INTO results SELECT bidder FROM bids|FLX-QUERY-0015||1 columns",
        "INSERT INTO nowhere SELECT bidder FROM bids|FLX-QUERY-0020||nowhere",
        "CREATE TABLE bids (a INT) WITH ('connector' = 'x')|FLX-QUERY-0021||already",
        "CREATE TABLE x (a INTT) WITH ('connector' = 'x')|FLX-QUERY-0011|line 1, column 19|INTT",
        "CREATE TABLE x (a INT, WATERMARK FOR a AS a) WITH ('connector' ="
            + " 'x')|FLX-QUERY-0019||INTEGER",
        "CREATE TABLE x (a INT, b AS c + 1) WITH ('connector' = 'x')|FLX-QUERY-0006|line 1, column"
            + " 29|'c'",
        "SET 'nothing' = '1'|FLX-QUERY-0030||nothing",
        "SET 'parallelism' = 'many'|FLX-QUERY-0031||many",
        "EXPLAIN SHOW TABLES|FLX-QUERY-0018||",
      })
  void whatIsWrong_isToldWithItsPlace(String text, String code, String place, String message) {
    assertThatThrownBy(() -> run(text))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining(code)
        .hasMessageContaining(place == null ? "" : place)
        .hasMessageContaining(message == null ? "" : message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "SELECT (((((",
        "SELECT 'x",
        "INSERT",
        "CREATE TABLE",
        "\u0000",
        "SELECT * FROM"
      })
  void nonsense_isRefusedNotFailed(String text) {
    assertThatThrownBy(() -> run(text)).isInstanceOf(FluxCoreException.class);
  }
}
