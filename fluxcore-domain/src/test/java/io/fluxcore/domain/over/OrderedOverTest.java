package io.fluxcore.domain.over;

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
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row with what the rows around it, in an order of fields, come to. */
class OrderedOverTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("shop", DataType.STRING)
          .field("item", DataType.LONG)
          .field("price", DataType.LONG)
          .build();

  private static OrderedOver over(Frame frame, SortField order, OverCall... calls) {
    return new OrderedOver(
        List.of("shop"), List.of(order), frame, List.of(calls), AggregateContext.STANDARD, null);
  }

  private static OverCall sum() {
    return new OverCall.Aggregate(AggregateCall.of(AggregateCall.Kind.SUM, "item", "sum"));
  }

  private static OperatorHarness harness(OrderedOver over) {
    return OperatorHarness.of(() -> over.operator(SCHEMA, SCHEMA));
  }

  @Test
  void rowThatComesBetweenOthers_changesThoseBehindIt() {
    OrderedOver over = over(Frame.unbounded(), SortField.ascending("price"), sum());
    try (OperatorHarness harness = harness(over)) {
      harness.row(SCHEMA, 1, "s", 1L, 10L).row(SCHEMA, 2, "s", 2L, 30L).take(0);
      harness.row(SCHEMA, 3, "s", 5L, 20L);
      assertThat(harness.take(0))
          .containsExactly("-U[s, 2, 30, 3]@3", "+I[s, 5, 20, 6]@3", "+U[s, 2, 30, 8]@3");
    }
  }

  @Test
  void rowThatIsTakenBack_changesThoseBehindIt_andOneThatIsNotThereNothing() {
    OrderedOver over = over(Frame.unbounded(), SortField.ascending("price"), sum());
    try (OperatorHarness harness = harness(over)) {
      harness.row(SCHEMA, 1, "s", 1L, 10L).row(SCHEMA, 2, "s", 2L, 30L).take(0);
      harness.process(
          new EventBatchBuilder(SCHEMA, 1).row(RowKind.DELETE, 3, "s", 1L, 10L).build());
      assertThat(harness.take(0))
          .containsExactly("-D[s, 1, 10, 1]@3", "-U[s, 2, 30, 3]@3", "+U[s, 2, 30, 2]@3");
      harness.process(
          new EventBatchBuilder(SCHEMA, 1).row(RowKind.DELETE, 4, "s", 9L, 10L).build());
      assertThat(harness.take(0)).isEmpty();
      assertThat(harness.ledger().filtered()).isEqualTo(1);
    }
  }

  @Test
  void nulls_areWhereTheOrderHasThem() {
    SortField last = SortField.ascending("price").withNullsFirst(false);
    OverCall number = new OverCall.Numbering("number", OverCall.Numbering.Kind.ROW_NUMBER);
    try (OperatorHarness harness = harness(over(Frame.unbounded(), last, number))) {
      harness.process(
          new EventBatchBuilder(SCHEMA, 2).row(1, "s", 1L, null).row(1, "s", 2L, 7L).build());
      assertThat(harness.take(0)).containsExactly("+I[s, 2, 7, 1]@1", "+I[s, 1, null, 2]@1");
    }
  }

  @Test
  void descriptions_sayFrameAndOrder() {
    assertThat(over(new Frame(Frame.Unit.ROWS, 2, 1), SortField.descending("price"), sum()))
        .hasToString(
            "sum(item) as sum over between 2 rows preceding and 1 rows following in order of price"
                + " desc by shop");
  }

  static Stream<Long> seeds() {
    return Stream.iterate(1L, seed -> seed + 1).limit(60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomChangelogs_areByDefinition_inEveryMode(long seed) {
    Random random = new Random(seed);
    Frame frame = randomFrame(random);
    SortField order = new SortField("price", random.nextBoolean(), random.nextBoolean());
    List<OverCall> calls = new ArrayList<>();
    for (OverCall.Numbering.Kind kind : OverCall.Numbering.Kind.values()) {
      calls.add(new OverCall.Numbering(kind.name(), kind));
    }
    calls.add(new OverCall.Tile("tile", 1 + random.nextInt(4)));
    calls.add(new OverCall.Lag("lag", "item", 1 + random.nextInt(3)));
    calls.add(
        new OverCall.Lead(
            "lead", "item", 1 + random.nextInt(3), random.nextBoolean() ? -7L : null));
    calls.add(value("first", OverCall.Value.End.FIRST, random));
    calls.add(value("last", OverCall.Value.End.LAST, random));
    calls.add(sum());
    calls.add(new OverCall.Aggregate(AggregateCall.of(AggregateCall.Kind.MAX, "item", "max")));
    calls.add(new OverCall.Aggregate(AggregateCall.countAll("count")));
    OrderedOver over = over(frame, order, calls.toArray(OverCall[]::new));
    Script.Builder script = Script.of(SCHEMA);
    List<Object[]> table = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      if (!table.isEmpty() && random.nextInt(4) == 0) {
        script.row(0, RowKind.DELETE, i, table.remove(random.nextInt(table.size())));
      } else {
        // rows of one place are in the order of arrival: no two of them where rows are numbered
        Object price = random.nextInt(10) == 0 ? null : (Object) (long) random.nextInt(12);
        Object[] row = {
          "shop " + random.nextInt(2),
          (long) i,
          table.stream().anyMatch(r -> java.util.Objects.equals(r[2], price))
              ? (long) 100 + i
              : price
        };
        table.add(row);
        script.row(i, row);
      }
    }
    StageHarness.of(() -> over.operator(SCHEMA, SCHEMA), Exchange.hash(0), 1)
        .inOrderOfArrival()
        .view(0, Tables::of)
        .assertEverywhere(script.end(), List.of(expected(table, over)));
  }

  /** Rows of one place: what does not hang on their order among each other. */
  @ParameterizedTest
  @MethodSource("seeds")
  void randomPeers_areByDefinition_inEveryMode(long seed) {
    Random random = new Random(seed);
    Frame frame =
        new Frame(
            Frame.Unit.RANGE,
            random.nextInt(3) == 0 ? Frame.UNBOUNDED : random.nextInt(3),
            random.nextInt(3));
    OrderedOver over =
        over(
            frame,
            new SortField("price", random.nextBoolean()),
            new OverCall.Numbering("rank", OverCall.Numbering.Kind.RANK),
            new OverCall.Numbering("dense", OverCall.Numbering.Kind.DENSE_RANK),
            new OverCall.Numbering("share", OverCall.Numbering.Kind.CUME_DIST),
            sum(),
            new OverCall.Aggregate(AggregateCall.of(AggregateCall.Kind.MIN, "item", "min")));
    Script.Builder script = Script.of(SCHEMA);
    List<Object[]> table = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      if (!table.isEmpty() && random.nextInt(3) == 0) {
        script.row(0, RowKind.DELETE, i, table.remove(random.nextInt(table.size())));
      } else {
        Object[] row = {"s", (long) random.nextInt(5), (long) random.nextInt(6)};
        table.add(row);
        script.row(i, row);
      }
    }
    StageHarness.of(() -> over.operator(SCHEMA, SCHEMA), Exchange.hash(0), 1)
        .inOrderOfArrival()
        .view(0, Tables::of)
        .assertEverywhere(script.end(), List.of(expected(table, over)));
  }

  private static OverCall.Value value(String output, OverCall.Value.End end, Random random) {
    return new OverCall.Value(output, "price", end, 1 + random.nextInt(2), random.nextBoolean());
  }

  private static Frame randomFrame(Random random) {
    Frame.Unit unit = Frame.Unit.values()[random.nextInt(2)];
    long one = random.nextInt(9) - 4;
    long other = random.nextInt(9) - 4;
    long preceding = random.nextInt(4) == 0 ? Frame.UNBOUNDED : -Math.min(one, other);
    long following = random.nextInt(4) == 0 ? Frame.UNBOUNDED : Math.max(one, other);
    return new Frame(unit, preceding, following);
  }

  private static List<String> expected(List<Object[]> table, OrderedOver over) {
    Map<Object, List<Object[]>> shops = new TreeMap<>();
    table.forEach(row -> shops.computeIfAbsent(row[0], shop -> new ArrayList<>()).add(row));
    List<String> all = new ArrayList<>();
    for (List<Object[]> rows : shops.values()) {
      rows.sort(comparator(over.orderBy().get(0)));
      for (int i = 0; i < rows.size(); i++) {
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(rows.get(i)));
        for (OverCall call : over.calls()) {
          values.add(naive(call, rows, i, over));
        }
        all.add(values.toString());
      }
    }
    return all;
  }

  private static Comparator<Object[]> comparator(SortField order) {
    Comparator<Long> values =
        order.descending() ? Comparator.reverseOrder() : Comparator.naturalOrder();
    return Comparator.comparing(
        row -> (Long) row[2],
        order.nullsFirst() ? Comparator.nullsFirst(values) : Comparator.nullsLast(values));
  }

  private static @Nullable Object naive(
      OverCall call, List<Object[]> rows, int i, OrderedOver over) {
    Comparator<Object[]> order = comparator(over.orderBy().get(0));
    int size = rows.size();
    long before = rows.stream().filter(row -> order.compare(row, rows.get(i)) < 0).count();
    long upTo = rows.stream().filter(row -> order.compare(row, rows.get(i)) <= 0).count();
    if (call instanceof OverCall.Numbering number) {
      return switch (number.kind()) {
        case ROW_NUMBER -> i + 1L;
        case RANK -> before + 1;
        case DENSE_RANK ->
            rows.stream()
                .map(row -> row[2])
                .filter(p -> order.compare(new Object[] {0, 0, p}, rows.get(i)) <= 0)
                .distinct()
                .count();
        case PERCENT_RANK -> size == 1 ? 0.0 : before / (double) (size - 1);
        case CUME_DIST -> upTo / (double) size;
      };
    }
    if (call instanceof OverCall.Tile tile) {
      List<Long> tiles = new ArrayList<>();
      for (long group = 1; group <= tile.groups(); group++) {
        long members = size / tile.groups() + (group <= size % tile.groups() ? 1 : 0);
        for (long member = 0; member < members; member++) {
          tiles.add(group);
        }
      }
      return tiles.get(i);
    }
    if (call instanceof OverCall.Lag lag) {
      return i - lag.rows() < 0 ? null : rows.get(i - lag.rows())[1];
    }
    if (call instanceof OverCall.Lead lead) {
      return i + lead.rows() >= size ? lead.otherwise() : rows.get(i + lead.rows())[1];
    }
    List<Object[]> frame = new ArrayList<>();
    for (int j = 0; j < size; j++) {
      if (isIn(over.frame(), over.orderBy().get(0), rows, i, j)) {
        frame.add(rows.get(j));
      }
    }
    if (call instanceof OverCall.Value value) {
      List<Object[]> seen =
          frame.stream().filter(row -> !value.skipsNulls() || row[2] != null).toList();
      long at =
          value.end() == OverCall.Value.End.FIRST
              ? value.position() - 1
              : seen.size() - value.position();
      return at < 0 || at >= seen.size() ? null : seen.get((int) at)[2];
    }
    return switch (((OverCall.Aggregate) call).call().kind()) {
      case SUM ->
          frame.isEmpty() ? null : (Object) frame.stream().mapToLong(row -> (Long) row[1]).sum();
      case MAX ->
          frame.isEmpty()
              ? null
              : (Object) frame.stream().mapToLong(row -> (Long) row[1]).max().getAsLong();
      case MIN ->
          frame.isEmpty()
              ? null
              : (Object) frame.stream().mapToLong(row -> (Long) row[1]).min().getAsLong();
      default -> (long) frame.size();
    };
  }

  private static boolean isIn(Frame frame, SortField order, List<Object[]> rows, int i, int j) {
    if (frame.unit() == Frame.Unit.ROWS) {
      return (frame.preceding() == Frame.UNBOUNDED || j >= i - frame.preceding())
          && (frame.following() == Frame.UNBOUNDED || j <= i + frame.following());
    }
    return isAbove(frame.preceding(), order, rows, i, j)
        && isBelow(frame.following(), order, rows, i, j);
  }

  private static boolean isAbove(
      long preceding, SortField order, List<Object[]> rows, int i, int j) {
    if (preceding == Frame.UNBOUNDED) {
      return true;
    }
    Long of = (Long) rows.get(i)[2];
    Long other = (Long) rows.get(j)[2];
    if (of == null || other == null) {
      return comparator(order).compare(rows.get(j), rows.get(i)) >= 0;
    }
    return order.descending() ? other <= of + preceding : other >= of - preceding;
  }

  private static boolean isBelow(
      long following, SortField order, List<Object[]> rows, int i, int j) {
    if (following == Frame.UNBOUNDED) {
      return true;
    }
    Long of = (Long) rows.get(i)[2];
    Long other = (Long) rows.get(j)[2];
    if (of == null || other == null) {
      return comparator(order).compare(rows.get(j), rows.get(i)) <= 0;
    }
    return order.descending() ? other >= of - following : other <= of + following;
  }
}
