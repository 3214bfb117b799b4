package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What hints say of the state of queries and of the options of tables. */
class SqlHintsTest {
  private final SqlSession session =
      new CalciteFrontEnd(ExpressionContext.of(new LinearRegexCompiler())).newSession();

  private void run(String statement) {
    SqlOutcome unused = session.execute(SqlStatement.of(statement));
  }

  @BeforeEach
  void tables() {
    for (String table : List.of("orders", "payments", "items")) {
      run(
          "CREATE TABLE "
              + table
              + " (id BIGINT, amount BIGINT) WITH ('connector' = 'kafka', 'topic' = '"
              + table
              + "', 'startFrom' = 'latest')");
    }
    run("CREATE VIEW sums AS SELECT id, SUM(amount) AS amount FROM items GROUP BY id");
  }

  private StreamTopology topology(String query) {
    return ((SqlOutcome.Query) session.execute(SqlStatement.of(query))).topology();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/*+ STATE_TTL('o' = '1d', 'p' = '2d') */ o.id, p.amount FROM orders AS o JOIN payments AS"
            + " p ON o.id = p.id|unbounded for 1d of processing time left, 2d of processing time"
            + " right",
        "/*+ STATE_TTL('orders' = '12 h', 'payments' = '12h') */ orders.id FROM orders JOIN"
            + " payments ON orders.id = payments.id|unbounded for 12h of processing time",
        "/*+ STATE_TTL('p' = '2 min') */ o.id FROM orders o LEFT JOIN payments p ON o.id ="
            + " p.id AND p.amount > 5 WHERE o.amount > 1|unbounded for ever left, 2m of processing"
            + " time right",
        "/*+ STATE_TTL('s' = '1h') */ o.id FROM orders o JOIN sums s ON o.id = s.id|unbounded for"
            + " ever left, 1h of processing time right",
        "/*+ STATE_TTL('x' = '1h') */ o.id FROM (SELECT id FROM orders WHERE amount > 2) x JOIN"
            + " orders o ON o.id = x.id|unbounded for 1h of processing time left, ever right",
        "/*+ STATE_TTL('orders' = '6h') */ id, COUNT(*) AS n FROM orders GROUP BY id|(state lives"
            + " 6h of processing time)",
        "/*+ STATE_TTL('x' = '6h') */ DISTINCT id FROM (SELECT id + 1 AS id FROM orders) x|(state"
            + " lives 6h of processing time)",
      })
  void hint_saysHowLongStateIsKept(String query, String expected) {
    assertThat(topology("SELECT " + query).toString()).contains(expected);
  }

  @Test
  void hint_takesThePlaceOfTheSetting_forItsBlockOnly() {
    run("SET 'table.exec.state.ttl' = '1h'");
    String topology =
        topology(
                "SELECT /*+ STATE_TTL('o' = '0s', 'i' = '3h') */ o.id, i.n FROM orders o JOIN"
                    + " (SELECT id, COUNT(*) AS n FROM items GROUP BY id) i ON o.id = i.id")
            .toString();
    assertThat(topology)
        .contains("unbounded for ever left, 3h of processing time right")
        .contains("(state lives 1h of processing time)");
  }

  @Test
  void hintOfABlockWithoutState_isOfNoOther() {
    assertThat(
            topology(
                    "SELECT id, COUNT(*) AS n FROM (SELECT /*+ STATE_TTL('orders' = '6h') */ id"
                        + " FROM orders) GROUP BY id")
                .toString())
        .doesNotContain("state lives");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "STATE_TTL('q' = '1d')|FLX-QUERY-0076|names 'q', which is not in FROM|'q'",
        "STATE_TTL('orders' = '1d')|FLX-QUERY-0076|names 'orders', which is not in FROM|'orders'",
        "STATE_TTL('o' = 'soon')|FLX-QUERY-0077|'soon' is not how long state is kept|'soon'",
        "STATE_TTL('o' = '-1h')|FLX-QUERY-0077|'-1h' is not how long state is kept|'-1h'",
        "STATE_TTL(o)|FLX-QUERY-0076|says of no table|STATE_TTL",
      })
  void wrongHint_isRefusedWhereItStands(String hint, String code, String message, String at) {
    String query = "SELECT /*+ " + hint + " */ o.id FROM orders o JOIN payments p ON o.id = p.id";
    assertThatThrownBy(() -> topology(query))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.diagnostics().get(0).code()).isEqualTo(code);
              assertThat(e.diagnostics().get(0).place().column()).isEqualTo(query.indexOf(at) + 1);
            })
        .hasMessageContaining(message);
  }

  private List<Map<String, Object>> sources(String query) {
    return topology(query).nodes().stream()
        .filter(node -> node.config() instanceof SourceConfig)
        .map(node -> ((SourceConfig) node.config()).connector().options())
        .toList();
  }

  @Test
  void options_holdWhereTheyAreWritten() {
    assertThat(sources("SELECT id FROM orders /*+ OPTIONS('startFrom' = 'earliest') */ AS o"))
        .containsExactly(Map.of("topic", "orders", "startFrom", "earliest"));
    assertThat(
            sources(
                "SELECT id FROM orders /*+ OPTIONS('startFrom' = 'earliest') */ UNION ALL SELECT"
                    + " id FROM orders UNION ALL SELECT id + 1 FROM orders"))
        .containsExactlyInAnyOrder(
            Map.of("topic", "orders", "startFrom", "earliest"),
            Map.of("topic", "orders", "startFrom", "latest"));
  }

  @Test
  void options_doNotMakeAnotherTable() {
    assertThatThrownBy(() -> topology("SELECT id FROM orders /*+ OPTIONS('connector' = 'file') */"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("another connector, 'file'");
    assertThatThrownBy(() -> topology("SELECT id FROM sums /*+ OPTIONS('startFrom' = 'latest') */"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("a view has no options");
  }
}
