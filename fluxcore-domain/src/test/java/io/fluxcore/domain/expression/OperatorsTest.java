package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arithmetic, comparison and logic at the edges, by column and folded. */
class OperatorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = "→",
      quoteCharacter = '`',
      value = {
        "max + zero → 9223372036854775807",
        "max + minus → 9223372036854775806",
        "min + one → -9223372036854775807",
        "min - minus → -9223372036854775807",
        "max * one → 9223372036854775807",
        "max * minus → -9223372036854775807",
        "min * zero → 0",
        "seven / 2 → 3",
        "-seven / 2 → -3",
        "seven / -2 → -3",
        "seven % 3 → 1",
        "-seven % 3 → -1",
        "seven % -3 → 1",
        "min % 10 → -8",
        "min / 10 → -922337203685477580",
        "max / 10 → 922337203685477580",
        "min % minus → 0",
        "min / one → -9223372036854775808",
        "min % -9223372036854775808 → 0",
        "seven + nolong → ",
        "nolong / zero → ",
        "-(max) → -9223372036854775807",
        "2 + 3 * 4 - -1 → 15",
        "(2 + 3) * 4 → 20",
        "mod(seven, 4) → 3",
      })
  void longArithmetic_isExact(String text, Long expected) {
    assertThat(Sample.value(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "→",
      quoteCharacter = '`',
      value = {
        "max + one → 0101",
        "min - one → 0101",
        "min + minus → 0101",
        "max * 2 → 0101",
        "min * minus → 0101",
        "min / minus → 0101",
        "min / -1 → 0101",
        "-min → 0101",
        "abs(min) → 0104",
        "seven / zero → 0102",
        "seven / 0 → 0102",
        "seven % zero → 0102",
        "9223372036854775807 + 1 → 0101",
        "1 / 0 → 0102",
        "price / 0 → 0102",
        "price / (cent - cent) → 0102",
        "nines * 10 → 0101",
        "nines + nines → 0101",
      })
  void arithmetic_withoutResult_failsTheRow(String text, String code) {
    assertThat(Sample.error(text)).isEqualTo("FLX-EXPR-" + code);
  }

  @ParameterizedTest
  @CsvSource({
    "half + one, 1.5",
    "half * dbig, 5e299",
    "one / dzero, Infinity",
    "dzero / dzero, NaN",
    "half % dzero, NaN",
    "infinity - infinity, NaN",
    "price + half, 12.84",
    "seven / 2e0, 3.5",
    "-half, -0.5",
  })
  void doubleArithmetic_isIeee(String text, double expected) {
    assertThat(Sample.value(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "price + cent, 12.33, 11, 2",
    "price - 1, 11.34, 11, 2",
    "price * cent, -0.1234, 20, 4",
    "price * 2, 24.68, 11, 2",
    "price / 3, 4.113333, 14, 6",
    "price % 5, 2.34, 3, 2",
    "seven * 0.5, 3.5, 20, 1",
    "wide + 0.0001, 1234567890123456789012345.6790, 38, 4",
    "-price, -12.34, 10, 2",
    "1.10 + 2.20, 3.30, 4, 2",
    "max + 0.1, 9223372036854775807.1, 21, 1",
  })
  void decimalArithmetic_hasTheDigitsOfSql(
      String text, BigDecimal value, int precision, int scale) {
    assertThat(Sample.value(text)).isEqualTo(value);
    assertThat(Sample.type(text)).isEqualTo(DataType.decimal(precision, scale));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "→",
      quoteCharacter = '`',
      value = {
        "seven = 7 → true",
        "seven <> 7 → false",
        "seven < 7.5 → true",
        "seven > 6.999 → true",
        "seven = 7.0 → true",
        "seven = 7.5 → false",
        "seven <> 7.5 → true",
        "7.5 > seven → true",
        "max < 1e19 → true",
        "max < 10000000000000000000 → true",
        "min > -10000000000000000000 → true",
        "max = 9223372036854775807 → true",
        "max > 9223372036854775806.5 → true",
        "max >= 9223372036854775807.5 → false",
        "min < min → false",
        "min <= -9223372036854775808 → true",
        "min < -9223372036854775808 → false",
        "max > 9223372036854775807 → false",
        "seven between 7 and 7 → true",
        "seven between 8 and 6 → false",
        "seven not between 8 and 6 → true",
        "nolong = nolong → ",
        "nolong <> 1 → ",
        "nolong between 1 and 2 → ",
        "seven between nolong and 6 → false",
        "seven between nolong and 8 → ",
        "price = 12.34 → true",
        "price > 12.339 → true",
        "price < 12.345 → true",
        "price = seven → false",
        "price > seven → true",
        "wide > price → true",
        "nines > max → true",
        "nines * 1 = nines → true",
        "(wide - wide) * wide < 0.00001 → true",
        "(wide - wide) + 0.0001 > price - price → true",
        "nines is distinct from price → true",
        "price < half → false",
        "cent < 0 → true",
        "dzero = dminuszero → true",
        "dminuszero < 0e0 → false",
        "dminuszero >= 0e0 → true",
        "dzero <= -0.0e0 → true",
        "nan = nan → true",
        "nan > infinity → true",
        "nan > 1e308 → true",
        "nan < 1e0 → false",
        "nan <> 1e0 → true",
        "infinity >= infinity → true",
        "infinity < nan → true",
        "nan <= infinity → false",
        "half in (1, 0.5, 3) → true",
        "seven = 7e0 → true",
        "yes > no → true",
        "yes = true → true",
        "maybe = maybe → ",
        "hello = 'hello' → true",
        "hello < 'hellp' → true",
        "hello <= 'hello' → true",
        "hello >= 'hello!' → false",
        "hello > empty → true",
        "empty = '' → true",
        "smile > 'a\uFFFF' → true",
        "'a\uFFFF' < smile → true",
        "hello < smile → false",
        "notext = 'x' → ",
        "notext <> hello → ",
        "day = '2024-02-29' → true",
        "day < timestamp '2024-02-29 00:00:01' → true",
        "clock > day → true",
        "clock = instant → true",
        "instant >= '2024-02-29T14:14:15.678901+01:00' → true",
        "early < '1970-01-01' → true",
        "bytes = cast('hi' as bytes) → true",
        "bytes < cast('hj' as bytes) → true",
        "seven in (1, 2, 7) → true",
        "seven in (1, 2, 3) → false",
        "seven in (1, null, 3) → ",
        "seven in (1, null, 7) → true",
        "seven not in (1, null, 3) → ",
        "seven not in (1, 2) → true",
        "nolong in (1, 2, 3) → ",
        "hello in ('a', 'b', 'hello') → true",
        "hello not in ('a', 'b', 'c') → true",
        "hello in ('a', 'b', null) → ",
        "day in ('2024-01-01', '2024-02-29', '2024-03-01') → true",
        "seven in (one, max, seven) → true",
        "nolong is null → true",
        "seven is not null → true",
        "maybe is true → false",
        "maybe is not true → true",
        "yes is true → true",
        "no is false → true",
        "no is not false → false",
        "maybe is not false → true",
        "nolong is distinct from nolong → false",
        "nolong is distinct from 1 → true",
        "seven is not distinct from 7 → true",
        "seven is distinct from 7 → false",
        "nan is not distinct from nan → true",
        "nonested = nested → ",
        "nested.tags = nested['tags'] → true",
        "hello is distinct from notext → true",
      })
  void comparison_isThreeValued(String text, Boolean expected) {
    assertThat(Sample.value(text)).isEqualTo(expected);
    assertThat(Sample.passes(text)).isEqualTo(expected != null && expected);
    assertThat(Sample.passes("not (" + text + ")")).isEqualTo(expected != null && !expected);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, true, true",
    "true, false, false, true",
    "false, true, false, true",
    "false, false, false, false",
    "true, , , true",
    ", true, , true",
    "false, , false, ",
    ", false, false, ",
    ", , , ",
  })
  void logic_isThreeValued(String a, String b, Boolean and, Boolean or) {
    String left = a == null ? "maybe" : a.equals("true") ? "yes" : "no";
    String right =
        b == null ? "(seven > nolong)" : b.equals("true") ? "(seven > 1)" : "(seven < 1)";
    String both = left + " and " + right;
    String any = left + " or " + right;
    assertThat(Sample.value(both)).isEqualTo(and);
    assertThat(Sample.value(any)).isEqualTo(or);
    assertThat(Sample.passes(both)).isEqualTo(and != null && and);
    assertThat(Sample.passes(any)).isEqualTo(or != null && or);
    assertThat(Sample.passes("not (" + both + ")")).isEqualTo(and != null && !and);
    assertThat(Sample.passes("not (" + any + ")")).isEqualTo(or != null && !or);
    assertThat(Sample.value("(" + both + ") is true")).isEqualTo(and != null && and);
    assertThat(Sample.value("(" + any + ") is not false")).isEqualTo(or == null || or);
    assertThat(Sample.value("not (" + any + ")")).isEqualTo(or == null ? null : !or);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "→",
      quoteCharacter = '`',
      value = {
        "zero <> 0 and seven / zero > 1 → false",
        "zero = 0 or seven / zero > 1 → true",
        "case when zero = 0 then true else seven / zero > 1 end → true",
        "coalesce(yes, seven / zero > 1) → true",
        "if(zero = 0, true, 1 / zero = 1) → true",
      })
  void branchesThatAreNotTaken_raiseNoError(String text, boolean expected) {
    assertThat(Sample.value(text)).isEqualTo(expected);
  }

  @Test
  void errorInTheFirstBranch_failsTheRowEvenWhereTheRestWouldDecide() {
    assertThat(Sample.error("seven / zero > 1 or yes")).isEqualTo("FLX-EXPR-0102");
    assertThat(Sample.error("coalesce(seven / zero, 1)")).isEqualTo("FLX-EXPR-0102");
    assertThat(Sample.error("seven / zero is null")).isEqualTo("FLX-EXPR-0102");
  }

  @Test
  void rowWithTwoErrors_isReportedOnce() {
    assertThat(Sample.error("seven / zero + max * max")).isEqualTo("FLX-EXPR-0102");
  }

  @Test
  void intervals_moveTimes() {
    assertThat(Sample.value("day + interval '1' year")).isEqualTo(LocalDate.of(2025, 2, 28));
    assertThat(Sample.value("day - interval '1' month")).isEqualTo(LocalDate.of(2024, 1, 29));
    assertThat(Sample.value("interval '2' week + day")).isEqualTo(LocalDate.of(2024, 3, 14));
    assertThat(Sample.value("day + interval '90' minute"))
        .isEqualTo(LocalDateTime.of(2024, 2, 29, 1, 30));
    assertThat(Sample.value("clock - interval '1' quarter"))
        .isEqualTo(LocalDateTime.of(2023, 11, 29, 13, 14, 15, 678_901_000));
    assertThat(Sample.value("early + interval '1' microsecond"))
        .isEqualTo(LocalDateTime.of(1970, 1, 1, 0, 0));
    assertThat(Sample.value("noinstant + interval '1' day")).isNull();
    assertThat(Sample.value("instant + interval '1' day"))
        .isEqualTo(Instant.parse("2024-03-01T13:14:15.678901Z"));
    assertThat(Sample.error("clock + interval '9223000000000' second")).isEqualTo("FLX-EXPR-0101");
  }

  @Test
  void interval_ofMonths_followsTheClocksOfTheZone() {
    assertThat(Sample.value("timestamp '2024-03-30T23:30:00Z' + interval '1' month", Sample.BERLIN))
        .isEqualTo(Instant.parse("2024-04-29T22:30:00Z"));
    assertThat(Sample.value("timestamp '2024-03-30T12:00:00Z' + interval '1' day", Sample.BERLIN))
        .isEqualTo(Instant.parse("2024-03-31T12:00:00Z"));
  }

  @Test
  void nulls_takeTheTypeOfTheirSurroundings() {
    assertThat(Sample.value("null + seven")).isNull();
    assertThat(Sample.type("null + half")).isEqualTo(DataType.DOUBLE);
    assertThat(Sample.type("null || hello")).isEqualTo(DataType.STRING);
    assertThat(Sample.value("seven = null")).isNull();
    assertThat(Sample.value("null is null")).isEqualTo(true);
    assertThat(Sample.value("null and no")).isEqualTo(false);
    assertThat(Sample.value("case when yes then null else 1 end")).isNull();
    assertThat(Sample.type("case when yes then null else 1 end")).isEqualTo(DataType.LONG);
  }

  @Test
  void caseOf_takesTheFirstBranchThatIsTrue() {
    assertThat(Sample.value("case when maybe then 'a' when yes then 'b' when yes then 'c' end"))
        .isEqualTo("b");
    assertThat(Sample.value("case seven when 1 then 'a' when 7 then 'b' else 'c' end"))
        .isEqualTo("b");
    assertThat(Sample.value("case nolong when nolong then 'a' else 'c' end")).isEqualTo("c");
    assertThat(Sample.value("case when no then 1 end")).isNull();
    assertThat(Sample.value("case when yes then 1 else 2.5 end")).isEqualTo(new BigDecimal("1.0"));
    assertThat(Sample.value("case when yes then seven else half end")).isEqualTo(7.0);
  }
}
