package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectOperatorTest {
  /** The double of n, in its own units; fails for some values. */
  private static ColumnExpression doubled(int bad) {
    return (batch, errors) -> doubled(batch, errors, bad);
  }

  private static Column doubled(EventBatch batch, RowErrors errors, int bad) {
    LongColumn n = (LongColumn) batch.column("n");
    long[] values = new long[batch.rowCount()];
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (!n.isNull(row) && n.value(row) == bad) {
        errors.failed(row, new RecordException("FLX-TEST-0001", "bad " + bad));
      }
      values[row] = 2 * n.value(row);
    }
    return new LongColumn(DataType.LONG, batch.rowCount(), values, n.nulls());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void anyRows_haveTheReferencesFields(int batchRows) {
    for (long seed = 0; seed < 6; seed++) {
      List<EventBatch> input = RandomBatches.of(seed, batchRows);
      List<Row> rows = Row.of(input);
      List<Row> expected =
          rows.stream()
              .filter(r -> !Conditions.isBad(r, 13) && !Conditions.isBad(r, 14))
              .map(
                  r -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    values.put("v", r.get("v"));
                    values.put("twice", r.get("n") == null ? null : 2 * (Long) r.get("n"));
                    values.put("copy", r.get("s"));
                    values.put("again", values.get("twice"));
                    return r.with(values);
                  })
              .toList();
      // both expressions fail for 13: such a row is one failure
      ProjectOperator project =
          new ProjectOperator(
              List.of(
                  Projection.passed("v", DataType.NESTED, 8),
                  Projection.computed("twice", DataType.LONG, doubled(13)),
                  Projection.passed("copy", DataType.STRING, 2),
                  Projection.computed(
                      "again",
                      DataType.LONG,
                      (batch, errors) -> {
                        doubled(batch, errors, 13);
                        return doubled(batch, errors, 14);
                      })));
      TransformRun run = TransformRun.of(project, input);
      assertThat(run.rows()).isEqualTo(expected);
      run.assertCounts(rows.size(), 0, rows.size() - expected.size(), expected.size());
    }
  }

  @Test
  void passedColumns_areShared() {
    EventBatch batch = new RandomBatches(1).next(100);
    EventBatch selected =
        TransformRun.of(
                ProjectOperator.selecting(RandomBatches.SCHEMA, List.of("s", "n")), List.of(batch))
            .batches(0)
            .get(0);
    assertThat(selected.schema().fieldNames()).containsExactly("s", "n");
    assertThat(selected.column("s")).isSameAs(batch.column("s"));
    assertThat(selected.selection()).isSameAs(batch.selection());
    assertThat(selected.minKeyGroup()).isEqualTo(batch.minKeyGroup());
  }

  @Test
  void dropping_leavesTheOthersInOrder() {
    ProjectOperator drop =
        ProjectOperator.dropping(RandomBatches.SCHEMA, List.of("v", "n", "x", "day"));
    assertThat(drop.outputSchema().fieldNames()).containsExactly("s", "d", "b", "y", "t");
    assertThatThrownBy(() -> ProjectOperator.dropping(RandomBatches.SCHEMA, List.of("nope")))
        .hasMessageContaining("nope");
  }
}
