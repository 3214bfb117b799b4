package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CastTest {

  static Stream<Arguments> casts() {
    return Stream.of(
        arguments("cast(number as long)", 42L),
        arguments("cast('-9223372036854775808' as bigint)", Long.MIN_VALUE),
        arguments("cast(notext as long)", null),
        arguments("cast(half as long)", 0L),
        arguments("cast(-1.9e0 as long)", -1L),
        arguments("cast(price as long)", 12L),
        arguments("cast(-1.9 as long)", -1L),
        arguments("cast(yes as long)", 1L),
        arguments("cast(seven as double)", 7.0),
        arguments("cast(' 1e3 ' as double)", 1000.0),
        arguments("cast('NaN' as double)", Double.NaN),
        arguments("cast(price as double)", 12.34),
        arguments("cast(seven as decimal(3,1))", new BigDecimal("7.0")),
        arguments("cast(half as decimal(3,0))", new BigDecimal("1")),
        arguments("cast('1.005' as decimal(5,2))", new BigDecimal("1.01")),
        arguments("cast(wide as decimal(25,0))", new BigDecimal("1234567890123456789012346")),
        arguments("cast('1e-400' as decimal(5,2))", new BigDecimal("0.00")),
        arguments("cast('TRUE' as boolean)", true),
        arguments("cast('n' as boolean)", false),
        arguments("cast(seven as boolean)", true),
        arguments("cast(yes as string)", "true"),
        arguments("cast(min as string)", "-9223372036854775808"),
        arguments("cast(half as string)", "0.5"),
        arguments("cast(price as string)", "12.34"),
        arguments("cast(day as string)", "2024-02-29"),
        arguments("cast(clock as string)", "2024-02-29 13:14:15.678901"),
        arguments("cast(day as timestamp)", LocalDateTime.of(2024, 2, 29, 0, 0)),
        arguments("cast(instant as string)", "2024-02-29T13:14:15.678901Z"),
        arguments("cast(bytes as string)", "hi"),
        arguments("cast(cast(hello as bytes) as string)", "hello"),
        arguments("cast(nested.tags as string)", "[\"x\",\"y\"]"),
        arguments("cast(nested.age as long)", 36L),
        arguments("cast(nested.score as long)", 1L),
        arguments("cast(nested.ok as string)", "true"),
        arguments("cast('2024-02-29' as date)", LocalDate.of(2024, 2, 29)),
        arguments("cast('2024-02-29T01:02' as timestamp)", LocalDateTime.of(2024, 2, 29, 1, 2)),
        arguments(
            "cast('2024-02-29 01:02:03.5 +02:00' as timestamp_tz)",
            Instant.parse("2024-02-28T23:02:03.5Z")),
        arguments(
            "cast('2024-02-29 01:02:03' as timestamp_tz)", Instant.parse("2024-02-29T01:02:03Z")),
        arguments("cast(clock as date)", LocalDate.of(2024, 2, 29)),
        arguments("cast(early as date)", LocalDate.of(1969, 12, 31)),
        arguments(
            "cast(instant as timestamp)", LocalDateTime.of(2024, 2, 29, 13, 14, 15, 678_901_000)),
        arguments("cast(seven as nested)", 7L),
        arguments("cast(day as nested)", "2024-02-29"),
        arguments("cast(null as date)", null),
        arguments("try_cast(hello as long)", null),
        arguments("try_cast(number as long)", 42L),
        arguments("try_cast(nested.name as double)", null));
  }

  @ParameterizedTest
  @MethodSource("casts")
  void cast_converts(String text, Object expected) {
    assertThat(Sample.value(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cast(hello as long)",
        "cast(empty as long)",
        "cast('1.5' as long)",
        "cast('9223372036854775808' as long)",
        "cast(empty as double)",
        "cast('0x1p3' as double)",
        "cast('1f' as double)",
        "cast(nan as long)",
        "cast(dbig as long)",
        "cast(wide as long)",
        "cast(infinity as decimal(5,2))",
        "cast(price as decimal(3,2))",
        "cast(max as decimal(18,0))",
        "cast('1e999999999' as decimal(38,0))",
        "cast('maybe' as boolean)",
        "cast('2024-02-30' as date)",
        "cast('2024-02-29 25:00' as timestamp)",
        "cast('2024-02-29 01:00Z' as timestamp)",
        "cast(nested.tags as long)",
      })
  void cast_ofWhatIsNoSuchValue_failsTheRow(String text) {
    assertThat(Sample.error(text)).isEqualTo("FLX-EXPR-0103");
  }

  @Test
  void tryCast_doesNotHideErrorsOfItsOperand() {
    assertThat(Sample.error("try_cast(seven / zero as string)")).isEqualTo("FLX-EXPR-0102");
  }

  @Test
  void clockTime_isOneOfTheZone() {
    assertThat(Sample.value("cast(clock as timestamp_tz)", Sample.BERLIN))
        .isEqualTo(Instant.parse("2024-02-29T12:14:15.678901Z"));
    assertThat(Sample.value("cast(instant as timestamp)", Sample.BERLIN))
        .isEqualTo(LocalDateTime.of(2024, 2, 29, 14, 14, 15, 678_901_000));
    assertThat(Sample.value("instant > clock", Sample.BERLIN)).isEqualTo(true);
  }
}
