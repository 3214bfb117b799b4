package io.fluxcore.domain.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import io.fluxcore.domain.keyed.TimeToLive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates over all rows of a group, as changelogs. */
class GroupAggregationTest {
  private static final Schema SCHEMA =
      Schema.builder().field("user", DataType.STRING).field("price", DataType.LONG).build();

  private static final List<AggregateCall> CALLS =
      List.of(
          AggregateCall.countAll("rows"),
          AggregateCall.of(AggregateCall.Kind.SUM, "price", "total"),
          AggregateCall.of(AggregateCall.Kind.MAX, "price", "largest"),
          AggregateCall.of(AggregateCall.Kind.COUNT_DISTINCT, "price", "prices"));

  private static GroupAggregation aggregation(
      boolean retracts, TimeToLive life, String... groupBy) {
    return new GroupAggregation(
        List.of(groupBy), CALLS, life, AggregateContext.STANDARD.withChangelog(retracts));
  }

  private static OperatorHarness harness(GroupAggregation aggregation) {
    return OperatorHarness.of(() -> aggregation.operator(SCHEMA));
  }

  @Test
  void eachRow_replacesTheResultOfItsGroup() {
    try (OperatorHarness harness = harness(aggregation(false, null, "user"))) {
      harness.row(SCHEMA, 1, "a", 5L).row(SCHEMA, 2, "b", 1L).row(SCHEMA, 3, "a", 3L);
      assertThat(harness.take(0))
          .containsExactly(
              "+I[a, 1, 5, 5, 1]@1",
              "+I[b, 1, 1, 1, 1]@2",
              "-U[a, 1, 5, 5, 1]@3",
              "+U[a, 2, 8, 5, 2]@3");
    }
  }

  @Test
  void changesOfABatch_areGivenAsOne() {
    try (OperatorHarness harness = harness(aggregation(false, null, "user"))) {
      harness.process(
          new EventBatchBuilder(SCHEMA, 3).row(1, "a", 5L).row(2, "b", 1L).row(3, "a", 3L).build());
      assertThat(harness.take(0)).containsExactly("+I[a, 2, 8, 5, 2]@3", "+I[b, 1, 1, 1, 1]@2");
    }
  }

  @Test
  void changeThatChangesNothing_isNotGiven() {
    try (OperatorHarness harness = harness(aggregation(true, null, "user"))) {
      harness.row(SCHEMA, 1, "a", 5L).take(0);
      harness.process(
          new EventBatchBuilder(SCHEMA, 2)
              .row(RowKind.UPDATE_BEFORE, 2, "a", 5L)
              .row(RowKind.UPDATE_AFTER, 2, "a", 5L)
              .build());
      assertThat(harness.take(0)).isEmpty();
    }
  }

  @Test
  void groupWhoseRowsAreTakenBack_isDeleted_andBeginsAnew() {
    try (OperatorHarness harness = harness(aggregation(true, null, "user"))) {
      harness.row(SCHEMA, 1, "a", 5L).take(0);
      harness.process(new EventBatchBuilder(SCHEMA, 1).row(RowKind.DELETE, 2, "a", 5L).build());
      assertThat(harness.take(0)).containsExactly("-D[a, 1, 5, 5, 1]@2");
      harness.row(SCHEMA, 3, "a", 7L);
      assertThat(harness.take(0)).containsExactly("+I[a, 1, 7, 7, 1]@3");
    }
  }

  @Test
  void groupOfAllRows_hasTheResultOfNone_whenItsRowsAreTakenBack() {
    try (OperatorHarness harness = harness(aggregation(true, null))) {
      harness.row(SCHEMA, 1, "a", 5L).take(0);
      harness.process(new EventBatchBuilder(SCHEMA, 1).row(RowKind.DELETE, 2, "a", 5L).build());
      assertThat(harness.take(0)).containsExactly("-U[1, 5, 5, 1]@2", "+U[0, null, null, 0]@2");
      harness.restore(harness.snapshot()).row(SCHEMA, 3, "a", 7L);
      assertThat(harness.take(0)).containsExactly("-U[0, null, null, 0]@3", "+U[1, 7, 7, 1]@3");
    }
  }

  @Test
  void groupOfAllRows_hasTheResultOfNone_whenTheInputEndsWithoutRows() {
    StageHarness.of(() -> aggregation(false, null).operator(SCHEMA), Exchange.hash(), 1)
        .view(0, Tables::of)
        .assertEverywhere(Script.of(SCHEMA).end(), List.of(List.of("[0, null, null, 0]")));
  }

  @Test
  void groupThatIsIdle_isForgotten_andBeginsAnew() {
    TimeToLive life = TimeToLive.ofEventTime(Duration.ofMillis(100));
    try (OperatorHarness harness = harness(aggregation(false, life, "user"))) {
      harness.row(SCHEMA, 10, "a", 5L).row(SCHEMA, 60, "a", 1L).watermark(150).take(0);
      harness.row(SCHEMA, 155, "a", 1L);
      assertThat(harness.take(0)).containsExactly("-U[a, 2, 6, 5, 2]@155", "+U[a, 3, 7, 5, 2]@155");
      harness.restore(harness.snapshot()).watermark(300).row(SCHEMA, 301, "a", 2L);
      assertThat(harness.take(0)).containsExactly("+I[a, 1, 2, 2, 1]@301");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomChangelog_makesTheTableOfAllRows(long seed) {
    boolean isGrouped = seed % 3 != 0;
    GroupAggregation aggregation =
        isGrouped ? aggregation(true, null, "user") : aggregation(true, null);
    Script script = changelog(new Random(seed));
    StageHarness.of(
            () -> aggregation.operator(SCHEMA), isGrouped ? Exchange.hash(0) : Exchange.hash(), 1)
        .inOrderOfArrival()
        .view(0, Tables::of)
        .assertEverywhere(script, List.of(expected(script, isGrouped)));
  }

  /** Rows come, change and go. */
  private static Script changelog(Random random) {
    Script.Builder script = Script.of(SCHEMA);
    List<Object[]> table = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      int time = i * 10;
      int what = random.nextInt(10);
      if (what < 6 || table.isEmpty()) {
        Object[] row = row(random);
        table.add(row);
        script.row(0, RowKind.INSERT, time, row);
      } else {
        Object[] row = table.remove(random.nextInt(table.size()));
        if (what < 8) {
          script.row(0, RowKind.DELETE, time, row);
        } else {
          Object[] changed = {row[0], random.nextLong(5)};
          table.add(changed);
          script.row(0, RowKind.UPDATE_BEFORE, time, row);
          script.row(0, RowKind.UPDATE_AFTER, time, changed);
        }
      }
      if (random.nextInt(8) == 0) {
        script.watermark(time);
      }
    }
    return script.end();
  }

  private static Object[] row(Random random) {
    return new Object[] {
      random.nextInt(12) == 0 ? null : "user " + random.nextInt(4),
      random.nextInt(9) == 0 ? null : random.nextLong(5)
    };
  }

  /** By definition, over the rows that are left. */
  private static Collection<String> expected(Script script, boolean isGrouped) {
    List<List<Object>> table = new ArrayList<>();
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        if (row.kind().isRetraction()) {
          table.remove(row.values());
        } else {
          table.add(new ArrayList<>(row.values()));
        }
      }
    }
    TreeMap<String, List<Long>> groups = new TreeMap<>();
    if (!isGrouped) {
      groups.put("", new ArrayList<>());
    }
    for (List<Object> row : table) {
      groups
          .computeIfAbsent(isGrouped ? row.get(0) + ", " : "", g -> new ArrayList<>())
          .add((Long) row.get(1));
    }
    List<String> rows = new ArrayList<>();
    groups.forEach(
        (group, prices) -> {
          List<Long> known = prices.stream().filter(Objects::nonNull).toList();
          rows.add(
              "["
                  + group
                  + prices.size()
                  + ", "
                  + (known.isEmpty() ? null : known.stream().mapToLong(Long::longValue).sum())
                  + ", "
                  + known.stream().max(Long::compare).orElse(null)
                  + ", "
                  + known.stream().distinct().count()
                  + "]");
        });
    return rows;
  }
}
