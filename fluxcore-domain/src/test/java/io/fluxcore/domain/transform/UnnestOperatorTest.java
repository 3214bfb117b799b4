package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnnestOperatorTest {
  private static final Schema INPUT =
      Schema.builder().field("id", DataType.LONG).field("list", DataType.NESTED).build();
  private static final Schema OUTPUT =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("element", DataType.NESTED)
          .field("position", DataType.LONG)
          .build();
  private static final int BAD = 7;

  private static UnnestOperator operator(boolean keepsEmpty) {
    return new UnnestOperator(1, new int[] {0}, true, keepsEmpty, OUTPUT);
  }

  /** Null, no list, lists of up to five elements (some null), and maps. */
  private static Object value(Random random) {
    int kind = random.nextInt(9);
    if (kind == BAD) {
      return "no list";
    }
    if (kind == 8) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("a", 1L);
      map.put("b", null);
      return map;
    }
    if (kind == 6) {
      return null;
    }
    Object[] elements = new Object[kind];
    for (int i = 0; i < kind; i++) {
      elements[i] = random.nextInt(4) == 0 ? null : (Object) random.nextLong();
    }
    return Arrays.asList(elements);
  }

  private static EventBatch batch(Random random, int rows) {
    long[] ids = new long[rows];
    Object[] lists = new Object[rows];
    long[] times = new long[rows];
    byte[] kinds = new byte[rows];
    long[] nulls = NullBits.create(rows);
    for (int i = 0; i < rows; i++) {
      ids[i] = random.nextLong();
      lists[i] = value(random);
      times[i] = random.nextInt(1000);
      kinds[i] = RowKind.values()[random.nextInt(4)].code();
      if (lists[i] == null) {
        NullBits.set(nulls, i);
      }
    }
    EventBatch all =
        EventBatch.of(
                INPUT,
                new Column[] {
                  new LongColumn(DataType.LONG, rows, ids, null),
                  new NestedColumn(rows, lists, nulls)
                },
                times,
                rows)
            .withRowKinds(kinds);
    int[] selected = new int[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (random.nextInt(5) > 0) {
        selected[count++] = i;
      }
    }
    return all.withSelection(selected, count);
  }

  private record Expected(Object id, Object element, Object position, long time, RowKind kind) {
    static Expected of(Row row) {
      return new Expected(
          row.get("id"), row.get("element"), row.get("position"), row.timestamp(), row.kind());
    }
  }

  private static List<Expected> reference(List<Row> rows, boolean keepsEmpty) {
    List<Expected> all = new ArrayList<>();
    for (Row row : rows) {
      RowKind kind = row.kind().isRetraction() ? RowKind.DELETE : RowKind.INSERT;
      Object value = row.get("list");
      List<Object> elements = new ArrayList<>();
      if (value instanceof Map<?, ?> map) {
        map.forEach(
            (key, of) -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("key", key);
              entry.put("value", of);
              elements.add(entry);
            });
      } else if (value instanceof List<?> list) {
        elements.addAll(list);
      } else if (value != null) {
        continue; // fails
      }
      for (int i = 0; i < elements.size(); i++) {
        all.add(new Expected(row.get("id"), elements.get(i), i + 1L, row.timestamp(), kind));
      }
      if (elements.isEmpty() && keepsEmpty) {
        all.add(new Expected(row.get("id"), null, null, row.timestamp(), kind));
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyRows_areWhatTheReferenceMakes_whateverTheOutputSays(boolean keepsEmpty) {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<EventBatch> input = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        input.add(batch(random, 1 + random.nextInt(seed % 50 == 0 ? 3000 : 20)));
      }
      List<Row> rows = Row.of(input);
      BooleanSupplier capacity = random::nextBoolean;
      TransformRun run = TransformRun.open(operator(keepsEmpty), capacity).all(input);
      assertThat(run.rows().stream().map(Expected::of).toList())
          .as("seed %d", seed)
          .isEqualTo(reference(rows, keepsEmpty));
      long bad = rows.stream().filter(row -> row.get("list") instanceof String).count();
      assertThat(run.failedRows).as("seed %d", seed).hasSize((int) bad);
    }
  }

  @Test
  void longList_leavesInSeveralBatches() {
    List<Object> list = new ArrayList<>();
    for (long i = 0; i < 3L * EventBatch.TARGET_ROWS + 5; i++) {
      list.add(i);
    }
    EventBatch batch =
        EventBatch.of(
            INPUT,
            new Column[] {
              new LongColumn(DataType.LONG, 1, new long[] {1}, null),
              new NestedColumn(1, new Object[] {list}, null)
            },
            new long[] {5},
            1);
    TransformRun run = TransformRun.of(operator(false), List.of(batch));
    assertThat(run.rows()).hasSize(list.size());
    assertThat(run.emitted.get(0))
        .hasSize(4)
        .allSatisfy(b -> assertThat(b.size()).isLessThanOrEqualTo(EventBatch.TARGET_ROWS));
  }
}
