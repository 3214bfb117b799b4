package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of windows that are divided by the primary key of a table. */
class SingleRowWindowsTest {
  private static final String TABLE =
      """
      CREATE TABLE a (id INT, g INT, v INT, PRIMARY KEY (id, g) NOT ENFORCED)
        WITH ('connector' = 'kafka', 'topic' = 'a');
      """;

  private static String topology(String text) {
    return LastQuery.of(TABLE + text).topology().toString();
  }

  private static String over(String aggregate, String window) {
    return topology("SELECT id, " + aggregate + " OVER (" + window + ") AS r FROM a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MAX(v)|PARTITION BY g, id|v as r",
        "MIN(v + 1)|PARTITION BY id, v, g|(v + 1) as r",
        "COUNT(*)|PARTITION BY id, g ORDER BY v|1 as r",
        "COUNT(v)|PARTITION BY id, g|case when (v is null) then 0 else 1 end as r",
        "SUM(v)|PARTITION BY id, g ORDER BY v ROWS BETWEEN 2 PRECEDING AND CURRENT ROW|v else cast(null as long) end as r",
      })
  void aggregateOverAKeysOneRow_isOfTheRow(String aggregate, String window, String field) {
    assertThat(over(aggregate, window)).contains(field).doesNotContainIgnoringCase("over");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MAX(v)|PARTITION BY id",
        "MAX(v)|PARTITION BY id + 1, g",
        "MAX(v)|PARTITION BY id, g ORDER BY v ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING",
        "LAG(v)|PARTITION BY id, g ORDER BY v",
      })
  void otherWindows_keepTheirRows(String aggregate, String window) {
    assertThat(over(aggregate, window)).containsIgnoringCase("over");
  }
}
