package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SuggestionsTest {
  private final SqlFrontEnd frontEnd =
      new CalciteFrontEnd(ExpressionContext.of(new LinearRegexCompiler()));
  private final SqlSession session = frontEnd.newSession();

  private static final String TABLES =
      """
      CREATE TABLE bids (auction BIGINT, price BIGINT, bidder STRING) WITH ('connector' = 'kafka');
      CREATE TABLE people (id STRING, email STRING) WITH ('connector' = 'kafka');
      CREATE VIEW dear AS SELECT auction, price FROM bids WHERE price > 100;
      """;

  private void run(String script) {
    frontEnd.statements(script).forEach(session::execute);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT pric FROM bids | 1 | 8 | did you mean 'price'? columns are auction, price, bidder",
        "SELECT b.bider FROM bids AS b | 1 | 10 | did you mean 'bidder'?",
        "SELECT price FROM bidz | 1 | 19 | did you mean 'bids'? there are bids, people, dear",
        "SELECT auctoin FROM dear | 1 | 8 | did you mean 'auction'? columns are auction, price",
        "SELECT nothingOfTheKind FROM people | 1 | 8 | columns are id, email",
        "SELECT UPER(bidder) FROM bids | 1 | 8 | did you mean 'UPPER'?",
        "SELECT price FROM bids GROUP BY prise | 1 | 33 | did you mean 'price'?",
        "DROP TABLE peple | 1 | 1 | did you mean 'people'?",
        "INSERT INTO peopel SELECT 1 | 1 | 1 | did you mean 'people'?",
        "INSERT INTO people (idd) SELECT bidder FROM bids | 1 | 1 | did you mean 'id'?",
        "DESCRIBE bid | 1 | 1 | did you mean 'bids'?",
        "SET 'paralelism' = '2' | 1 | 1 | did you mean 'parallelism'?",
        "CREATE TABLE t (a INT, PRIMARY KEY (b) NOT ENFORCED) | 1 | 1 | did you mean 'a'?",
      })
  void aNameThatIsNotThere_isSuggested(String sql, int line, int column, String hint) {
    run(TABLES);

    assertThatThrownBy(() -> run(sql))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              Diagnostic found = e.diagnostics().get(0);
              assertThat(found.remedy()).contains(hint);
              assertThat(found.place().line()).isEqualTo(line);
              assertThat(found.place().column()).isEqualTo(column);
            });
  }

  @Test
  void aFunctionWithOtherArguments_isNotSaidToBeMissing() {
    run(TABLES);

    assertThatThrownBy(() -> run("SELECT UPPER(bidder, price) FROM bids"))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e ->
                assertThat(e.diagnostics().get(0).remedy() + e.diagnostics().get(0).message())
                    .doesNotContain("did you mean"));
  }
}
