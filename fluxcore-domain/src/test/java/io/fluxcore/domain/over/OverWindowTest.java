package io.fluxcore.domain.over;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Pipeline;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.sort.EventTimeSort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows with what the rows before them come to. */
class OverWindowTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("user", DataType.STRING)
          .field("price", DataType.LONG)
          .field("id", DataType.LONG)
          .build();

  private static final List<OverCall> CALLS =
      List.of(
          new OverCall.Numbering("number", OverCall.Numbering.Kind.ROW_NUMBER),
          new OverCall.Numbering("rank", OverCall.Numbering.Kind.RANK),
          new OverCall.Numbering("dense", OverCall.Numbering.Kind.DENSE_RANK),
          new OverCall.Lag("before", "price", 1),
          new OverCall.Lag("third", "id", 3),
          new OverCall.Aggregate(AggregateCall.of(AggregateCall.Kind.SUM, "price", "sum")),
          new OverCall.Aggregate(AggregateCall.of(AggregateCall.Kind.MAX, "price", "max")),
          new OverCall.Aggregate(AggregateCall.countAll("count")));

  private static final List<OverCall> AHEAD =
      Stream.concat(
              CALLS.stream(),
              Stream.of(
                  new OverCall.Lead("next", "price", 1, null),
                  new OverCall.Lead("later", "id", 3, -1L),
                  new OverCall.Lead("priceLater", "price", 3, 4L)))
          .toList();

  private static OverWindow over(Frame frame, List<OverCall> calls) {
    return new OverWindow(List.of("user"), frame, calls, AggregateContext.STANDARD);
  }

  private static List<OverCall> sum() {
    return List.of(
        new OverCall.Aggregate(AggregateCall.of(AggregateCall.Kind.SUM, "price", "sum")));
  }

  @Test
  void rows_areGivenAtOnce_withTheRowsBeforeThem() {
    OverWindow over = over(Frame.rows(1), sum());
    try (OperatorHarness harness = OperatorHarness.of(() -> over.operator(SCHEMA, SCHEMA))) {
      harness.row(SCHEMA, 1, "a", 5L, 1L).row(SCHEMA, 1, "a", 3L, 2L).row(SCHEMA, 4, "a", 2L, 3L);
      assertThat(harness.take(0))
          .containsExactly("+I[a, 5, 1, 5]@1", "+I[a, 3, 2, 8]@1", "+I[a, 2, 3, 5]@4");
    }
  }

  @Test
  void range_hasTheRowsOfOneTimeInEachOthersFrames_whenThatTimeHasPassed() {
    OverWindow over = over(Frame.range(Duration.ofMillis(10)), sum());
    try (OperatorHarness harness = OperatorHarness.of(() -> over.operator(SCHEMA, SCHEMA))) {
      harness.row(SCHEMA, 1, "a", 5L, 1L).row(SCHEMA, 1, "a", 3L, 2L);
      assertThat(harness.take(0)).isEmpty();
      harness.restore(harness.snapshot()).row(SCHEMA, 11, "a", 2L, 3L);
      assertThat(harness.take(0)).containsExactly("+I[a, 5, 1, 8]@1", "+I[a, 3, 2, 8]@1");
      harness.row(SCHEMA, 12, "a", 1L, 4L).watermark(12);
      assertThat(harness.take(0)).containsExactly("+I[a, 2, 3, 10]@11", "+I[a, 1, 4, 3]@12");
    }
  }

  @Test
  void rowThatLooksAhead_isReplacedWhenTheLaterOneComes() {
    OverWindow over =
        over(
            Frame.rows(0),
            List.of(
                new OverCall.Lead("next", "price", 1, null),
                new OverCall.Lead("later", "id", 2, -1L)));
    try (OperatorHarness harness = OperatorHarness.of(() -> over.operator(SCHEMA, SCHEMA))) {
      harness.row(SCHEMA, 1, "a", 5L, 1L).row(SCHEMA, 2, "b", 7L, 2L).row(SCHEMA, 3, "a", 6L, 3L);
      assertThat(harness.take(0))
          .containsExactly(
              "+I[a, 5, 1, null, -1]@1",
              "+I[b, 7, 2, null, -1]@2",
              "-U[a, 5, 1, null, -1]@3",
              "+U[a, 5, 1, 6, -1]@3",
              "+I[a, 6, 3, null, -1]@3");
      harness.restore(harness.snapshot()).row(SCHEMA, 4, "a", null, 4L);
      assertThat(harness.take(0))
          .as("null is what was there before")
          .containsExactly(
              "-U[a, 5, 1, 6, -1]@4", "+U[a, 5, 1, 6, 4]@4", "+I[a, null, 4, null, -1]@4");
    }
  }

  /** A frame, and the seed of the input. */
  record Case(Frame frame, long seed) {}

  static Stream<Case> cases() {
    return Stream.of(
            Frame.unbounded(),
            new Frame(Frame.Unit.ROWS, Frame.UNBOUNDED),
            Frame.rows(0),
            Frame.rows(2),
            Frame.rows(50),
            Frame.range(Duration.ZERO),
            Frame.range(Duration.ofMillis(7)),
            Frame.range(Duration.ofMillis(200)))
        .flatMap(frame -> Stream.of(new Case(frame, 1), new Case(frame, 2)));
  }

  private static Pipeline pipeline(OverWindow over) {
    EventTimeSort sort =
        new EventTimeSort(
            List.of("user"), List.of(SortField.ascending("id")), EventTimeSort.DEFAULT_MAX_ROWS);
    return Pipeline.chain(
        () -> List.of(sort.operator(SCHEMA), over.operator(SCHEMA, SCHEMA)), Exchange.hash(0), 1);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void behindASort_isByDefinition_inEveryMode(Case c) {
    List<Row> rows = new ArrayList<>();
    Script script = script(c, rows);
    StageHarness.of(pipeline(over(c.frame(), CALLS)))
        .share(c.seed(), 2)
        .view(0, Rows::texts)
        .assertEverywhere(script, List.of(expected(rows, c.frame())));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsThatLookAhead_areByDefinition_inEveryMode(Case c) {
    List<Row> rows = new ArrayList<>();
    Script script = script(c, rows);
    StageHarness.of(pipeline(over(c.frame(), AHEAD)))
        .share(c.seed(), 2)
        .view(0, Rows::texts)
        .assertEverywhere(script, List.of(expectedAhead(rows, c.frame())));
  }

  private static Script script(Case c, List<Row> rows) {
    Random random = new Random(c.seed());
    Script.Builder script = Script.of(SCHEMA);
    for (int i = 0; i < 160; i++) {
      Row row =
          new Row(
              i + random.nextInt(12),
              random.nextInt(9) == 0 ? null : "user " + random.nextInt(3),
              random.nextInt(9) == 0 ? null : random.nextLong(6),
              i);
      rows.add(row);
      script.row(row.time(), row.user(), row.price(), row.id());
      if (random.nextInt(8) == 0) {
        script.watermark(i - 1L);
      }
      if (random.nextInt(6) == 0) {
        script.cut();
      }
    }
    return script.end();
  }

  private record Row(long time, @Nullable String user, @Nullable Long price, long id) {}

  private static Collection<List<Row>> byUser(List<Row> rows) {
    TreeMap<String, List<Row>> users = new TreeMap<>();
    rows.forEach(
        row -> users.computeIfAbsent(String.valueOf(row.user()), u -> new ArrayList<>()).add(row));
    users
        .values()
        .forEach(u -> u.sort(Comparator.comparingLong(Row::time).thenComparingLong(Row::id)));
    return users.values();
  }

  private static List<String> expected(List<Row> rows, Frame frame) {
    List<String> expected = new ArrayList<>();
    for (List<Row> user : byUser(rows)) {
      for (int i = 0; i < user.size(); i++) {
        expected.add("+I[" + expected(user, i, frame) + "]@" + user.get(i).time());
      }
    }
    return expected;
  }

  /** The table after each row, and what changes from one to the next. */
  private static List<String> expectedAhead(List<Row> rows, Frame frame) {
    List<String> expected = new ArrayList<>();
    for (List<Row> user : byUser(rows)) {
      for (int i = 0; i < user.size(); i++) {
        String suffix = "]@" + user.get(i).time();
        for (int j = 0; j <= i; j++) {
          String row = expected(user, j, frame) + ", ";
          String after = row + ahead(user, j, i);
          String before = row + ahead(user, j, i - 1);
          if (j == i) {
            expected.add("+I[" + after + suffix);
          } else if (!before.equals(after)) {
            expected.add("-U[" + before + suffix);
            expected.add("+U[" + after + suffix);
          }
        }
      }
    }
    return expected;
  }

  /** What a row looks ahead for when there are rows up to the last one. */
  private static String ahead(List<Row> user, int index, int last) {
    return (index + 1 > last ? null : user.get(index + 1).price())
        + ", "
        + (index + 3 > last ? -1 : user.get(index + 3).id())
        + ", "
        + (index + 3 > last ? Long.valueOf(4) : user.get(index + 3).price());
  }

  private static String expected(List<Row> user, int index, Frame frame) {
    Row row = user.get(index);
    List<Row> framed = new ArrayList<>();
    for (int i = 0; i < user.size(); i++) {
      Row other = user.get(i);
      boolean isIn =
          frame.unit() == Frame.Unit.ROWS
              ? i <= index && index - i <= frame.preceding()
              : other.time() <= row.time() && row.time() - other.time() <= frame.preceding();
      if (isIn) {
        framed.add(other);
      }
    }
    List<Long> prices = framed.stream().map(Row::price).filter(Objects::nonNull).toList();
    long before = user.stream().filter(other -> other.time() < row.time()).count();
    long times = user.stream().map(Row::time).filter(time -> time <= row.time()).distinct().count();
    return row.user()
        + ", "
        + row.price()
        + ", "
        + row.id()
        + ", "
        + (index + 1)
        + ", "
        + (before + 1)
        + ", "
        + times
        + ", "
        + (index < 1 ? null : user.get(index - 1).price())
        + ", "
        + (index < 3 ? null : user.get(index - 3).id())
        + ", "
        + (prices.isEmpty() ? null : prices.stream().mapToLong(Long::longValue).sum())
        + ", "
        + prices.stream().max(Long::compare).orElse(null)
        + ", "
        + framed.size();
  }
}
