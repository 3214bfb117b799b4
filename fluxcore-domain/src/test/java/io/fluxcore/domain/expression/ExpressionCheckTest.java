package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and types are checked against the schema before anything runs. */
class ExpressionCheckTest {

  private static List<Diagnostic> check(String text) {
    return Expression.parse(text).check(Sample.SCHEMA, Sample.CONTEXT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "→",
      quoteCharacter = '`',
      value = {
        "Seven > 1 → 1 → FLX-EXPR-0003 → did you mean 'seven'?",
        "1 + hallo → 5 → FLX-EXPR-0003 → there is no field 'hallo'",
        "uper(hello) → 1 → FLX-EXPR-0004 → did you mean 'upper'",
        "hello > 5 → 7 → FLX-EXPR-0005 → cast(x as long)",
        "hello + 1 → 7 → FLX-EXPR-0005 → strings are joined by ||",
        "hello = price → 7 → FLX-EXPR-0005 → cast(x as decimal(10,2))",
        "seven || hello → 7 → FLX-EXPR-0005 → cast(x as string)",
        "-hello → 1 → FLX-EXPR-0005 → '-' needs a number",
        "yes + 1 → 5 → FLX-EXPR-0005 → cannot combine a boolean and a long",
        "day > 5 → 5 → FLX-EXPR-0005 → cannot compare a date with a long",
        "day = 'soon' → 5 → FLX-EXPR-0005 → write the literal as 2024-12-31",
        "instant - clock → 9 → FLX-EXPR-0005 → epoch_millis(a) - epoch_millis(b)",
        "seven + interval '1' day → 9 → FLX-EXPR-0005 → cannot combine a long with an interval",
        "day * interval '1' day → 7 → FLX-EXPR-0005 → cannot combine",
        "interval '1' day → 1 → FLX-EXPR-0005 → can only be added to a date or timestamp",
        "nested > nested → 8 → FLX-EXPR-0005 → nested values have no order",
        "hello.name → 6 → FLX-EXPR-0005 → 'hello.name', write it in double quotes",
        "seven like 'x' → 1 → FLX-EXPR-0005 → the left side of 'like' must be a string",
        "hello like 'x!y' escape '!' → 12 → FLX-EXPR-0007 → malformed",
        "hello like 'x' escape '!!' → 23 → FLX-EXPR-0007 → must be one character",
        "case when yes then 1 else 'a' end → 1 → FLX-EXPR-0005 → different types: long, string",
        "case when seven then 1 end → 11 → FLX-EXPR-0008 → 'when' needs a boolean",
        "not seven → 5 → FLX-EXPR-0008 → x <> 0",
        "yes and hello → 9 → FLX-EXPR-0008 → 'and' needs a boolean",
        "hello is true → 1 → FLX-EXPR-0008 → 'is true' needs a boolean",
        "upper(seven) → 7 → FLX-EXPR-0006 → argument 1 of 'upper' must be a string",
        "upper() → 1 → FLX-EXPR-0006 → takes 1 argument, not 0",
        "concat() → 1 → FLX-EXPR-0006 → at least 1",
        "substring(hello) → 1 → FLX-EXPR-0006 → takes 2 to 3 arguments",
        "greatest(1, 'a') → 1 → FLX-EXPR-0006 → needs values of one type",
        "greatest(nested, nested) → 1 → FLX-EXPR-0006 → values that have an order",
        "abs(hello) → 1 → FLX-EXPR-0006 → needs a number",
        "extract(age from clock) → 1 → FLX-EXPR-0006 → has no unit 'age'",
        "date_trunc(hello, clock) → 1 → FLX-EXPR-0006 → a literal string for the unit",
        "date_format(clock, 'bbb') → 1 → FLX-EXPR-0006 → cannot use the pattern",
        "date_format(clock, 'HH z') → 1 → FLX-EXPR-0006 → cannot write the zone",
        "regexp_like(hello, '(') → 1 → FLX-REGEX-0001 → at its character",
        "regexp_like(hello, empty) → 1 → FLX-EXPR-0006 → a literal string for the pattern",
        "regexp_extract(hello, 'x', 1) → 1 → FLX-EXPR-0006 → from 0 to 0",
        "json_value(nested, 'a..b') → 1 → FLX-EXPR-0006 → cannot follow the path",
        "cast(seven as timestamp) → 1 → FLX-EXPR-0009 → from_epoch_millis(x)",
        "cast(clock as long) → 1 → FLX-EXPR-0009 → epoch_millis(x)",
        "cast(half as boolean) → 1 → FLX-EXPR-0009 → x <> 0",
      })
  void wrongPart_isNamedWithPlaceCodeAndRemedy(String text, int column, String code, String words) {
    List<Diagnostic> findings = check(text);
    assertThat(findings).as(text).hasSize(1);
    Diagnostic finding = findings.get(0);
    assertThat(finding.code()).isEqualTo(code);
    assertThat(finding.place().column()).isEqualTo(column);
    assertThat(finding.toString()).contains(words);
    assertThat(finding.remedy()).isNotEmpty();
  }

  @Test
  void allErrors_areFoundAtOnce() {
    Expression expression =
        Expression.parse("nix > 1\n and hello > 5\n and foo(bar) or upper(seven) = 'x'");
    assertThat(expression.check(Sample.SCHEMA, Sample.CONTEXT))
        .extracting(d -> d.place().line() + ":" + d.place().column() + " " + d.code())
        .containsExactly(
            "1:1 FLX-EXPR-0003",
            "2:12 FLX-EXPR-0005",
            "3:10 FLX-EXPR-0003",
            "3:6 FLX-EXPR-0004",
            "3:24 FLX-EXPR-0006");
    assertThatThrownBy(() -> expression.compile(Sample.SCHEMA, Sample.CONTEXT))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(5));
  }

  @Test
  void filter_mustBeBoolean() {
    assertThatThrownBy(
            () -> Expression.parse("seven").compilePredicate(Sample.SCHEMA, Sample.CONTEXT))
        .hasMessageContaining("a filter needs a boolean, and this is a long");
    assertThat(Sample.passes("null")).isFalse();
    assertThat(Sample.passes("nested.ok")).isTrue();
  }

  @Test
  void soundExpression_hasNoFindings() {
    assertThat(check("seven > 1 and upper(hello) = 'HELLO'")).isEmpty();
  }

  @Test
  void fields_areListedInOrder() {
    assertThat(Expression.parse("b > a and f(c, b) and d.e = 1").fields())
        .containsExactly("b", "a", "c", "d");
  }

  @Test
  void demands_areThoseOfTheFirstUse() {
    assertThat(
            Expression.parse(
                    "a > 1 and b = 'x' and c like d and e.f = 2 and cast(g as long) = 1 and not h"
                        + " and i = j and upper(k) = 'k' and coalesce(m, 1) > n and a = 'later'"
                        + " and o < date '2024-01-01' and p + interval '1' day > q and -r < s"
                        + " and t || u = v and w is null and x in ('a') and y between 1 and 2"
                        + " and case z when 'a' then true end and extract(hour from aa) = 1")
                .demands())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("a", DataType.DOUBLE),
                Map.entry("b", DataType.STRING),
                Map.entry("c", DataType.STRING),
                Map.entry("d", DataType.STRING),
                Map.entry("e", DataType.NESTED),
                Map.entry("g", DataType.NESTED),
                Map.entry("h", DataType.BOOLEAN),
                Map.entry("k", DataType.STRING),
                Map.entry("m", DataType.DOUBLE),
                Map.entry("o", DataType.DATE),
                Map.entry("p", DataType.TIMESTAMP),
                Map.entry("r", DataType.DOUBLE),
                Map.entry("s", DataType.DOUBLE),
                Map.entry("t", DataType.STRING),
                Map.entry("u", DataType.STRING),
                Map.entry("v", DataType.STRING),
                Map.entry("x", DataType.STRING),
                Map.entry("y", DataType.DOUBLE),
                Map.entry("z", DataType.STRING),
                Map.entry("aa", DataType.TIMESTAMP)));
    assertThat(Expression.parse("a").demands()).isEmpty();
    assertThat(Expression.parse("a").demandsAsPredicate(FunctionCatalogue.standard()))
        .isEqualTo(Map.of("a", DataType.BOOLEAN));
  }

  @Test
  void openSchema_isCheckedWithWhatIsDemanded() {
    Schema open = Schema.open();
    assertThat(Expression.parse("a > 1 and b = 'x'").check(open, Sample.CONTEXT)).isEmpty();
    assertThat(Expression.parse("a > 1 and upper(a) = 'x'").check(open, Sample.CONTEXT)).hasSize(1);
  }

  @Test
  void equalExpressions_haveEqualCanonicalText() {
    assertThat(Expression.parse("a+1")).isEqualTo(Expression.parse("(a) + 1"));
    assertThat(Expression.parse("a+1")).hasSameHashCodeAs(Expression.parse("a + 1"));
    assertThat(Expression.parse("a+1")).isNotEqualTo(Expression.parse("a + 2"));
    assertThat(Expression.parse("a+1").text()).isEqualTo("a+1");
    assertThat(Expression.column("odd \" name").columnName()).isEqualTo("odd \" name");
    assertThat(Expression.parse("a + 1").columnName()).isNull();
  }

  @Test
  void catalogue_describesEveryFunction_andRefusesNamesThatAreTaken() {
    assertThat(FunctionCatalogue.standard().functions())
        .hasSizeGreaterThanOrEqualTo(50)
        .allSatisfy(
            function -> {
              assertThat(function.signature()).startsWith(function.name() + "(").contains(" → ");
              assertThat(function.description()).endsWith(".");
              boolean asksOutside =
                  Set.of("now", "rand", "rand_integer", "uuid", "current_watermark")
                      .contains(function.name());
              assertThat(function.isDeterministic()).isEqualTo(!asksOutside);
            });
    ScalarFunction upper = ScalarFunction.of("upper", DataType.LONG, List.of(), values -> 1L);
    assertThatThrownBy(() -> FunctionCatalogue.standard().with(upper))
        .hasMessageContaining("FLX-EXPR-0011")
        .hasMessageContaining("another name");
    ScalarFunction odd = ScalarFunction.of("a b", DataType.LONG, List.of(), values -> 1L);
    assertThatThrownBy(() -> FunctionCatalogue.standard().with(odd))
        .hasMessageContaining("not a name");
  }
}
