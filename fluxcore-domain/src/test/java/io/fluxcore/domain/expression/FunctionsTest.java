package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fluxcore.domain.event.DataType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every function of the catalogue, with nulls and at the edges. */
class FunctionsTest {

  static Stream<Arguments> strings() {
    return Stream.of(
        arguments("upper(hello)", "HELLO"),
        arguments("UPPER('straße')", "STRASSE"),
        arguments("lower('ÄB')", "äb"),
        arguments("upper(notext)", null),
        arguments("reverse(smile)", "b😀a"),
        arguments("reverse(empty)", ""),
        arguments("trim(spaced)", "a b"),
        arguments("ltrim(spaced)", "a b "),
        arguments("rtrim(spaced)", "  a b"),
        arguments("trim(both 'ho' from hello)", "ell"),
        arguments("trim(leading 'h' from hello)", "ello"),
        arguments("trim(trailing 'lo' from hello)", "he"),
        arguments("rtrim(hello, 'lo')", "he"),
        arguments("trim('😀' from '😀x😀')", "x"),
        arguments("substring(hello from 2 for 3)", "ell"),
        arguments("substring(hello, 2)", "ello"),
        arguments("substring(hello, -1, 3)", "h"),
        arguments("substring(hello, 0, 1)", ""),
        arguments("substring(hello, 6)", ""),
        arguments("substring(hello, max)", ""),
        arguments("substring(hello, min, max)", ""),
        arguments("substring(hello, min)", "hello"),
        arguments("substring(hello, 2, max)", "ello"),
        arguments("substring(smile from 2 for 1)", "😀"),
        arguments("substring(hello, nolong)", null),
        arguments("left(hello, 2)", "he"),
        arguments("left(smile, 2)", "a😀"),
        arguments("left(hello, minus)", ""),
        arguments("left(hello, max)", "hello"),
        arguments("right(hello, 2)", "lo"),
        arguments("right(smile, 2)", "😀b"),
        arguments("right(hello, min)", ""),
        arguments("right(hello, max)", "hello"),
        arguments("lpad(hello, 7)", "  hello"),
        arguments("lpad(hello, 7, 'xyz')", "xyhello"),
        arguments("rpad(hello, 9, 'xyz')", "helloxyzx"),
        arguments("lpad(hello, 2, 'x')", "he"),
        arguments("lpad(hello, minus, 'x')", ""),
        arguments("rpad(hello, 9, '')", "hello"),
        arguments("rpad(smile, 4, '😀')", "a😀b😀"),
        arguments("replace(hello, 'l', 'L')", "heLLo"),
        arguments("replace(hello, '', 'L')", "hello"),
        arguments("replace(hello, notext, 'L')", null),
        arguments("split_index('a,b,,c', ',', one)", "b"),
        arguments("split_index('a,b,,c', ',', 2)", ""),
        arguments("split_index('a,b,,c', ',', 3)", "c"),
        arguments("split_index('a,b,,c', ',', 4)", null),
        arguments("split_index('a,b,,c', ',', minus)", null),
        arguments("split_index(hello, ',', 0)", "hello"),
        arguments("concat(hello, ' ', 'x')", "hello x"),
        arguments("concat(hello, notext)", null),
        arguments("hello || '-' || empty", "hello-"),
        arguments("hello || null", null),
        arguments("concat_ws(',', hello, notext, 'x')", "hello,x"),
        arguments("concat_ws(notext, hello, 'x')", null),
        arguments("concat_ws(',')", ""),
        arguments("concat_ws(',', notext)", ""),
        arguments("regexp_extract(hello, 'l+')", "ll"),
        arguments("regexp_extract(hello, '(h)(x)?', 2)", null),
        arguments("regexp_extract(hello, '(?<first>h.)', 'first')", "he"),
        arguments("regexp_extract(hello, 'x')", null),
        arguments("regexp_extract(notext, 'x')", null),
        arguments("regexp_replace(hello, '(l)', '<$1>')", "he<l><l>o"),
        arguments("regexp_replace(empty, 'x*', 'y')", "y"),
        arguments("json_value(nested, '$.name')", "Ada"),
        arguments("json_value(nested, 'tags[1]')", "y"),
        arguments("json_value(nested, '$.age')", "36"),
        arguments("json_value(nested, '$.tags')", null),
        arguments("json_value(nested, '$.no.such')", null),
        arguments("json_value(nonested, '$.name')", null),
        arguments("date_format(clock, 'yyyy/MM/dd HH:mm')", "2024/02/29 13:14"),
        arguments("date_format(day, 'EEE d MMM')", "Thu 29 Feb"),
        arguments("date_format(instant, 'HH:mm XXX')", "13:14 Z"),
        arguments("date_format(noinstant, 'HH')", null),
        arguments("time_of_day('9:5')", "09:05:00"),
        arguments("time_of_day(' 23:59:59.9999999 ')", "23:59:59.999999"),
        arguments("time_of_day('00:00:00.100', 3)", "00:00:00.1"),
        arguments("time_of_day('00:00:00.199', 0)", "00:00:00"),
        arguments("time_of_day(clock, 0)", "13:14:15"),
        arguments("time_of_day(instant, 0)", "13:14:15"),
        arguments("time_of_day(day)", "00:00:00"),
        arguments("time_of_day(notext)", null),
        arguments("try_time_of_day('24:00')", null),
        arguments("try_time_of_day('23:59:59', 1)", "23:59:59"));
  }

  static Stream<Arguments> numbers() {
    return Stream.of(
        arguments("length(smile)", 3L),
        arguments("char_length(empty)", 0L),
        arguments("length(notext)", null),
        arguments("position('l' in hello)", 3L),
        arguments("position('b', smile)", 3L),
        arguments("position('x' in hello)", 0L),
        arguments("position('' in hello)", 1L),
        arguments("position(notext in hello)", null),
        arguments("abs(minus)", 1L),
        arguments("abs(max)", Long.MAX_VALUE),
        arguments("abs(-half)", 0.5),
        arguments("abs(cent)", new BigDecimal("0.01")),
        arguments("abs(nolong)", null),
        arguments("sign(min)", -1L),
        arguments("sign(zero)", 0L),
        arguments("sign(half)", 1.0),
        arguments("sign(nan)", Double.NaN),
        arguments("sign(cent)", -1L),
        arguments("ceil(max)", Long.MAX_VALUE),
        arguments("ceil(half)", 1.0),
        arguments("ceil(-half)", -0.0),
        arguments("ceiling(price)", new BigDecimal("13")),
        arguments("floor(cent)", new BigDecimal("-1")),
        arguments("floor(half)", 0.0),
        arguments("floor(infinity)", Double.POSITIVE_INFINITY),
        arguments("round(half)", 1.0),
        arguments("round(-half)", -1.0),
        arguments("round(nan, 2)", Double.NaN),
        arguments("round(price, 1)", new BigDecimal("12.3")),
        arguments("round(price, 5)", new BigDecimal("12.34")),
        arguments("round(price, -1)", new BigDecimal("10")),
        arguments("round(price, one)", new BigDecimal("12.30")),
        arguments("round(15, -1)", 20L),
        arguments("round(seven, 3)", 7L),
        arguments("round(min, -18)", -9000000000000000000L),
        arguments("round(2.5)", new BigDecimal("3")),
        arguments("truncate(2.59, 1)", new BigDecimal("2.5")),
        arguments("truncate(-half)", 0.0),
        arguments("truncate(19, -1)", 10L),
        arguments("power(2, 10)", 1024.0),
        arguments("power(nolong, 2)", null),
        arguments("sqrt(16)", 4.0),
        arguments("sqrt(minus)", Double.NaN),
        arguments("exp(zero)", 1.0),
        arguments("ln(zero)", Double.NEGATIVE_INFINITY),
        arguments("log10(1000)", 3.0),
        arguments("mod(price, 5)", new BigDecimal("2.34")),
        arguments("mod(seven, half)", 0.0),
        arguments("greatest(one, seven, zero)", 7L),
        arguments("greatest(one, half)", 1.0),
        arguments("greatest(half, nan)", Double.NaN),
        arguments("greatest(one, nolong)", null),
        arguments("least(one, 0.5, seven)", new BigDecimal("0.5")),
        arguments("least(min, max)", Long.MIN_VALUE),
        arguments("least(hello, 'abc')", "abc"),
        arguments("greatest(wide, price)", new BigDecimal("1234567890123456789012345.6789")),
        arguments("coalesce(nolong, noprice, 3)", new BigDecimal("3.00")),
        arguments("coalesce(nolong, 3)", 3L),
        arguments("coalesce(nolong)", null),
        arguments("nullif(seven, 7)", null),
        arguments("nullif(seven, 8)", 7L),
        arguments("nullif(nolong, 8)", null),
        arguments("nullif(seven, nolong)", 7L),
        arguments("nullif(nan, nan)", null),
        arguments("if(maybe, 1, 2)", 2L),
        arguments("if(yes, 1, 2)", 1L),
        arguments("epoch_millis(instant)", 1709212455678L),
        arguments("epoch_millis(early)", -1L),
        arguments("epoch_millis(day)", 1709164800000L),
        arguments("extract(year from clock)", 2024L),
        arguments("extract(quarter from day)", 1L),
        arguments("extract(month from clock)", 2L),
        arguments("extract(week from day)", 9L),
        arguments("extract(day from instant)", 29L),
        arguments("extract(dow from day)", 5L),
        arguments("extract(isodow from day)", 4L),
        arguments("extract(doy from day)", 60L),
        arguments("extract(hour from early)", 23L),
        arguments("extract(minute from early)", 59L),
        arguments("extract(second from clock)", 15L),
        arguments("extract(millisecond from clock)", 15678L),
        arguments("extract(microsecond from clock)", 15678901L),
        arguments("extract(epoch from early)", -1L),
        arguments("extract('hour', noinstant)", null));
  }

  static Stream<Arguments> tests() {
    return Stream.of(
        arguments("starts_with(hello, 'he')", true),
        arguments("starts_with(hello, '')", true),
        arguments("starts_with(hello, notext)", null),
        arguments("starts_with(notext, 'x')", null),
        arguments("ends_with(hello, 'lo')", true),
        arguments("ends_with(hello, 'hello!')", false),
        arguments("contains(hello, 'ell')", true),
        arguments("contains(hello, number)", false),
        arguments("contains(hello, '')", true),
        arguments("contains(empty, 'x')", false),
        arguments("regexp_like(hello, '^h.l+o$')", true),
        arguments("regexp_like(hello, 'x')", false),
        arguments("regexp_like(notext, 'x')", null),
        arguments("hello like 'h%'", true),
        arguments("hello like 'h_llo'", true),
        arguments("hello like hello", true),
        arguments("hello like 'H%'", false),
        arguments("smile like 'a_b'", true),
        arguments("empty like '%'", true),
        arguments("empty like '_'", false),
        arguments("'50%' like '50!%' escape '!'", true),
        arguments("hello like '%!_%' escape '!'", false),
        arguments("notext like '%'", null),
        arguments("hello like null", null),
        arguments("hello not like '%x%'", true));
  }

  static Stream<Arguments> times() {
    return Stream.of(
        arguments("date_trunc('hour', clock)", LocalDateTime.of(2024, 2, 29, 13, 0)),
        arguments("date_trunc('second', early)", LocalDateTime.of(1969, 12, 31, 23, 59, 59)),
        arguments("date_trunc('day', instant)", Instant.parse("2024-02-29T00:00:00Z")),
        arguments("date_trunc('week', day)", LocalDate.of(2024, 2, 26)),
        arguments("date_trunc('quarter', day)", LocalDate.of(2024, 1, 1)),
        arguments("date_trunc('year', early)", LocalDateTime.of(1969, 1, 1, 0, 0)),
        arguments("date_trunc('hour', day)", LocalDateTime.of(2024, 2, 29, 0, 0)),
        arguments("date_trunc('month', noday)", null),
        arguments("to_timestamp('2024-02-29 13:14:15')", LocalDateTime.of(2024, 2, 29, 13, 14, 15)),
        arguments("to_timestamp('29.02.2024', 'dd.MM.yyyy')", LocalDateTime.of(2024, 2, 29, 0, 0)),
        arguments(
            "to_timestamp('29/Feb/2024:13:14:15 +0100', 'dd/MMM/yyyy:HH:mm:ss Z')",
            Instant.parse("2024-02-29T12:14:15Z")),
        arguments("to_timestamp(notext)", null),
        arguments("from_epoch_millis(minus)", Instant.parse("1969-12-31T23:59:59.999Z")),
        arguments("from_epoch_millis(nolong)", null),
        arguments("event_time()", Instant.ofEpochMilli(Sample.EVENT_TIME)));
  }

  @Test
  void timesOfDay_areInTheOrderOfTheirTexts() {
    Random random = new Random(7);
    SortedMap<LocalTime, String> texts = new TreeMap<>();
    for (int i = 0; i < 2_000; i++) {
      long unit = new long[] {1_000_000_000L, 100_000_000L, 1_000_000L, 1_000L}[random.nextInt(4)];
      long second = 1_000_000_000L;
      long nanos = random.nextInt(90) * second + random.nextLong(second / unit) * unit;
      LocalTime time = LocalTime.ofNanoOfDay(nanos);
      texts.put(time, (String) Sample.value("time_of_day('" + time + "')"));
    }
    assertThat(List.copyOf(texts.values())).isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource({"strings", "numbers", "tests", "times"})
  void function_givesItsResult(String text, Object expected) {
    assertThat(Sample.value(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "substring(hello, 1, minus)",
        "lpad(hello, max, 'x')",
        "to_timestamp(hello)",
        "time_of_day(hello)",
        "time_of_day('24:00:00')",
        "time_of_day('12:00', 7)",
        "to_timestamp('30.02.x', 'dd.MM.yyyy')",
        "from_epoch_millis(max)",
        "regexp_replace(hello, 'l', '$7')",
        "regexp_extract(hello, 'l', 'nogroup')",
        "round(max, -1)",
        "hello like (hello || '!x') escape '!'",
      })
  void function_withoutResult_failsTheRow(String text) {
    assertThat(Sample.error(text)).isEqualTo("FLX-EXPR-0104");
  }

  @Test
  void time_isReadInTheZoneOfTheContext() {
    assertThat(Sample.value("extract(hour from instant)", Sample.BERLIN)).isEqualTo(14L);
    assertThat(Sample.value("date_trunc('day', instant)", Sample.BERLIN))
        .isEqualTo(Instant.parse("2024-02-28T23:00:00Z"));
    assertThat(Sample.value("epoch_millis(clock)", Sample.BERLIN)).isEqualTo(1709208855678L);
    assertThat(Sample.value("date_format(instant, 'HH:mm z')", Sample.BERLIN))
        .isEqualTo("14:14 CET");
  }

  @Test
  void hourThatComesTwice_isTruncatedToItsOwnStart() {
    String second = "date_trunc('hour', timestamp '2024-10-27T01:30:00Z')";
    assertThat(Sample.value(second, Sample.BERLIN))
        .isEqualTo(Instant.parse("2024-10-27T01:00:00Z"));
  }

  @Test
  void nested_isReachedInto() {
    assertThat(Sample.value("nested.name")).isEqualTo("Ada");
    assertThat(Sample.value("nested['tags'][2]")).isEqualTo("y");
    assertThat(Sample.value("nested.tags[3]")).isNull();
    assertThat(Sample.value("nested.name.first")).isNull();
    assertThat(Sample.value("nonested.name")).isNull();
    assertThat(Sample.value("nested.name = 'Ada'")).isEqualTo(true);
    assertThat(Sample.value("nested.age + 1")).isEqualTo(37.0);
    assertThat(Sample.value("nested.age > 35 and nested.ok")).isEqualTo(true);
    assertThat(Sample.value("nested.born < '1900-01-01'")).isEqualTo(true);
    assertThat(Sample.value("cast(nested.born as date)")).isEqualTo(LocalDate.of(1815, 12, 10));
    assertThat(Sample.value("upper(nested.name)")).isEqualTo("ADA");
    assertThat(Sample.value("left(hello, nested.age)")).isEqualTo("hello");
    assertThat(Sample.error("left(hello, nested.score)")).isEqualTo("FLX-EXPR-0103");
    assertThat(Sample.error("nested.name > 5")).isEqualTo("FLX-EXPR-0103");
    assertThat(Sample.error("nested.tags + 1")).isEqualTo("FLX-EXPR-0103");
  }

  @Test
  void ownFunction_isCalledByRowAndItsErrorsAreTheRows() {
    ScalarFunction twice =
        ScalarFunction.of(
            "Twice",
            DataType.STRING,
            List.of(DataType.STRING),
            values -> values[0] == null ? "none" : values[0] + "" + values[0]);
    ScalarFunction broken =
        ScalarFunction.of(
            "broken",
            DataType.LONG,
            List.of(),
            values -> {
              throw new IllegalStateException("no");
            });
    ScalarFunction wrong = ScalarFunction.of("wrong", DataType.LONG, List.of(), values -> "text");
    ExpressionContext context =
        Sample.CONTEXT.withFunctions(FunctionCatalogue.standard().with(twice, broken, wrong));
    assertThat(Sample.value("TWICE(hello)", context)).isEqualTo("hellohello");
    assertThat(Sample.value("twice(notext)", context)).isEqualTo("none");
    assertThat(Sample.value("twice('x')", context)).isEqualTo("xx");
    assertThat(Sample.outcome("broken() + 1", context).errors()).hasSize(1);
    assertThat(Sample.outcome("wrong()", context).errors().get(0)).contains("String, not a long");
  }

  @Test
  void nonDeterministicFunction_isNotFoldedAndMarksTheExpression() {
    ScalarFunction dice =
        ScalarFunction.nonDeterministic(
            "dice", DataType.LONG, List.of(DataType.LONG), values -> 4L);
    ExpressionContext context =
        Sample.CONTEXT.withFunctions(FunctionCatalogue.standard().with(dice));
    Expression expression = Expression.parse("dice(6) > 1");
    assertThat(expression.compile(Sample.SCHEMA, context).isDeterministic()).isFalse();
    assertThat(expression.compilePredicate(Sample.SCHEMA, context).isDeterministic()).isFalse();
    assertThat(Expression.parse("event_time()").compile(Sample.SCHEMA, context).isDeterministic())
        .isTrue();
  }
}
