package io.fluxcore.infrastructure.sql.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementsTest {
  private static List<String> texts(String script) {
    return Statements.of(SqlText.of(script)).stream().map(SqlText::text).toList();
  }

  @Test
  void script_isCutAtSemicolons() {
    assertThat(texts("SELECT 1; SELECT 2;\n;\nSELECT 3"))
        .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';' FROM t",
        "SELECT `a;b` FROM t",
        "SELECT \"a;b\" FROM t",
        "SELECT 'it''s; so' FROM t",
        "SELECT 1 -- one; two\n FROM t",
        "SELECT /* one; two */ 1 FROM t",
        "BEGIN STATEMENT SET; INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END",
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END"
      })
  void semicolonWithin_endsNothing(String statement) {
    assertThat(texts(statement + "; SELECT 9")).containsExactly(statement, "SELECT 9");
  }

  @Test
  void empty_hasNoStatements() {
    assertThat(texts("")).isEmpty();
    assertThat(texts(" \n -- nothing\n /* at all */ ;; ")).isEmpty();
  }

  @Test
  void statement_knowsItsPlace() {
    List<SqlText> statements = Statements.of(SqlText.of("SELECT 1;\n\n  SELECT\n2;"));
    assertThat(statements.get(1).line()).isEqualTo(3);
    assertThat(statements.get(1).column()).isEqualTo(3);
    assertThat(statements.get(1).placeOf(2, 1).toString()).isEqualTo("line 4, column 1");
    assertThat(statements.get(1).placeOf(1, 4).toString()).isEqualTo("line 3, column 6");
  }

  @Test
  void openQuote_isRefusedWithItsPlace() {
    assertThatThrownBy(() -> texts("SELECT 1;\nSELECT 'a"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("line 2, column 8")
        .hasMessageContaining("not closed");
  }

  @Test
  void completeness_isThatOfTheLastStatement() {
    assertThat(Statements.isComplete("SELECT 1;")).isTrue();
    assertThat(Statements.isComplete("SELECT 1; -- so")).isTrue();
    assertThat(Statements.isComplete("SELECT 1")).isFalse();
    assertThat(Statements.isComplete("SELECT ';")).isFalse();
    assertThat(Statements.isComplete("")).isFalse();
  }
}
