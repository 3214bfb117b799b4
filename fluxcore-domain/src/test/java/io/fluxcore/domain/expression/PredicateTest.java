package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selection of rows: selection vectors, errors, and the forms of strings. */
class PredicateTest {
  private static final Schema SCHEMA =
      Schema.builder().field("n", DataType.LONG).field("s", DataType.STRING).build();

  private static List<Integer> selected(String text, EventBatch batch, RowErrors errors) {
    int[] rows = new int[batch.size()];
    int count =
        Expression.parse(text).compilePredicate(SCHEMA, Sample.CONTEXT).select(batch, rows, errors);
    return Arrays.stream(rows, 0, count).boxed().toList();
  }

  private static EventBatch numbers(long... values) {
    Column strings =
        StringColumn.of(values.length, new @Nullable String[values.length], new long[] {-1});
    Column[] columns = {new LongColumn(values.length, values), strings};
    return EventBatch.of(SCHEMA, columns, new long[values.length], values.length);
  }

  @Test
  void emptyBatch_selectsNothing() {
    assertThat(selected("n > 0 and s = 'x' or n % 2 = 0", numbers(), RowErrors.THROW)).isEmpty();
  }

  @Test
  void rowsOutsideTheSelection_areNeitherSelectedNorErrors() {
    EventBatch batch = numbers(0, 1, 0, 2, 0).withSelection(new int[] {1, 3}, 2);
    assertThat(selected("10 / n > 1", batch, RowErrors.THROW)).containsExactly(1, 3);
    assertThat(selected("10 / n > 5 or n = 0", batch, RowErrors.THROW)).containsExactly(1);
    assertThat(batch.selection()).containsExactly(1, 3);
  }

  @Test
  void failedRow_isReportedOnce_andNotSelected() {
    List<Integer> failed = new ArrayList<>();
    List<Integer> rows =
        selected(
            "10 / n > 1 or 20 / n > 1 or n = 0", numbers(5, 0, 1), (row, error) -> failed.add(row));
    assertThat(rows).containsExactly(0, 2);
    assertThat(failed).containsExactly(1);
  }

  @Test
  void predicate_isUsedAgainWithBatchesOfOtherSizes() {
    CompiledPredicate predicate =
        Expression.parse("n = 1 or n = 2 or not n < 100").compilePredicate(SCHEMA, Sample.CONTEXT);
    int[] rows = new int[8];
    assertThat(predicate.select(numbers(1), rows, RowErrors.THROW)).isEqualTo(1);
    assertThat(predicate.select(numbers(0, 1, 2, 3, 100), rows, RowErrors.THROW)).isEqualTo(3);
    assertThat(predicate.select(numbers(0, 2), rows, RowErrors.THROW)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s = 'ab'",
        "s = ''",
        "s = 'longer than eight bytes'",
        "s = 'longer than nine bytes!'",
        "s = 'größe'",
        "s = '12345678'",
        "s <> 'ab'",
        "s <> 'longer than eight bytes'",
        "s < 'b'",
        "s >= 'größe'",
        "s > ''",
        "s in ('ab', 'größe', 'x')",
        "s not in ('ab', 'größe', 'x')",
        "s like 'a%'",
        "s like '%e'",
        "s like '%r%'",
        "s like '_'",
        "s not like '%e'",
        "s like 'ab'",
        "starts_with(s, 'long')",
        "ends_with(s, '')",
        "contains(s, 'ö')",
        "regexp_like(s, '^.{2}$')",
        "s = s",
        "s is not null",
        "upper(s) = 'AB'",
        "length(s) > 4",
      })
  void stringsInEveryForm_areSelectedAlike(String text) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      values.addAll(
          Arrays.asList(
              "ab",
              "",
              null,
              "b",
              "größe",
              "longer than eight bytes",
              "longer than nine bytes!",
              "12345678",
              "1234567",
              "😀",
              "ab"));
    }
    @Nullable String[] strings = values.toArray(String[]::new);
    StringColumn plain =
        StringColumn.of(strings.length, strings, RandomBatches.utf8(values).nulls());
    List<StringColumn> forms =
        List.of(plain, RandomBatches.utf8(values), RandomBatches.dictionary(values));
    List<List<Integer>> results = new ArrayList<>();
    for (StringColumn form : forms) {
      EventBatch batch = batch(form);
      List<Integer> all = selected(text, batch, RowErrors.THROW);
      results.add(all);
      int[] some = {1, 4, 5, 20, 21, 54};
      List<Integer> ofSome = selected(text, batch.withSelection(some, 6), RowErrors.THROW);
      assertThat(ofSome)
          .isEqualTo(all.stream().filter(r -> Arrays.binarySearch(some, r) >= 0).toList());
    }
    assertThat(results.get(0)).isNotEmpty();
    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isEqualTo(results.get(0));
  }

  private static EventBatch batch(StringColumn strings) {
    int size = strings.size();
    Column[] columns = {new LongColumn(size, new long[size]), strings};
    return EventBatch.of(SCHEMA, columns, new long[size], size);
  }

  @Test
  void sameColumn_isHandedOut_whereTheExpressionIsAField() {
    EventBatch batch = numbers(1, 2);
    Column column =
        Expression.parse("n").compile(SCHEMA, Sample.CONTEXT).evaluate(batch, RowErrors.THROW);
    assertThat(column).isSameAs(batch.column(0));
  }
}
