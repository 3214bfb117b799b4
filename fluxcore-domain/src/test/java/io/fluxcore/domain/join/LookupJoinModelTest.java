package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Outcome;
import io.fluxcore.domain.harness.Pipeline;
import io.fluxcore.domain.harness.Recovery;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.Trigger;
import io.fluxcore.domain.window.WindowAggregation;
import io.fluxcore.domain.window.WindowSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lookup joins against a search through the table, in every mode of the harness: calls end in
 * random order while rows come, and are open at most snapshots, restores and crashes.
 */
class LookupJoinModelTest {
  private static final int SHARES = 6;
  private static final int KEYS = 9;

  private static final Schema ORDERS =
      Schema.builder().field("item", DataType.LONG).field("n", DataType.LONG).build();

  private static final Schema ITEMS =
      Schema.builder().field("name", DataType.STRING).field("price", DataType.DOUBLE).build();

  private static final JoinFields FIELDS =
      new JoinFields(
          ORDERS,
          ITEMS,
          List.of(
              new JoinFields.Joined(1, 1, "price"),
              new JoinFields.Joined(0, 1, "n"),
              new JoinFields.Joined(0, 0, "item")),
          3);

  /** What is random about a case. */
  record Case(JoinType type, boolean ordered, int inFlight, int batch, boolean cached, long seed) {
    /** Which rows an item has, of one field, since nobody wants the other one. */
    MemoryLookup table() {
      MemoryLookup table = new MemoryLookup(batch);
      Random random = new Random(seed);
      for (long item = 0; item < KEYS; item++) {
        for (int rows = random.nextInt(4) - 1; rows > 0; rows--) {
          table.row(List.of(item), random.nextInt(100) * 0.25);
        }
        if (random.nextInt(6) == 0) {
          table.refuse(List.of(item), "out of order");
        }
      }
      return table;
    }

    LookupJoin join() {
      return new LookupJoin(
          type,
          FIELDS,
          List.of("item"),
          new LookupCalls(ordered, inFlight, 5, Duration.ofSeconds(1)),
          cached ? new LookupCache(4, Duration.ofSeconds(9), Duration.ofSeconds(9)) : null);
    }

    Script script() {
      Random random = new Random(seed);
      Script.Builder script = Script.of(ORDERS);
      for (int i = 0; i < 200; i++) {
        Long item = random.nextInt(12) == 0 ? null : (long) random.nextInt(KEYS);
        script.row(i * 10L, item, (long) i);
        if (random.nextInt(9) == 0) {
          script.watermark(i * 10L);
        } else if (random.nextInt(9) == 0) {
          script.processingTime(i * 1_000L);
        } else if (random.nextInt(6) == 0) {
          script.cut();
        }
      }
      return script.end();
    }
  }

  static Stream<Case> cases() {
    return LongStream.range(0, 18)
        .mapToObj(
            seed -> {
              Random random = new Random(seed);
              return new Case(
                  seed % 2 == 0 ? JoinType.INNER : JoinType.LEFT,
                  random.nextBoolean(),
                  1 + random.nextInt(3),
                  List.of(1, 3, 100).get(random.nextInt(3)),
                  random.nextBoolean(),
                  seed);
            });
  }

  /** What a search through the table gives for a row. */
  private static List<String> found(Case c, MemoryLookup table, Script.Row row) {
    List<String> texts = new ArrayList<>();
    Object item = row.values().get(0);
    Found found = item == null ? Found.ABSENT : table.find(List.of(item));
    if (found.error() == null) {
      for (@Nullable Object[] match : found.rows()) {
        texts.add(text(row, match[0]));
      }
      if (found.rows().isEmpty() && c.type() == JoinType.LEFT) {
        texts.add(text(row, null));
      }
    }
    return texts;
  }

  private static String text(Script.Row row, @Nullable Object price) {
    return "+I["
        + price
        + ", "
        + row.values().get(1)
        + ", "
        + row.values().get(0)
        + "]@"
        + row.timestamp();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void results_areThoseOfASearch_inEveryMode(Case c) {
    MemoryLookup table = c.table();
    Script script = c.script();
    List<String> expected = new ArrayList<>();
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        expected.addAll(found(c, table, row));
      }
    }
    StageHarness.of(() -> c.join().operator(table), Exchange.hash(0), 1)
        .share(c.seed(), SHARES)
        .assertEverywhere(script, expected);
    if (c.ordered()) {
      Outcome plain =
          StageHarness.of(() -> c.join().operator(table), Exchange.hash(0), 1)
              .run(script, Mode.PLAIN.with(Recovery.RESTORE));
      assertThat(plain.texts(0)).isEqualTo(expected);
      assertThat(plain.restores()).isPositive();
    }
  }

  /** No row may come behind a watermark that it came before. */
  @ParameterizedTest
  @MethodSource("cases")
  void windowBehindTheJoin_hasNoLateRows_inEveryMode(Case c) {
    MemoryLookup table = c.table();
    Script script = c.script();
    WindowAggregation counts =
        new WindowAggregation(
            List.of("item"),
            WindowSpec.tumbling(100, 0),
            List.of(AggregateCall.countAll("rows")),
            0,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.EVENT,
            Trigger.onWatermark(),
            AggregateContext.STANDARD);
    Map<String, Integer> byWindow = new TreeMap<>();
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        int rows = found(c, table, row).size();
        if (rows > 0) {
          long start = row.timestamp() / 100;
          byWindow.merge(row.values().get(0) + " " + start, rows, Integer::sum);
        }
      }
    }
    List<String> expected =
        byWindow.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
    Pipeline pipeline =
        Pipeline.chain(
            () -> List.of(c.join().operator(table), counts.operator(FIELDS.output())),
            Exchange.hash(0),
            2);
    StageHarness.of(pipeline)
        .share(c.seed(), SHARES)
        .view(0, rows -> rows.stream().map(LookupJoinModelTest::window).toList())
        .assertEverywhere(script, List.of(expected, List.of()));
  }

  private static String window(EventRecord row) {
    return row.get("item") + " " + row.timestamp() / 100 + " " + row.getLong("rows");
  }
}
