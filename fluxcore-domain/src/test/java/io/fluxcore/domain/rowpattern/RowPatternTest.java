package io.fluxcore.domain.rowpattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.rowpattern.RowPattern.Alternation;
import io.fluxcore.domain.rowpattern.RowPattern.Anchor;
import io.fluxcore.domain.rowpattern.RowPattern.Exclusion;
import io.fluxcore.domain.rowpattern.RowPattern.Permutation;
import io.fluxcore.domain.rowpattern.RowPattern.Quantified;
import io.fluxcore.domain.rowpattern.RowPattern.Sequence;
import io.fluxcore.domain.rowpattern.RowPattern.Variable;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of row patterns. */
class RowPatternTest {
  private static final Variable A = new Variable("A");
  private static final Variable B = new Variable("B");

  @Test
  void everyPattern_isReadBackAsItPrintsItself() {
    for (long seed = 0; seed < 3_000; seed++) {
      RowPattern pattern = RandomRowPattern.pattern(new Random(seed), 6);
      assertThat(RowPattern.parse(pattern.toString()))
          .as("seed %d: %s", seed, pattern)
          .isEqualTo(pattern);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "permute",
        "PERMUTE",
        "$",
        "x$y",
        "-- no comment",
        "`",
        "\"",
        "\"\"",
        "(",
        "line\nbreak",
        "ﬁ",
        "😀"
      })
  void variable_ofAnyName_isReadBack(String name) {
    RowPattern pattern = new Sequence(List.of(new Variable(name), A));
    assertThat(RowPattern.parse(pattern.toString())).as(pattern.toString()).isEqualTo(pattern);
  }

  @Test
  void text_isReadAsSqlHasIt() {
    assertThat(
            RowPattern.parse("^ A+? -- first\n (\"b c\" | `d``e`) /* or */ {,3} PERMUTE(A, B A)$"))
        .isEqualTo(
            new Sequence(
                List.of(
                    new Anchor(true),
                    new Quantified(A, 1, Quantified.UNBOUNDED, false),
                    new Quantified(
                        new Alternation(List.of(new Variable("b c"), new Variable("d`e"))),
                        0,
                        3,
                        true),
                    new Permutation(List.of(A, new Sequence(List.of(B, A)))),
                    new Anchor(false))));
    assertThat(RowPattern.parse("A{2}{- B* -}"))
        .isEqualTo(
            new Sequence(
                List.of(
                    new Quantified(A, 2, 2, true),
                    new Exclusion(new Quantified(B, 0, Quantified.UNBOUNDED, true)))));
    assertThat(RowPattern.parse("((A))")).isEqualTo(A);
    assertThat(RowPattern.parse("()")).isEqualTo(new Sequence(List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {
        "A (B;1;5;expected ')'",
        "A B);1;4;a variable, a quantifier, '|' or the end in the pattern, found ')'",
        "A |;1;4;expected a variable in the pattern, found its end",
        "#A\n  B{3,2}#;2;4;upper bound",
        "A{0};1;2;upper bound",
        "A{1234567};1;3;six digits",
        "A{};1;3;a number or ','",
        "A**;1;3;found '*'",
        "#A\n \"B#;2;2;quote that begins here",
        "A /* B;1;3;comment that begins here",
        "{- A;1;5;expected '-'",
        "PERMUTE();1;9;expected a variable",
        "#'a'#;1;1;expected a variable in the pattern, found '''",
      })
  void mistake_hasItsPlace(String text, int line, int column, String message) {
    assertThatThrownBy(() -> RowPattern.parse(text))
        .hasMessageContainingAll(
            "FLX-PATTERN-0033", "line " + line + ", column " + column, message);
  }

  @Test
  void emptyText_isNoPattern() {
    assertThatThrownBy(() -> RowPattern.parse(" "))
        .hasMessageContainingAll("FLX-PATTERN-0033", "line 1, column 2", "a variable");
  }

  @Test
  void deepText_isRefused_ratherThanReadUntilTheStackEnds() {
    int deepest = RowPattern.MAX_PARENTHESES - 1;
    String fits = "(".repeat(deepest) + "A" + ")".repeat(deepest);
    assertThat(RowPattern.parse(fits)).isEqualTo(A);
    assertThatThrownBy(() -> RowPattern.parse("(".repeat(100_000)))
        .hasMessageContainingAll("FLX-PATTERN-0033", "more than 250 parentheses");
  }

  @Test
  void partsAlone_areThemselves() {
    assertThat(RowPattern.sequence(List.of(A))).isEqualTo(A);
    assertThat(RowPattern.alternation(List.of(A))).isEqualTo(A);
    assertThatThrownBy(() -> new Sequence(List.of(A))).hasMessageContaining("is that part");
    assertThatThrownBy(() -> new Alternation(List.of(A))).hasMessageContaining("no choice");
    assertThatThrownBy(() -> new Permutation(List.of())).hasMessageContaining("has a part");
  }
}
