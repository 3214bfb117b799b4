package io.fluxcore.domain.rowpattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Pipeline;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.rowpattern.RowPattern.Quantified;
import io.fluxcore.domain.rowpattern.RowPattern.Variable;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When matches leave, what is left out of them, and what a search may take. */
class RowMatchOperatorTest {
  private static final Schema SCHEMA =
      Schema.builder().field("key", DataType.STRING).field("value", DataType.LONG).build();
  private static final ExpressionContext EXPRESSIONS =
      ExpressionContext.of(
          pattern -> {
            throw new UnsupportedOperationException(pattern);
          });
  private static final RowPattern A = new Variable("A");
  private static final RowPattern B = new Variable("B");

  private RowsPerMatch output = RowsPerMatch.ONE;
  private RowSkip skip = RowSkip.pastLastRow();
  private PatternLimits limits = PatternLimits.DEFAULT;
  private long within;
  private Map<String, MatchExpression> definitions = Map.of("A", isValue(1), "B", isValue(2));

  private static MatchTerm.Navigation value() {
    return new MatchTerm.Navigation(Expression.column("value"), Set.of(), true, 0, 0, false);
  }

  private static MatchExpression isValue(long value) {
    return new MatchExpression(Expression.parse("own = " + value), Map.of("own", value()));
  }

  private static RowPattern loop(RowPattern part, boolean greedy) {
    return new Quantified(part, 1, Quantified.UNBOUNDED, greedy);
  }

  private List<String> run(RowPattern pattern, Script script) {
    MatchTerm count = new MatchTerm.Aggregate(MatchAggregate.COUNT, List.of(), Set.of(), false);
    RowMatching matching =
        new RowMatching(
            List.of("key"),
            pattern,
            definitions,
            output,
            List.of(
                new RowMatching.Passed("key", "key"),
                new RowMatching.Measure(
                    "last", new MatchExpression(Expression.column("it"), Map.of("it", value()))),
                new RowMatching.Measure(
                    "rows", new MatchExpression(Expression.column("it"), Map.of("it", count)))),
            skip,
            within,
            RowMatching.UNBOUNDED,
            limits,
            TimeCharacteristic.EVENT);
    return StageHarness.of(
            Pipeline.chain(
                () -> List.of(matching.operator(SCHEMA, EXPRESSIONS)), Exchange.hash(0), 2))
        .run(script, Mode.PLAIN)
        .rows(0)
        .stream()
        .map(RowMatchOperatorTest::text)
        .toList();
  }

  private static String text(EventRecord row) {
    return row.timestamp() + ": " + row.get("last") + " of " + row.get("rows");
  }

  private static Script.Builder rows(long... values) {
    Script.Builder script = Script.of(SCHEMA);
    for (int i = 0; i < values.length; i++) {
      script.row(10 * (i + 1), "k", values[i]);
    }
    return script;
  }

  @Test
  void reluctantEnd_leavesAtOnce_greedyWaitsForTheRowThatDoesNotFit() {
    RowPattern reluctant = new RowPattern.Sequence(List.of(A, loop(B, false)));
    assertThat(run(reluctant, rows(1, 2, 2, 3).open())).containsExactly("20: 2 of 2");
    RowPattern greedy = new RowPattern.Sequence(List.of(A, loop(B, true)));
    assertThat(run(greedy, rows(1, 2, 2).open())).isEmpty();
    assertThat(run(greedy, rows(1, 2, 2, 3).open())).containsExactly("40: 2 of 3");
  }

  @Test
  void greedyEnd_leavesWhenItsTimeIsOver() {
    within = 100;
    RowPattern greedy = new RowPattern.Sequence(List.of(A, loop(B, true)));
    assertThat(run(greedy, rows(1, 2).watermark(108).open())).isEmpty();
    assertThat(run(greedy, rows(1, 2).watermark(109).open())).containsExactly("109: 2 of 2");
  }

  @Test
  void endOfInput_decides() {
    RowPattern greedy = new RowPattern.Sequence(List.of(A, loop(B, true)));
    assertThat(run(greedy, rows(1, 2, 2).watermark(200).end())).containsExactly("201: 2 of 3");
  }

  @Test
  void rowAtTheBoundOfTime_isNotOfTheMatch() {
    within = 20;
    RowPattern pattern = new RowPattern.Sequence(List.of(A, B, B));
    assertThat(run(pattern, rows(1, 2, 2).end())).isEmpty();
    within = 21;
    assertThat(run(pattern, rows(1, 2, 2).end())).containsExactly("30: 2 of 3");
  }

  @Test
  void excludedRows_areLeftOutOfAllRows_andCount() {
    output = RowsPerMatch.ALL;
    RowPattern pattern = new RowPattern.Sequence(List.of(A, new RowPattern.Exclusion(B), A));
    assertThat(run(pattern, rows(1, 2, 1).end())).containsExactly("30: 1 of 1", "30: 1 of 3");
  }

  @Test
  void nothingToSkipTo_failsTheJob() {
    skip = new RowSkip(RowSkip.Strategy.TO_FIRST, Set.of("A"));
    assertThatThrownBy(() -> run(new RowPattern.Sequence(List.of(A, B)), rows(1, 2).end()))
        .hasStackTraceContaining("its first row is one of A");
    skip = new RowSkip(RowSkip.Strategy.TO_LAST, Set.of("B"));
    assertThatThrownBy(() -> run(A, rows(1, 2).end()))
        .hasStackTraceContaining("it has no row of B");
  }

  @Test
  void searchWithTooManyRows_isGivenUp_andTheNextBeginsBehindThem() {
    limits = new PatternLimits(100, 1_000, 3, PatternLimits.Policy.DROP_OLDEST);
    RowPattern pattern = new RowPattern.Sequence(List.of(loop(A, true), B));
    assertThat(run(pattern, rows(1, 1, 1, 1, 2, 1, 2).end()))
        .containsExactly("50: 2 of 2", "70: 2 of 2");
  }

  @Test
  void searchWithTooManyRows_failsWhereThePolicySaysSo() {
    limits = new PatternLimits(100, 1_000, 3, PatternLimits.Policy.FAIL);
    assertThatThrownBy(() -> run(loop(A, true), rows(1, 1, 1, 1, 1).end()))
        .isInstanceOf(FluxCoreException.class)
        .hasStackTraceContaining("FLX-PATTERN-0032");
  }

  @Test
  void permutationOfMany_isTooLarge() {
    List<RowPattern> parts =
        List.of("A", "B", "C", "D", "E", "F", "G", "H", "I").stream()
            .map(name -> (RowPattern) new Variable(name))
            .toList();
    assertThatThrownBy(() -> RowPatternCompiler.compile(new RowPattern.Permutation(parts)))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("more than 50000 steps");
  }

  /** Loops within loops have as many ways as there are subsets of the rows. */
  @Test
  void loopsWithinLoops_takeNoMoreThanOne() {
    RowPattern pattern = new RowPattern.Sequence(List.of(loop(loop(loop(A, true), true), true), B));
    long[] values = new long[500];
    java.util.Arrays.fill(values, 1);
    values[499] = 2;
    assertThat(run(pattern, rows(values).end())).containsExactly("5000: 2 of 500");
  }

  /** Conditions over the path keep ways apart: there is a bound to how many there are. */
  @Test
  void waysThatDiffer_areBounded() {
    limits = new PatternLimits(50, 10_000, 10_000, PatternLimits.Policy.DROP_OLDEST);
    MatchTerm list =
        new MatchTerm.Aggregate(
            MatchAggregate.COLLECT,
            List.of(Expression.column(MatchTerm.CLASSIFIER)),
            Set.of(),
            false);
    definitions =
        Map.of(
            "C",
            new MatchExpression(
                Expression.parse("own = 2 and list is null"),
                Map.of("own", value(), "list", list)));
    RowPattern pattern =
        new RowPattern.Sequence(
            List.of(loop(new RowPattern.Alternation(List.of(A, B)), true), new Variable("C")));
    long[] values = new long[200];
    java.util.Arrays.fill(values, 1);
    assertThat(run(pattern, rows(values).end())).isEmpty();
  }
}
