package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subqueries that use what is nested in columns of the query around them. */
class NestedSubqueriesTest {
  private final SqlSession session =
      new CalciteFrontEnd(ExpressionContext.of(new LinearRegexCompiler())).newSession();

  @BeforeEach
  void tables() {
    for (String table :
        List.of(
            "CREATE TABLE people (id BIGINT, home ROW<city STRING, place ROW<code BIGINT>>)",
            "CREATE TABLE cities (name STRING, code BIGINT, mayor BIGINT)")) {
      SqlOutcome unused =
          session.execute(SqlStatement.of(table + " WITH ('connector' = 'kafka', 'topic' = 't')"));
    }
  }

  private String topology(String query) {
    return ((SqlOutcome.Query) session.execute(SqlStatement.of(query))).topology().toString();
  }

  @Test
  void notExists_byANestedField_isAJoinOnIt() {
    assertThat(
            topology(
                "SELECT id FROM people p WHERE NOT EXISTS (SELECT 1 FROM cities c WHERE c.name ="
                    + " p.home.city)"))
        .contains("home.city")
        .contains("join, unbounded");
  }

  @Test
  void exists_byFieldsAtSeveralDepthsAndAColumn_isAJoinOnAll() {
    String topology =
        topology(
            "SELECT id, home FROM people p WHERE EXISTS (SELECT 1 FROM cities c WHERE c.name ="
                + " p.home.city AND c.code = p.home.place.code AND c.mayor = p.id)");
    assertThat(topology).contains("home.city", "home.place.code", "join, unbounded");
    assertThat(
            ((SqlOutcome.Query)
                    session.execute(
                        SqlStatement.of(
                            "SELECT * FROM people p WHERE EXISTS (SELECT 1 FROM cities c WHERE c.name ="
                                + " p.home.city)")))
                .columns())
        .containsExactly("id", "home");
  }

  @Test
  void scalarSubquery_byANestedField_isAJoinOnIt() {
    assertThat(
            topology(
                "SELECT id, (SELECT MAX(code) FROM cities c WHERE c.name = p.home.city) AS code FROM"
                    + " people p"))
        .contains("home.city")
        .contains("left join, unbounded");
  }
}
