package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What joins become that compare so that nulls are equal. That they give the right rows, {@link
 * io.fluxcore.infrastructure.sql.model.SqlModelTest} holds.
 */
class NullSafeKeysTest {
  private static final String TABLES =
      """
      CREATE TABLE a (x INT, y STRING, z ARRAY<INT>) WITH ('connector' = 'kafka', 'topic' = 'a');
      CREATE TABLE b (u INT, v STRING, w ARRAY<INT>, k INT NOT NULL)
        WITH ('connector' = 'kafka', 'topic' = 'b');
      """;

  private static String topology(String text) {
    return LastQuery.of(TABLES + text).topology().toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LEFT JOIN b ON a.x IS NOT DISTINCT FROM b.u|left join, unbounded, on $f3 = $f4, $f4 = $f5",
        "JOIN b ON a.y = b.v OR (a.y IS NULL AND b.v IS NULL)|on $f3 = $f4, $f4 = $f5",
        "FULL JOIN b ON a.x = b.u AND b.v IS NOT DISTINCT FROM a.y|full join, unbounded, on",
        // One of them is never null.
        "JOIN b ON a.x IS NOT DISTINCT FROM b.k|inner join, unbounded, on x = k",
        // Lists have no value that could stand for none.
        "JOIN b ON a.z IS NOT DISTINCT FROM b.w|(l_z is not distinct from r_w)",
      })
  void nullSafeEquality_isAKeyOfTheJoin(String join, String expected) {
    assertThat(topology("SELECT a.x, b.v FROM a " + join)).contains(expected);
  }
}
