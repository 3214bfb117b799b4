package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.expression.syntax.Node;
import io.fluxcore.domain.expression.syntax.Printer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random expressions over random batches against the row-wise reference. */
class ExpressionModelTest {
  private static final int[] SIZES = {0, 1, 7, 64, 65, 130};
  private static final int EXPRESSIONS = 150;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void columns_areWhatTheReferenceSaysOfEachRow(long seed) {
    Random random = new Random(seed);
    RandomExpressions expressions = new RandomExpressions(random);
    for (int i = 0; i < EXPRESSIONS; i++) {
      Node tree = expressions.any(4);
      EventBatch batch = RandomBatches.batch(random, SIZES[random.nextInt(SIZES.length)]);
      check("seed " + seed + ", number " + i, tree, batch);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32})
  void predicates_selectTheRowsForWhichTheReferenceIsTrue(long seed) {
    Random random = new Random(seed);
    RandomExpressions expressions = new RandomExpressions(random);
    for (int i = 0; i < EXPRESSIONS; i++) {
      Node tree = expressions.of(Kind.BOOLEAN, 4);
      EventBatch batch = RandomBatches.batch(random, SIZES[random.nextInt(SIZES.length)]);
      String what = "seed " + seed + ", number " + i;
      check(what, tree, batch);
      checkSelection(what, tree, batch);
    }
  }

  private static void check(String what, Node tree, EventBatch batch) {
    String text = Printer.print(tree);
    String context = what + ": " + text;
    Expression expression = Expression.parse(text);
    assertThat(expression.toString()).as(context).isEqualTo(text);
    CompiledExpression compiled = expression.compile(RandomBatches.SCHEMA, Sample.CONTEXT);
    TreeSet<Integer> failed = new TreeSet<>();
    Column column =
        compiled.evaluate(
            batch,
            (row, error) ->
                assertThat(failed.add(row)).as(context + " fails once in row " + row).isTrue());
    assertThat(column.size()).isEqualTo(batch.rowCount());
    TreeSet<Integer> expectedFailures = new TreeSet<>();
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      Map<String, @Nullable Object> values = row(batch, row);
      try {
        Object expected = new ReferenceInterpreter(values).evaluate(tree);
        Object actual = column.get(row);
        assertThat(same(expected, actual))
            .as("%s%nof %s%nexpected %s%n but was %s", context, values, expected, actual)
            .isTrue();
      } catch (ReferenceInterpreter.Failure e) {
        expectedFailures.add(row);
        assertThat(column.isNull(row)).as(context + " in row " + row).isTrue();
      }
    }
    assertThat(failed).as(context).isEqualTo(expectedFailures);
  }

  private static Map<String, @Nullable Object> row(EventBatch batch, int row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int c = 0; c < batch.schema().size(); c++) {
      values.put(batch.schema().field(c).name(), batch.column(c).get(row));
    }
    return values;
  }

  private static boolean same(@Nullable Object expected, @Nullable Object actual) {
    if (expected == null || actual == null) {
      return expected == actual;
    }
    return ReferenceInterpreter.compare(expected, actual) == 0;
  }

  private static void checkSelection(String what, Node tree, EventBatch batch) {
    String context = what + ": " + Printer.print(tree);
    int[] rows = new int[batch.size()];
    TreeSet<Integer> failed = new TreeSet<>();
    int count =
        Expression.parse(Printer.print(tree))
            .compilePredicate(RandomBatches.SCHEMA, Sample.CONTEXT)
            .select(batch, rows, (row, error) -> failed.add(row));
    List<Integer> expected = new ArrayList<>();
    TreeSet<Integer> expectedFailures = new TreeSet<>();
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      try {
        if (new ReferenceInterpreter(row(batch, row)).holds(tree, true)) {
          expected.add(row);
        }
      } catch (ReferenceInterpreter.Failure e) {
        expectedFailures.add(row);
      }
    }
    assertThat(Arrays.stream(rows, 0, count).boxed().toList()).as(context).isEqualTo(expected);
    assertThat(failed).as(context).isEqualTo(expectedFailures);
  }
}
