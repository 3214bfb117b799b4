package io.fluxcore.domain.expression.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = "→",
      quoteCharacter = '§',
      value = {
        "A + b*2 > 3 AND NOT x = 'it''s' or c IS NOT NULL → A + b * 2 > 3 and not x = 'it''s' or c is not null",
        "((a)) → a",
        "(a + b) + c → a + b + c",
        "a + (b + c) → a + (b + c)",
        "a - (b - c) → a - (b - c)",
        "(a or b) and c → (a or b) and c",
        "a and (b and c) → a and b and c",
        "not (a and b) → not (a and b)",
        "not not a → not not a",
        "(not a) = b → (not a) = b",
        "a = b is null → (a = b) is null",
        "a != b → a <> b",
        "- - a → -(-a)",
        "-(5) → -(5)",
        "-5 → -5",
        "- 5 → -5",
        "a--5 → a",
        "a - -5 → a - -5",
        "-a.b → -a.b",
        "-9223372036854775808 → -9223372036854775808",
        "9223372036854775808 → 9223372036854775808",
        ".5 + 1. → 0.5 + 1.",
        "1.50 → 1.50",
        "1E3 → 1000.0e0",
        "1.5e-300 → 1.5e-300",
        "a /* b ** */ + c -- d → a + c",
        "\"a b\".c['d e'][1].\"f\" → \"a b\".c['d e'][1].f",
        "`a b` || `select` → \"a b\" || select",
        "\"and\" → \"and\"",
        "\"a\"\"b\" → \"a\"\"b\"",
        "date → date",
        "date '2024-02-29' → date '2024-02-29'",
        "TIMESTAMP '2024-02-29T01:02' → timestamp '2024-02-29 01:02:00'",
        "timestamp '2024-02-29 01:02:03.5+01:00' → timestamp '2024-02-29T00:02:03.500Z'",
        "ts + interval '5' MINUTES → ts + interval '5' minute",
        "x between 1 and 2 and y → x between 1 and 2 and y",
        "x not between a and b || c → x not between a and b || c",
        "x not in (1, (2)) → x not in (1, 2)",
        "x like 'a!%' escape '!' → x like 'a!%' escape '!'",
        "a is not distinct from b → a is not distinct from b",
        "a is true is null → (a is true) is null",
        "case when a then 1 end → case when a then 1 end",
        "case a when 1 then b else c end + 1 → case a when 1 then b else c end + 1",
        "cast(a as numeric( 10 , 2 )) → cast(a as decimal(10,2))",
        "try_cast(a AS varchar) → try_cast(a as string)",
        "extract(HOUR from ts) → extract('hour', ts)",
        "position('a' in b) → position('a', b)",
        "substring(a from 2 for 3) → substring(a, 2, 3)",
        "substring(a, 2) → substring(a, 2)",
        "trim(a) → trim(a)",
        "trim(leading from a) → ltrim(a)",
        "trim(trailing 'x' from a) → rtrim(a, 'x')",
        "trim(\"both\") → trim(\"both\")",
        "event_time() → event_time()",
        "größe > 1 → \"größe\" > 1",
      })
  void text_isPrintedCanonically_andParsesBack(String text, String canonical) {
    String printed = Printer.print(Parser.parse(text));
    assertThat(printed).isEqualTo(canonical);
    assertThat(withoutPlaces(printed)).isEqualTo(withoutPlaces(text));
  }

  /** The tree with all positions 0. */
  private static Node withoutPlaces(String text) {
    SourceText source = new SourceText(text);
    List<Token> tokens =
        Lexer.tokens(source).stream().map(t -> new Token(t.kind(), t.text(), 0)).toList();
    return new Parser(source, tokens).parseAll();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "→",
      quoteCharacter = '§',
      value = {
        "a + → 1 → 4 → found the end of the text",
        "a = b = c → 1 → 7 → cannot be chained",
        "a = b < c → 1 → 7 → cannot be chained",
        "a between 1 or 2 → 1 → 13 → 'and' between the bounds",
        "a not 5 → 1 → 7 → 'between', 'in' or 'like' after 'not'",
        "a is 5 → 1 → 6 → after 'is'",
        "a in 5 → 1 → 6 → '(' after 'in'",
        "a in () → 1 → 7 → found ')'",
        "a b → 1 → 3 → found 'b'",
        "(a → 1 → 3 → to close the parenthesis",
        "f(a b) → 1 → 5 → in the arguments",
        "'abc → 1 → 1 → the string is not closed",
        "a = \"b → 1 → 5 → the quoted name is not closed",
        "a /* b → 1 → 3 → the comment is not closed",
        "\"\" → 1 → 1 → the quoted name is empty",
        "1abc → 1 → 1 → '1abc' is not a number",
        "a ? b → 1 → 3 → '?' has no meaning",
        "a & 😀 → 1 → 3 → '&' has no meaning",
        "end → 1 → 1 → found 'end'",
        "case a end → 1 → 8 → 'when' after 'case'",
        "case when a then b → 1 → 19 → 'end' at the end",
        "cast(a as text2) → 1 → 11 → 'text2' is not a type",
        "cast(a as decimal(99)) → 1 → 11 → precision is 1..38",
        "cast(a, b) → 1 → 7 → 'as' in cast",
        "a[b] → 1 → 3 → a string or a position",
        "a[0] → 1 → 3 → a string or a position",
        "a.5 → 1 → 3 → a name after '.'",
        "date '2024-02-30' → 1 → 6 → is not a date",
        "timestamp 'x' → 1 → 11 → is not a timestamp",
        "interval '5' cats → 1 → 14 → the unit of the interval",
        "interval 'x' day → 1 → 10 → not a whole number",
        "interval '9223372036854775807' year → 1 → 10 → too long",
        "interval '-9223372036854775808' microsecond → 1 → 10 → too long",
        "1e999 → 1 → 1 → too large for a double",
        "100000000000000000000000000000000000000 → 1 → 1 → more than 38 digits",
        "a > 1\\n  and and b → 2 → 7 → found 'and'",
      })
  void error_namesPlaceAndToken(String text, int line, int column, String message) {
    FluxCoreException error = error(text.replace("\\n", "\n"));
    assertThat(error.category()).isEqualTo(ErrorCategory.USER);
    assertThat(error.code()).isEqualTo("FLX-EXPR-0001");
    assertThat(error).hasMessageContaining(message);
    assertThat(error.diagnostics().get(0).place().line()).isEqualTo(line);
    assertThat(error.diagnostics().get(0).place().column()).isEqualTo(column);
  }

  private static FluxCoreException error(String text) {
    FluxCoreException error =
        catchThrowableOfType(FluxCoreException.class, () -> Parser.parse(text));
    assertThat(error).as(text).isNotNull();
    return error;
  }

  @Test
  void emptyText_isAnError() {
    assertThat(error("")).hasMessageContaining("the expression is empty");
    assertThat(error(" \n -- x")).hasMessageContaining("the expression is empty");
  }

  @Test
  void enormousText_isAClearError() {
    assertThat(error("a + ".repeat(25_000) + "a").code()).isEqualTo("FLX-EXPR-0002");
    assertThat(error("'" + "x".repeat(100_000) + "'")).hasMessageContaining("100002 characters");
  }

  @Test
  void deepText_isAClearError() {
    for (String opening :
        List.of("(", "-(", "not ", "f(", "case when ", "a in (", "cast(", "- - ", "a + (")) {
      String text = opening.repeat(10_000);
      assertThat(error(text.substring(0, Math.min(text.length(), 65_000))).code())
          .as(opening)
          .isEqualTo("FLX-EXPR-0002");
    }
  }

  @Test
  void longChain_isAsDeepAsATree() {
    assertThat(error("a" + " + a".repeat(10_000))).hasMessageContaining("200 levels");
    assertThat(error("a" + ".a".repeat(10_000))).hasMessageContaining("200 levels");
    assertThat(error("a" + " is null".repeat(5_000))).hasMessageContaining("200 levels");
    String nested = "a";
    for (int i = 0; i < 100; i++) {
      nested = "(" + nested + ")" + " + a".repeat(100);
    }
    assertThat(error(nested)).hasMessageContaining("200 levels");
  }

  @Test
  void longLists_areNotDeep() {
    assertThat(Parser.parse("a" + " or a".repeat(10_000))).isInstanceOf(Node.Logic.class);
    assertThat(Parser.parse("a in (1" + ", 1".repeat(10_000) + ")")).isInstanceOf(Node.In.class);
    assertThat(Parser.parse("a" + " + a".repeat(150))).isInstanceOf(Node.Binary.class);
  }
}
