package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.aggregate.JavaAggregate;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.FunctionCatalogue;
import io.fluxcore.domain.expression.JavaFunction;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sql.plan.QueryContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions of applications and of sessions, and rows that are made of rows. */
class UserFunctionsTest {
  private static final String CLASSES = "io.fluxcore.infrastructure.sql.Functions$";
  private static final ExpressionContext CONTEXT =
      ExpressionContext.of(new LinearRegexCompiler())
          .withFunctions(
              FunctionCatalogue.standard()
                  .with(
                      JavaFunction.of("countBean", new Functions.CountCharacters()),
                      JavaFunction.of("wordsBean", new Functions.Words())));

  private final SqlFrontEnd frontEnd =
      new CalciteFrontEnd(
          new QueryContext(
              CONTEXT,
              AggregateCatalogue.EMPTY.with(
                  List.of(JavaAggregate.of("weighed", new Functions.WeightedAverage()))),
              Set.of()));
  private final SqlSession session = frontEnd.newSession();

  @BeforeEach
  void tables() {
    run(
        """
        CREATE TABLE t (
          id INT, price BIGINT, label STRING, tags ARRAY<STRING>, m MAP<STRING, INT>,
          items ARRAY<ROW<name STRING, n INT>>
        ) WITH ('connector' = 'console');
        """);
  }

  private SqlOutcome run(String script) {
    SqlOutcome last = null;
    for (SqlStatement statement : frontEnd.statements(script)) {
      last = session.execute(statement);
    }
    return last;
  }

  private String topology(String query) {
    return ((SqlOutcome.Query) run(query)).topology().toString();
  }

  private void create(String name, String type) {
    SqlOutcome unused = run("CREATE FUNCTION " + name + " AS '" + CLASSES + type + "'");
  }

  private Object value(String expression) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", 3L);
    row.put("label", "abcabc");
    return new QueryRow(session, CONTEXT, row).of("SELECT " + expression + " AS r FROM t").get("r");
  }

  @Test
  void scalarFunction_isCalledWithTheMethodThatFits() {
    create("plus", "Plus");
    assertThat(value("plus(id, 4)")).isEqualTo(7L);
    assertThat(value("PLUS(id, CAST(0.5 AS DOUBLE))")).isEqualTo(3.5);
    assertThat(value("plus('a', label, 'c')")).isEqualTo("a+abcabc+c");
    assertThat(value("plus()")).isEqualTo("");
    assertThat(value("plus(id, price)")).isNull();
  }

  @Test
  void bean_isFoundByItsName() {
    assertThat(value("countbean(label, 'c')")).isEqualTo(2L);
    assertThat(value("COUNTBEAN(label, 'c')")).isEqualTo(2L);
    assertThat(topology("SELECT word, length FROM t, LATERAL TABLE(wordsBean(label))"))
        .contains("wordsbean(label)")
        .contains("unnest");
    assertThat(topology("SELECT label, weighed(price, id) AS w FROM t GROUP BY label"))
        .contains("weighed(");
  }

  @Test
  void whatItThrows_isAnErrorOfTheRow() {
    create("failing", "Failing");
    assertThat(value("failing(label)")).asString().contains("FLX-EXPR-0104").contains("no abcabc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Nothing|it is no function|UserFunction",
        "Missing|there is no class|class path",
        "Empty|no public method eval|",
        "Odd|java.lang.Thread is not a type of values|",
        "Unmade|no public constructor without parameters|",
      })
  void whatCannotBeCalled_isRefusedWhenItIsCreated(String type, String what, String remedy) {
    assertThatThrownBy(() -> create("f", type))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-CODE-0001")
        .hasMessageContaining(what)
        .hasMessageContaining(remedy == null ? "" : remedy);
    assertThat(((SqlOutcome.Listing) run("SHOW USER FUNCTIONS")).rows()).isEmpty();
  }

  @Test
  void wrongArguments_areToldWithTheirPlace() {
    create("count_char", "CountCharacters");
    assertThatThrownBy(() -> run("SELECT count_char(price, 'c') FROM t"))
        .hasMessageContaining("line 1, column 8")
        .hasMessageContaining("it takes no [long, string]")
        .hasMessageContaining("eval[String, String]");
  }

  @Test
  void functions_areDroppedAndCreatedOnce() {
    create("f", "Plus");
    assertThatThrownBy(() -> create("F", "Plus")).hasMessageContaining("FLX-QUERY-0021");
    assertThat(run("CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS f AS 'x' LANGUAGE JAVA"))
        .isEqualTo(new SqlOutcome.Done("'f' is there already."));
    assertThat(((SqlOutcome.Listing) run("SHOW USER FUNCTIONS")).rows())
        .isEqualTo(List.of(List.of("f")));
    run("DROP TEMPORARY FUNCTION f");
    assertThatThrownBy(() -> run("DROP FUNCTION f")).hasMessageContaining("FLX-QUERY-0020");
    assertThat(run("DROP FUNCTION IF EXISTS f"))
        .isEqualTo(new SqlOutcome.Done("There was no 'f'."));
  }

  @Test
  void functionOfSql_isWrittenOut() {
    run(
        """
        CREATE FUNCTION count_char(s STRING, c STRING) RETURNS INT LANGUAGE SQL AS
          $$SELECT CHAR_LENGTH(s) - CHAR_LENGTH(REPLACE(s, c, ''))$$;
        CREATE FUNCTION twice(n BIGINT) RETURNS BIGINT RETURN n * 2;
        CREATE FUNCTION four() RETURNS BIGINT RETURN 4;
        """);
    assertThat(value("count_char(label, 'c')")).isEqualTo(2L);
    assertThat(value("twice(twice(id)) + four()")).isEqualTo(16L);
    assertThatThrownBy(() -> run("SELECT twice(label) FROM t"))
        .hasMessageContaining("twice takes [long], not [string]");
    assertThatThrownBy(() -> run("CREATE FUNCTION bad(n INT) RETURNS INT RETURN n + m"))
        .hasMessageContaining("FLX-QUERY-0006 at line 1, column 51")
        .hasMessageContaining("'m'");
    assertThatThrownBy(
            () -> run("CREATE FUNCTION bad(n INT) RETURNS INT AS $$SELECT n GROUP BY n$$"))
        .isInstanceOf(FluxCoreException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id, x FROM t CROSS JOIN UNNEST(ARRAY[1, 2]) AS e(x)|unnest f",
        "SELECT id, tag FROM t CROSS JOIN UNNEST(tags) AS x(tag)|unnest tags as element",
        "SELECT id, tag FROM t, UNNEST(t.tags) AS x(tag)|unnest tags as element",
        "SELECT id, tag FROM t LEFT JOIN UNNEST(tags) AS x(tag) ON TRUE"
            + "|unnest tags as element, empty ones kept",
        "SELECT id, tag, n FROM t CROSS JOIN UNNEST(tags) WITH ORDINALITY AS x(tag, n)"
            + "|unnest tags as element with position position",
        "SELECT id, name FROM t CROSS JOIN UNNEST(items) AS x(name, n)|element['name']",
        "SELECT id, k FROM t CROSS JOIN UNNEST(m) AS x(k, v)|element['key']",
        "SELECT tag FROM t CROSS JOIN UNNEST(tags) AS x(tag) WHERE tag <> 'a'|filter",
      })
  void unnest_isANodeOfItsOwn(String query, String expected) {
    assertThat(topology(query)).contains(expected);
  }

  @Test
  void unnest_thatCannotBe_isRefused() {
    assertThatThrownBy(
            () -> run("SELECT id FROM t LEFT JOIN UNNEST(tags) AS x(tag) ON tag <> label"))
        .isInstanceOf(FluxCoreException.class);
    assertThatThrownBy(() -> run("SELECT id FROM t CROSS JOIN UNNEST(label) AS x(tag)"))
        .hasMessageContaining("FLX-QUERY-0006");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LISTAGG(label)|array_join(r, ',')",
        "LISTAGG(label, '; ')|array_join(r, '; ')",
        "STRING_AGG(label, '-')|array_join(r, '-')",
        "ARRAY_AGG(price)|ListOfValues(price)",
        "LISTAGG(label) WITHIN GROUP (ORDER BY price DESC)|list(label order by price desc)",
        "ARRAY_AGG(DISTINCT label ORDER BY label)|array_distinct(r)",
        "JSON_ARRAYAGG(label)|json_string(array_remove(r, null))",
        "JSON_OBJECTAGG(KEY label VALUE price)|json_string(r)",
      })
  void aggregatesThatKeepValues_areListsAndMaps(String call, String expected) {
    assertThat(topology("SELECT id, " + call + " AS r FROM t GROUP BY id")).contains(expected);
  }

  @Test
  void severalArguments_areAList() {
    create("wavg", "WeightedAverage");
    List<String> lines =
        new ArrayList<>(
            topology("SELECT label, wavg(price, id) AS w FROM t GROUP BY label").lines().toList());
    assertThat(lines).anyMatch(line -> line.contains("array(price, id)"));
    assertThat(lines).anyMatch(line -> line.contains(CLASSES + "WeightedAverage("));
  }
}
