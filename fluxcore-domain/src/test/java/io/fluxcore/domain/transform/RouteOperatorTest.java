package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Output;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteOperatorTest {
  /** Limits of the conditions in their order, and the value for which each of them fails. */
  private static final long[][] LIMITS = {{20, 60, 40, 80}, {0, 0}, {1000}, {10, 1000, 5}, {}};

  private static final int[] BAD = {13, 33, 13, 77};

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void anyRows_takeExactlyTheReferencesPort(int batchRows) {
    for (long seed = 0; seed < 8; seed++) {
      for (long[] limits : LIMITS) {
        check(RandomBatches.of(seed, batchRows), limits);
      }
    }
  }

  private static void check(List<EventBatch> input, long[] limits) {
    List<RowCondition> conditions = new ArrayList<>();
    List<List<Row>> expected = new ArrayList<>(List.of(new ArrayList<>()));
    for (int i = 0; i < limits.length; i++) {
      conditions.add(
          i % 2 == 0
              ? Conditions.below(limits[i], BAD[i])
              : Conditions.belowByCode(limits[i], BAD[i]));
      expected.add(new ArrayList<>());
    }
    List<Row> rows = Row.of(input);
    int failed = 0;
    for (Row row : rows) {
      int port = port(row, limits);
      if (port < 0) {
        failed++;
      } else {
        expected.get(port).add(row);
      }
    }
    TransformRun run = TransformRun.of(new RouteOperator(conditions), input);
    for (int port = 0; port < expected.size(); port++) {
      assertThat(run.rows(port)).as("port %d", port).isEqualTo(expected.get(port));
    }
    run.assertCounts(rows.size(), 0, failed, rows.size() - failed);
  }

  private static int port(Row row, long[] limits) {
    for (int i = 0; i < limits.length; i++) {
      if (Conditions.isBad(row, BAD[i])) {
        return -1;
      }
      if (Conditions.isBelow(row, limits[i])) {
        return i + 1;
      }
    }
    return Output.MAIN;
  }

  @Test
  void allRowsOfOnePort_areTheSameBatch() {
    EventBatch batch = new RandomBatches(1).next(100);
    TransformRun run =
        TransformRun.of(
            new RouteOperator(List.of(RowCondition.code(e -> false), RowCondition.code(e -> true))),
            List.of(batch));
    assertThat(run.batches(2).get(0)).isSameAs(batch);
    assertThat(run.emitted).containsOnlyKeys(2);
  }
}
