package io.fluxcore.domain.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Upserts by a key of retractions that it does not name. */
class MaterializeOperatorTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("name", DataType.STRING)
          .field("size", DataType.LONG)
          .build();

  private static MaterializeOperator byName() {
    return new MaterializeOperator(List.of("name"), SCHEMA);
  }

  private static OperatorHarness harness() {
    return OperatorHarness.of(MaterializeOperatorTest::byName);
  }

  private static EventBatchBuilder rows() {
    return new EventBatchBuilder(SCHEMA);
  }

  @Test
  void lastRowStanding_isGiven_alsoWhenItWasThereBefore() {
    try (OperatorHarness harness = harness()) {
      harness.process(rows().row(RowKind.INSERT, 1, 1L, "a", 10L).build());
      harness.process(rows().row(RowKind.INSERT, 2, 2L, "a", 20L).build());
      harness.process(rows().row(RowKind.DELETE, 3, 2L, "a", 20L).build());
      harness.process(rows().row(RowKind.UPDATE_BEFORE, 4, 1L, "a", 10L).build());
      assertThat(harness.take(0))
          .containsExactly("+I[1, a, 10]@1", "+U[2, a, 20]@2", "+U[1, a, 10]@1", "-D[1, a, 10]@4");
    }
  }

  @Test
  void newRowBeforeTheFormerOneIsTakenBack_staysStanding() {
    try (OperatorHarness harness = harness()) {
      harness.process(rows().row(RowKind.INSERT, 1, 1L, "a", 10L).build());
      harness.process(rows().row(RowKind.UPDATE_AFTER, 2, 1L, "a", 11L).build());
      harness.process(rows().row(RowKind.UPDATE_BEFORE, 2, 1L, "a", 10L).build());
      assertThat(harness.take(0)).containsExactly("+I[1, a, 10]@1", "+U[1, a, 11]@2");
    }
  }

  @Test
  void changesOfABatch_areGivenAsOne_andNoneWhereTheLastRowIsAsItWas() {
    try (OperatorHarness harness = harness()) {
      harness.process(
          rows()
              .row(RowKind.INSERT, 1, 1L, "a", 10L)
              .row(RowKind.UPDATE_BEFORE, 2, 1L, "a", 10L)
              .row(RowKind.UPDATE_AFTER, 2, 1L, "a", 11L)
              .row(RowKind.INSERT, 3, 2L, "b", 1L)
              .row(RowKind.DELETE, 4, 2L, "b", 1L)
              .build());
      assertThat(harness.take(0)).containsExactly("+I[1, a, 11]@2");
      harness.process(
          rows()
              .row(RowKind.UPDATE_BEFORE, 5, 1L, "a", 11L)
              .row(RowKind.UPDATE_AFTER, 5, 1L, "a", 11L)
              .build());
      assertThat(harness.take(0)).isEmpty();
    }
  }

  @Test
  void rowThatIsTakenBackAndIsNotThere_isFiltered_andKeepsNothing() {
    try (OperatorHarness harness = harness()) {
      harness.process(rows().row(RowKind.INSERT, 1, 1L, "a", 10L).build());
      long held = harness.state().estimatedBytes();
      for (int i = 0; i < 50; i++) {
        harness.process(rows().row(RowKind.DELETE, 2, 1L, "other " + i, 10L).build());
      }
      harness.process(rows().row(RowKind.DELETE, 2, 1L, "a", 11L).build());
      assertThat(harness.take(0)).containsExactly("+I[1, a, 10]@1");
      assertThat(harness.ledger().filtered()).isEqualTo(51);
      assertThat(harness.state().estimatedBytes()).isLessThan(held * 2);
    }
  }

  /** How many rows share a key, and how many ids there are: few ids have equal rows. */
  record Case(int names, int ids, long seed) {
    Script script() {
      Random random = new Random(seed);
      Script.Builder script = Script.of(SCHEMA);
      List<Object[]> there = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        if (!there.isEmpty() && random.nextInt(5) < 2) {
          Object[] gone = there.remove(random.nextInt(there.size()));
          boolean isUpdate = random.nextBoolean();
          script.row(0, isUpdate ? RowKind.UPDATE_BEFORE : RowKind.DELETE, i, gone);
          if (isUpdate) {
            there.add(row(random, gone[0]));
            script.row(0, RowKind.UPDATE_AFTER, i, there.get(there.size() - 1));
          }
        } else {
          there.add(row(random, (long) random.nextInt(ids)));
          script.row(0, RowKind.INSERT, i, there.get(there.size() - 1));
        }
        if (random.nextInt(8) == 0) {
          script.cut();
        }
      }
      return script.end();
    }

    private Object[] row(Random random, Object id) {
      Object name = random.nextInt(10) == 0 ? null : "name " + random.nextInt(names);
      return new Object[] {id, name, (long) random.nextInt(3)};
    }
  }

  static List<Case> cases() {
    return LongStream.range(0, 24)
        .mapToObj(seed -> new Case(seed % 3 == 0 ? 1 : 6, seed % 2 == 0 ? 2 : 1000, seed))
        .toList();
  }

  private static Collection<String> expected(Script script) {
    Map<String, List<List<Object>>> tables = new TreeMap<>();
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        List<List<Object>> table =
            tables.computeIfAbsent(String.valueOf(row.values().get(1)), name -> new ArrayList<>());
        if (row.kind().isRetraction()) {
          table.remove(table.lastIndexOf(row.values()));
        } else {
          table.add(row.values());
        }
      }
    }
    return tables.values().stream()
        .filter(table -> !table.isEmpty())
        .map(table -> table.get(table.size() - 1).toString())
        .toList();
  }

  /** What upserts leave, each of a kind that fits what was there. */
  private static Collection<String> upserted(List<EventRecord> changes) {
    Map<String, String> table = new TreeMap<>();
    for (EventRecord change : changes) {
      String name = String.valueOf(change.get("name"));
      String row = Tables.values(change);
      switch (change.rowKind()) {
        case INSERT -> assertThat(table.put(name, row)).isNull();
        case UPDATE_AFTER -> assertThat(table.put(name, row)).isNotNull().isNotEqualTo(row);
        case DELETE -> assertThat(table.remove(name)).isEqualTo(row);
        case UPDATE_BEFORE -> throw new AssertionError(row + " is taken back");
      }
    }
    return table.values();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void upserts_leaveTheLastRowStandingOfEachKey_inEveryMode(Case c) {
    Script script = c.script();
    Collection<String> expected = expected(script);
    assertThat(expected).isNotEmpty();
    StageHarness.of(MaterializeOperatorTest::byName, Exchange.hash(1), 1)
        .inOrderOfArrival()
        .share(c.seed(), 4)
        .view(0, MaterializeOperatorTest::upserted)
        .assertEverywhere(script, expected);
  }
}
