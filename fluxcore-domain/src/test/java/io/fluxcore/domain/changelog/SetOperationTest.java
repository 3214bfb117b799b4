package io.fluxcore.domain.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.changelog.SetOperation.Kind;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Pipeline;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import io.fluxcore.domain.keyed.TimeToLive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What two streams have in common, or one has and the other has not. */
class SetOperationTest {
  private static final Schema LEFT =
      Schema.builder().field("url", DataType.STRING).field("size", DataType.LONG).build();

  /** The same fields in another order, and one more. */
  private static final Schema RIGHT =
      Schema.builder()
          .field("size", DataType.LONG)
          .field("note", DataType.STRING)
          .field("url", DataType.STRING)
          .build();

  private static OperatorHarness harness(SetOperation operation) {
    return OperatorHarness.of(() -> operation.operator(List.of(LEFT, RIGHT), LEFT));
  }

  private static void left(OperatorHarness harness, RowKind kind, long time, String url) {
    harness.process(0, new EventBatchBuilder(LEFT, 1).row(kind, time, url, 1L).build());
  }

  private static void right(OperatorHarness harness, RowKind kind, long time, String url) {
    harness.process(1, new EventBatchBuilder(RIGHT, 1).row(kind, time, 1L, "note", url).build());
  }

  @Test
  void except_givesARowUntilTheOtherInputHasIt_andAgainWhenItHasItNoMore() {
    try (OperatorHarness harness = harness(new SetOperation(Kind.EXCEPT, false, null))) {
      left(harness, RowKind.INSERT, 1, "a");
      left(harness, RowKind.INSERT, 2, "a");
      right(harness, RowKind.INSERT, 3, "a");
      right(harness, RowKind.DELETE, 4, "a");
      assertThat(harness.take(0)).containsExactly("+I[a, 1]@1", "-D[a, 1]@3", "+I[a, 1]@4");
    }
  }

  @Test
  void intersectAll_countsEqualRowsEach_nullsIncluded() {
    try (OperatorHarness harness = harness(new SetOperation(Kind.INTERSECT, true, null))) {
      right(harness, RowKind.INSERT, 1, null);
      right(harness, RowKind.INSERT, 2, null);
      left(harness, RowKind.INSERT, 3, null);
      left(harness, RowKind.INSERT, 4, null);
      left(harness, RowKind.INSERT, 5, null);
      assertThat(harness.take(0)).containsExactly("+I[null, 1]@3", "+I[null, 1]@4");
    }
  }

  @Test
  void rowThatIsForgotten_beginsAnew() {
    TimeToLive life = TimeToLive.ofEventTime(Duration.ofMillis(100));
    try (OperatorHarness harness = harness(new SetOperation(Kind.INTERSECT, false, life))) {
      left(harness, RowKind.INSERT, 10, "a");
      harness.watermark(200).restore(harness.snapshot());
      right(harness, RowKind.INSERT, 201, "a");
      assertThat(harness.take(0)).isEmpty();
    }
  }

  /** An operation, and the seed of its input. */
  record Case(Kind kind, boolean all, long seed) {}

  static Stream<Case> cases() {
    return LongStream.range(0, 12)
        .mapToObj(seed -> new Case(Kind.values()[(int) seed % 2], seed % 4 < 2, seed));
  }

  private static Pipeline pipeline(SetOperation operation) {
    return Pipeline.builder()
        .stage(
            () -> List.of(Pipeline.node("set", operation.operator(List.of(LEFT, RIGHT), LEFT), 0)))
        .input(Exchange.hash(0, 1), 0, 0, 0)
        .input(Exchange.hash(2, 0), 0, 0, 1)
        .output(0, 0)
        .build();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void randomChangelogs_makeTheTableByDefinition_inEveryMode(Case c) {
    Random random = new Random(c.seed());
    Script.Builder script = Script.of(LEFT, RIGHT);
    List<List<String>> tables = List.of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 200; i++) {
      int input = random.nextInt(2);
      List<String> table = tables.get(input);
      boolean takesBack = !table.isEmpty() && random.nextInt(3) == 0;
      String url =
          takesBack ? table.remove(random.nextInt(table.size())) : "url " + random.nextInt(6);
      if (!takesBack) {
        table.add(url);
      }
      RowKind kind = takesBack ? RowKind.DELETE : RowKind.INSERT;
      Object[] values = input == 0 ? new Object[] {url, 1L} : new Object[] {1L, "note " + i, url};
      if (takesBack && input == 1) {
        values[1] = null; // what is not compared may differ
      }
      script.row(input, kind, i, values);
      if (random.nextInt(7) == 0) {
        script.cut();
      }
    }
    StageHarness.of(pipeline(new SetOperation(c.kind(), c.all(), null)))
        .inOrderOfArrival()
        .share(c.seed(), 4)
        .view(0, Tables::of)
        .assertEverywhere(script.end(), List.of(expected(c, tables.get(0), tables.get(1))));
  }

  private static List<String> expected(Case c, List<String> left, List<String> right) {
    TreeSet<String> urls = new TreeSet<>(left);
    List<String> rows = new ArrayList<>();
    for (String url : urls) {
      int there = Collections.frequency(left, url);
      int others = Collections.frequency(right, url);
      int times =
          c.kind() == Kind.INTERSECT ? Math.min(there, others) : Math.max(0, there - others);
      if (!c.all()) {
        times = (others > 0) == (c.kind() == Kind.INTERSECT) ? 1 : 0;
      }
      rows.addAll(Collections.nCopies(times, "[" + url + ", 1]"));
    }
    return rows;
  }
}
