package io.fluxcore.domain.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PatternTest {
  private static final Schema SCHEMA =
      Schema.builder().field("kind", DataType.STRING).field("price", DataType.LONG).build();
  private static final ExpressionContext EXPRESSIONS =
      ExpressionContext.of(
          pattern -> {
            throw new UnsupportedOperationException(pattern);
          });

  @Test
  void patternsOfTheSameWords_areEqual_andSayThem() {
    Pattern one = login();
    assertThat(one).isEqualTo(login()).hasSameHashCodeAs(login());
    assertThat(one.isPortable()).isTrue();
    assertThat(one.describe())
        .isEqualTo(
            "failed{3}[not ok] notFollowedBy reset[kind = 'reset'] followedBy in[ok]"
                + " within PT5M; after a match skipPastLastEvent");
    assertThat(one.stageNames()).containsExactly("failed", "reset", "in");
  }

  private static Pattern login() {
    return Pattern.begin("failed")
        .where("not ok")
        .times(3)
        .notFollowedBy("reset")
        .where("kind = 'reset'")
        .followedBy("in")
        .where("ok")
        .within(Duration.ofMinutes(5))
        .skip(AfterMatchSkip.skipPastLastEvent());
  }

  @Test
  void code_makesItBound() {
    assertThat(Pattern.begin("a").where(event -> true).isPortable()).isFalse();
    assertThat(Pattern.begin("a").where((event, context) -> true).isPortable()).isFalse();
  }

  static Stream<Arguments> problems() {
    return Stream.of(
        Arguments.of(Pattern.begin("a").next("a"), "FLX-PATTERN-0002"),
        Arguments.of(Pattern.begin(" "), "FLX-PATTERN-0002"),
        Arguments.of(
            Pattern.of(
                List.of(PatternStage.named("a", Contiguity.NOT_NEXT)),
                null,
                AfterMatchSkip.noSkip()),
            "FLX-PATTERN-0003"),
        Arguments.of(Pattern.begin("a").notNext("b").oneOrMore(), "FLX-PATTERN-0003"),
        Arguments.of(Pattern.begin("a").optional().notNext("b").next("c"), "FLX-PATTERN-0003"),
        Arguments.of(Pattern.begin("a").notFollowedBy("b"), "FLX-PATTERN-0004"),
        Arguments.of(
            Pattern.begin(Pattern.begin("a").notFollowedBy("b")).within(Duration.ofSeconds(1)),
            "FLX-PATTERN-0004"),
        Arguments.of(Pattern.begin("a").times(3, 2), "FLX-PATTERN-0005"),
        Arguments.of(Pattern.begin("a").times(2_000), "FLX-PATTERN-0005"),
        Arguments.of(Pattern.begin("a").greedy(), "FLX-PATTERN-0006"),
        Arguments.of(Pattern.begin("a").times(2).until("b"), "FLX-PATTERN-0006"),
        Arguments.of(
            Pattern.begin(Pattern.begin("a").within(Duration.ofSeconds(1))), "FLX-PATTERN-0007"),
        Arguments.of(
            Pattern.begin(Pattern.begin("a").optional().next("b")).oneOrMore(), "FLX-PATTERN-0007"),
        Arguments.of(Pattern.begin("a").within(Duration.ZERO), "FLX-PATTERN-0008"),
        Arguments.of(Pattern.begin("a").skip(AfterMatchSkip.skipToLast("z")), "FLX-PATTERN-0009"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void whatIsWrong_isToldWithARemedy(Pattern pattern, String code) {
    List<Diagnostic> problems = pattern.problems();
    assertThat(problems).extracting(Diagnostic::code).containsOnly(code);
    assertThat(problems).extracting(Diagnostic::remedy).doesNotContain("");
  }

  private static List<String> check(PatternRule... rules) {
    return new PatternMatching(List.of(), List.of(rules))
        .check(SCHEMA, EXPRESSIONS).stream().map(Diagnostic::code).toList();
  }

  @Test
  void allThatIsWrongWithRules_isTold() {
    Pattern good = Pattern.begin("a").where("price > 1");
    assertThat(check(new PatternRule("r", good))).isEmpty();
    assertThat(check()).containsExactly("FLX-PATTERN-0013");
    assertThat(check(new PatternRule("r", good), new PatternRule("r", good)))
        .containsExactly("FLX-PATTERN-0014");
    assertThat(check(new PatternRule("r", Pattern.begin("a").where("prise > 1")))).hasSize(1);
    assertThat(
            check(
                new PatternRule("r", Pattern.begin("a").where("sum(a.kind) > 1")),
                new PatternRule("s", Pattern.begin("a").where("sum(a.price + price) > 1"))))
        .containsExactly("FLX-PATTERN-0012", "FLX-PATTERN-0011");
    assertThat(
            check(
                new PatternRule("r", good, Map.of("m", "sum(a.price)")),
                new PatternRule("s", good, Map.of("m", "first(a.kind)"))))
        .containsExactly("FLX-PATTERN-0015");
    assertThat(check(new PatternRule("r", good, Map.of("rule", "sum(a.price)"))))
        .containsExactly("FLX-PATTERN-0016");
  }

  @Test
  void program_isPrinted() {
    Pattern pattern = Pattern.begin("a").where("kind = 'a'").followedBy("b").where("kind = 'b'");
    assertThat(PatternCompiler.compile(pattern).program())
        .hasToString(
            """
            0 a
              TAKE → 1 if c1
            1 b
              TAKE → 2 if c0
              IGNORE → 1 if not c0
            2 FINAL
            noSkip
            """);
  }
}
