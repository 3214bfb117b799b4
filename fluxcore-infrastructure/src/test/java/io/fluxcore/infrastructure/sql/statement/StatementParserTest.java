package io.fluxcore.infrastructure.sql.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementParserTest {
  private static Statement parse(String text) {
    return StatementParser.parse(SqlText.of(text));
  }

  @Test
  void createTable_hasColumnsKeyWatermarkAndOptions() {
    Statement.CreateTable table =
        (Statement.CreateTable)
            parse(
                """
                CREATE TEMPORARY TABLE IF NOT EXISTS `the bids` (
                  id BIGINT NOT NULL COMMENT 'of the bid, or so',
                  item ROW<name STRING, tags ARRAY<STRING>>,
                  price DECIMAL(10, 2),
                  ts BIGINT,
                  t AS TO_TIMESTAMP_LTZ(ts, 3),
                  WATERMARK FOR t AS t - INTERVAL '5' SECOND,
                  PRIMARY KEY (id) NOT ENFORCED
                ) COMMENT 'bids' WITH ('connector' = 'kafka', 'topic' = 'b;ids')
                """);
    assertThat(table.name()).isEqualTo("the bids");
    assertThat(table.ifNotExists()).isTrue();
    assertThat(table.columns())
        .extracting(Statement.Column::name)
        .containsExactly("id", "item", "price", "ts", "t");
    assertThat(table.columns().get(0).type()).hasToString("BIGINT NOT NULL");
    assertThat(table.columns().get(1).type()).hasToString("ROW<name STRING, tags ARRAY<STRING>>");
    assertThat(table.columns().get(2).type()).hasToString("DECIMAL(10, 2)");
    assertThat(table.columns().get(4).expression()).hasToString("TO_TIMESTAMP_LTZ(ts, 3)");
    assertThat(table.watermark().expression()).hasToString("t - INTERVAL '5' SECOND");
    assertThat(table.primaryKey()).containsExactly("id");
    assertThat(table.options()).containsEntry("topic", "b;ids").hasSize(2);
  }

  @Test
  void keyOfAColumn_isTheTables() {
    Statement.CreateTable table =
        (Statement.CreateTable) parse("CREATE TABLE t (a INT PRIMARY KEY NOT ENFORCED, b STRING)");
    assertThat(table.primaryKey()).containsExactly("a");
    assertThat(table.columns().get(0).type()).hasToString("INT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT a FROM t EMIT ON UPDATE|ON_UPDATE",
        "SELECT a FROM t EMIT ON WINDOW CLOSE|ON_WINDOW_CLOSE",
        "SELECT a FROM t EMIT EVERY INTERVAL '10' SECOND|EVERY"
      })
  void emit_isCutFromTheQuery(String text, Statement.Emit.Kind kind) {
    Statement.Query query = (Statement.Query) parse(text);
    assertThat(query.text().text().strip()).isEqualTo("SELECT a FROM t");
    assertThat(query.emit().kind()).isEqualTo(kind);
  }

  @Test
  void columnOfTheNameEmit_isNoClause() {
    Statement.Query query = (Statement.Query) parse("SELECT emit FROM t");
    assertThat(query.emit()).isNull();
    assertThat(query.text().text()).isEqualTo("SELECT emit FROM t");
  }

  @Test
  void statementSet_hasItsInserts() {
    Statement.StatementSet set =
        (Statement.StatementSet)
            parse(
                "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b (x) SELECT 2; END");
    assertThat(set.inserts()).extracting(Statement.Insert::table).containsExactly("a", "b");
    assertThat(set.inserts().get(1).columns()).containsExactly("x");
  }

  @Test
  void materializedView_hasColumnsKeyAndQuery() {
    Statement.CreateMaterializedView view =
        (Statement.CreateMaterializedView)
            parse(
                "CREATE MATERIALIZED VIEW IF NOT EXISTS v (a, b) PRIMARY KEY (a) NOT ENFORCED"
                    + " COMMENT 'so' AS SELECT 1, 2 EMIT ON UPDATE");
    assertThat(view.name()).isEqualTo("v");
    assertThat(view.ifNotExists()).isTrue();
    assertThat(view.columns()).containsExactly("a", "b");
    assertThat(view.primaryKey()).containsExactly("a");
    assertThat(view.query().text().text().strip()).isEqualTo("SELECT 1, 2");
    assertThat(view.query().emit()).isNotNull();
    assertThat(parse("DROP MATERIALIZED VIEW IF EXISTS v"))
        .isEqualTo(new Statement.Drop(Statement.Drop.Kind.MATERIALIZED_VIEW, "v", true));
    assertThat(parse("SHOW MATERIALIZED VIEWS"))
        .isEqualTo(new Statement.Show(Statement.Show.Kind.MATERIALIZED_VIEWS));
  }

  @Test
  void explainAnalyze_saysForHowLong() {
    assertThat(((Statement.Explain) parse("EXPLAIN SELECT 1")).runFor()).isNull();
    assertThat(((Statement.Explain) parse("EXPLAIN PLAN FOR SELECT 1")).runFor()).isNull();
    assertThat(((Statement.Explain) parse("EXPLAIN ANALYZE SELECT 1")).runFor())
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(((Statement.Explain) parse("EXPLAIN ANALYZE FOR '2m' SELECT 1")).runFor())
        .isEqualTo(Duration.ofMinutes(2));
    assertThatThrownBy(() -> parse("EXPLAIN ANALYZE FOR 'ever' SELECT 1"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("line 1, column 21");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE INDEX i|1|8|expected TABLE, VIEW, MATERIALIZED VIEW or FUNCTION",
        "CREATE TABLE t (a INT|1|22|expected ')', found the end of the statement",
        "CREATE TABLE t (a)|1|18|expected an expression or a type",
        "CREATE TABLE t (a INT) WITH ('x')|1|33|expected '=', found ')'",
        "CREATE TABLE t (a INT METADATA)|1|23|METADATA",
        "DROP t|1|6|expected TABLE, VIEW, MATERIALIZED VIEW or FUNCTION",
        "SHOW|1|5|expected TABLES",
        "SET 'a'|1|8|expected '='",
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1;|1|1|does not end with END",
      })
  void whatIsWrong_isToldWithItsPlace(String text, int line, int column, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("line " + line + ", column " + column)
        .hasMessageContaining(message);
  }
}
