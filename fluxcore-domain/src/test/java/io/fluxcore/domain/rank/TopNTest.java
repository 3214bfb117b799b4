package io.fluxcore.domain.rank;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import io.fluxcore.domain.row.SortField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first rows of each key in an order. */
class TopNTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("shop", DataType.STRING)
          .field("item", DataType.STRING)
          .field("sold", DataType.LONG)
          .build();

  private static final Schema WINDOWED =
      Schema.builder()
          .field("item", DataType.STRING)
          .field("window_end", DataType.TIMESTAMP_TZ)
          .field("sold", DataType.LONG)
          .build();

  private static final Instant END = Instant.ofEpochMilli(60);

  private static TopN topN(long from, long to, @Nullable String rank) {
    return new TopN(List.of("shop"), List.of(SortField.descending("sold")), from, to, rank, null);
  }

  private static OperatorHarness harness(TopN topN, boolean retracts) {
    return OperatorHarness.of(() -> topN.operator(SCHEMA, SCHEMA, retracts));
  }

  @Test
  void withRank_rowThatComesIn_movesTheOthersOn() {
    try (OperatorHarness harness = harness(topN(1, 2, "rank"), false)) {
      harness.row(SCHEMA, 1, "s", "a", 5L).row(SCHEMA, 2, "s", "b", 3L);
      harness.row(SCHEMA, 3, "s", "c", 2L).row(SCHEMA, 4, "s", "d", 7L);
      assertThat(harness.take(0))
          .containsExactly(
              "+I[s, a, 5, 1]@1",
              "+I[s, b, 3, 2]@2",
              "-U[s, a, 5, 1]@4",
              "-U[s, b, 3, 2]@4",
              "+U[s, d, 7, 1]@4",
              "+U[s, a, 5, 2]@4");
      assertThat(harness.ledger().filtered()).isEqualTo(1);
    }
  }

  @Test
  void withoutRank_rowsComeInAndGo() {
    try (OperatorHarness harness = harness(topN(1, 2, null), false)) {
      harness.row(SCHEMA, 1, "s", "a", 5L).row(SCHEMA, 2, "s", "b", 3L);
      harness.row(SCHEMA, 4, "s", "d", 7L);
      assertThat(harness.take(0))
          .containsExactly("+I[s, a, 5]@1", "+I[s, b, 3]@2", "-D[s, b, 3]@4", "+I[s, d, 7]@4");
    }
  }

  @Test
  void rowsOfOnePlace_areRankedByArrival() {
    try (OperatorHarness harness = harness(topN(1, 1, null), false)) {
      harness.row(SCHEMA, 1, "s", "a", 5L).row(SCHEMA, 2, "s", "b", 5L);
      assertThat(harness.take(0)).containsExactly("+I[s, a, 5]@1");
    }
  }

  @Test
  void rowThatIsTakenBack_letsTheNextOneIn() {
    try (OperatorHarness harness = harness(topN(1, 1, null), true)) {
      harness.row(SCHEMA, 1, "s", "a", 5L).row(SCHEMA, 2, "s", "b", 3L);
      harness.process(
          new EventBatchBuilder(SCHEMA, 1).row(RowKind.DELETE, 3, "s", "a", 5L).build());
      harness.process(
          new EventBatchBuilder(SCHEMA, 1).row(RowKind.DELETE, 4, "s", "b", 3L).build());
      assertThat(harness.take(0))
          .containsExactly("+I[s, a, 5]@1", "-D[s, a, 5]@3", "+I[s, b, 3]@3", "-D[s, b, 3]@4");
    }
  }

  @Test
  void changesOfABatchThatCancelOut_areNotGiven() {
    try (OperatorHarness harness = harness(topN(1, 1, "rank"), true)) {
      harness.row(SCHEMA, 1, "s", "a", 5L).take(0);
      harness.process(
          new EventBatchBuilder(SCHEMA, 2)
              .row(2, "s", "b", 9L)
              .row(RowKind.DELETE, 2, "s", "b", 9L)
              .build());
      assertThat(harness.take(0)).isEmpty();
    }
  }

  @Test
  void perWindow_ranksAreGivenWhenTheWindowHasPassed_andRowsAfterThatAreLate() {
    TopN topN =
        new TopN(List.of("window_end"), List.of(SortField.descending("sold")), 1, 2, "rank", null);
    try (OperatorHarness harness =
        OperatorHarness.of(() -> topN.operator(WINDOWED, WINDOWED, "window_end"))) {
      harness.row(WINDOWED, 59, "a", END, 1L).row(WINDOWED, 59, "b", END, 4L);
      harness
          .row(WINDOWED, 59, "c", END, 2L)
          .row(WINDOWED, 119, "a", Instant.ofEpochMilli(120), 9L);
      harness.watermark(58);
      assertThat(harness.take(0)).isEmpty();
      harness.restore(harness.snapshot()).watermark(59);
      assertThat(harness.take(0))
          .containsExactly(
              "+I[b, 1970-01-01T00:00:00.060Z, 4, 1]@59",
              "+I[c, 1970-01-01T00:00:00.060Z, 2, 2]@59");
      harness.row(WINDOWED, 59, "d", END, 7L);
      assertThat(harness.take(1)).containsExactly("+I[d, 1970-01-01T00:00:00.060Z, 7]@59");
      harness.row(WINDOWED, 119, "d", null, 7L);
      assertThat(harness.failures()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomChangelog_makesTheTableOfTheFirstRows(long seed) {
    Random random = new Random(seed);
    boolean retracts = seed % 2 == 0;
    long from = 1 + random.nextInt(2);
    long to = from + random.nextInt(3);
    TopN topN = topN(from, to, seed % 4 < 2 ? "rank" : null);
    Script.Builder script = Script.of(SCHEMA);
    List<Object[]> table = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      if (retracts && !table.isEmpty() && random.nextInt(3) == 0) {
        script.row(0, RowKind.DELETE, i, table.remove(random.nextInt(table.size())));
      } else {
        // no two rows of one place, whose order would hang on arrival
        Object[] row = {"shop " + random.nextInt(3), "item " + random.nextInt(5), i * 7919L % 151};
        table.add(row);
        script.row(i, row);
      }
    }
    StageHarness.of(() -> topN.operator(SCHEMA, SCHEMA, retracts), Exchange.hash(0), 1)
        .inOrderOfArrival()
        .view(0, Tables::of)
        .assertEverywhere(script.end(), List.of(expected(table, topN)));
  }

  /** Few different rows and places: rows of one place push each other in and out of the ranks. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void randomBatchesOfFewPlaces_giveWhatIsGoneThenWhatIsNew(long seed) {
    Random random = new Random(seed);
    boolean retracts = seed % 2 == 0;
    int from = 1 + random.nextInt(4);
    int to = from + random.nextInt(60);
    int most = 1 + random.nextInt(90);
    int places = 1 + random.nextInt(3);
    List<Object[]> rows = new ArrayList<>();
    try (OperatorHarness harness = harness(topN(from, to, null), retracts)) {
      for (int batch = 0; batch < 40; batch++) {
        List<String> before = view(rows, from, to);
        EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
        for (int i = random.nextInt(most); i >= 0; i--) {
          if (retracts && !rows.isEmpty() && random.nextInt(5) < 2) {
            Object[] row = rows.get(random.nextInt(rows.size()));
            rows.remove(lastOf(rows, row));
            builder.row(RowKind.DELETE, batch, row);
          } else {
            Object[] row = {"s", "item " + random.nextInt(4), (long) random.nextInt(places)};
            rows.add(row);
            builder.row(batch, row);
          }
        }
        harness.process(builder.build());
        List<String> after = view(rows, from, to);
        List<String> expected = new ArrayList<>(without(before, after, "-D"));
        int gone = expected.size();
        expected.addAll(without(after, before, "+I"));
        List<String> found = new ArrayList<>();
        harness.take(0).forEach(row -> found.add(row.substring(0, row.indexOf('@'))));
        assertThat(found).as("batch " + batch).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(found.subList(0, gone)).allMatch(row -> row.startsWith("-D"));
      }
    }
  }

  /** Of equal rows the one that came last. */
  private static int lastOf(List<Object[]> rows, Object[] row) {
    int last = rows.size() - 1;
    while (!Arrays.equals(rows.get(last), row)) {
      last--;
    }
    return last;
  }

  private static List<String> view(List<Object[]> rows, int from, int to) {
    return rows.stream()
        .sorted(Comparator.comparing((Object[] row) -> (Long) row[2]).reversed())
        .skip(from - 1)
        .limit(to - from + 1)
        .map(Arrays::toString)
        .toList();
  }

  private static List<String> without(List<String> rows, List<String> others, String kind) {
    List<String> left = new ArrayList<>(rows);
    others.forEach(left::remove);
    return left.stream().map(row -> kind + row).toList();
  }

  private static Collection<String> expected(List<Object[]> table, TopN topN) {
    TreeMap<String, List<Object[]>> shops = new TreeMap<>();
    table.forEach(row -> shops.computeIfAbsent((String) row[0], s -> new ArrayList<>()).add(row));
    List<String> rows = new ArrayList<>();
    for (List<Object[]> shop : shops.values()) {
      shop.sort(Comparator.comparing((Object[] row) -> (Long) row[2]).reversed());
      for (long rank = topN.from(); rank <= Math.min(topN.to(), shop.size()); rank++) {
        Object[] row = shop.get((int) rank - 1);
        rows.add(
            "["
                + row[0]
                + ", "
                + row[1]
                + ", "
                + row[2]
                + (topN.rankField() == null ? "" : ", " + rank)
                + "]");
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void perWindow_isByDefinition_inEveryMode(long seed) {
    Random random = new Random(seed);
    TopN topN =
        new TopN(List.of("window_end"), List.of(SortField.ascending("sold")), 1, 3, "rank", null);
    Script.Builder script = Script.of(WINDOWED);
    List<String> expected = new ArrayList<>();
    for (int window = 1; window <= 12; window++) {
      long end = window * 100L;
      List<Long> sold = new ArrayList<>();
      for (int i = 0; i < random.nextInt(9); i++) {
        long number = random.nextInt(1000) * 10L + i;
        sold.add(number);
        script.row(end - 1, "item", Instant.ofEpochMilli(end), number);
      }
      script.watermark(end - 1 + random.nextInt(30));
      sold.sort(null);
      for (int rank = 1; rank <= Math.min(3, sold.size()); rank++) {
        expected.add(
            "+I[item, "
                + Instant.ofEpochMilli(end)
                + ", "
                + sold.get(rank - 1)
                + ", "
                + rank
                + "]@"
                + (end - 1));
      }
    }
    StageHarness.of(() -> topN.operator(WINDOWED, WINDOWED, "window_end"), Exchange.hash(1), 2)
        .view(0, Rows::texts)
        .assertEverywhere(script.end(), List.of(expected, List.of()));
  }
}
