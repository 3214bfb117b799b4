package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rename and union: other schemas over the same columns. */
class SchemaTransformsTest {
  private static final Schema SCHEMA = RandomBatches.SCHEMA;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void rename_changesNamesAlone(int batchRows) {
    List<EventBatch> input = RandomBatches.of(1, batchRows);
    Map<String, String> names = Map.of("n", "x", "x", "n", "s", "text");
    RenameOperator rename = new RenameOperator(SCHEMA, names);
    List<Row> expected =
        Row.of(input).stream()
            .map(
                r -> {
                  Map<String, Object> values = new LinkedHashMap<>();
                  r.values().forEach((k, v) -> values.put(names.getOrDefault(k, k), v));
                  return r.with(values);
                })
            .toList();
    TransformRun run = TransformRun.of(rename, input);
    assertThat(run.rows()).isEqualTo(expected);
    run.assertCounts(expected.size(), 0, 0, expected.size());
    assertThat(rename.outputSchema().fieldNames()).startsWith("x", "n", "text", "d");
  }

  @Test
  void rename_ofUnknownOrToTakenName_isRefused() {
    assertThatThrownBy(() -> new RenameOperator(SCHEMA, Map.of("nope", "a")))
        .hasMessageContaining("'nope'");
    assertThatThrownBy(() -> new RenameOperator(SCHEMA, Map.of("n", "x")))
        .hasMessageContaining("'x'");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void union_bringsInputsIntoTheFirstOnesOrder(int batchRows) {
    List<Field> reversed = new ArrayList<>(SCHEMA.fields());
    Collections.reverse(reversed);
    UnionOperator union = new UnionOperator(List.of(SCHEMA, Schema.of(reversed), SCHEMA.opened()));
    TransformRun run = TransformRun.open(union);
    List<EventBatch> input = RandomBatches.of(3, batchRows);
    List<String> names = reversed.stream().map(Field::name).toList();
    ProjectOperator reverse = ProjectOperator.selecting(SCHEMA, names);
    int i = 0;
    for (EventBatch batch : input) {
      if (!batch.isEmpty()) {
        int from = i++ % 3;
        run.process(
            from, from == 1 ? TransformRun.of(reverse, List.of(batch)).batches(0).get(0) : batch);
      }
    }
    assertThat(run.rows()).isEqualTo(Row.of(input));
    assertThat(run.batches(0)).allMatch(b -> b.schema().equals(SCHEMA));
  }

  @Test
  void union_ofOtherFields_namesEachDifference() {
    Schema other = Schema.of(new Field("n", DataType.STRING), new Field("more", DataType.LONG));
    Schema first = Schema.of(new Field("n", DataType.LONG), new Field("x", DataType.DOUBLE));
    assertThatThrownBy(() -> new UnionOperator(List.of(first, first, other)))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.code()).isEqualTo("FLX-TRANSFORM-0004");
              assertThat(e.diagnostics()).hasSize(3);
            })
        .hasMessageContaining("field 'n' is string, not long")
        .hasMessageContaining("no field 'x'")
        .hasMessageContaining("'more'")
        .hasMessageContaining("input[2]");
  }
}
