package io.fluxcore.domain.rowpattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Batching;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Outcome;
import io.fluxcore.domain.harness.Pipeline;
import io.fluxcore.domain.harness.Recovery;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.rowpattern.NaiveRowSearch.Found;
import io.fluxcore.domain.rowpattern.NaiveRowSearch.Item;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded random row patterns over random rows, against {@link NaiveRowSearch}: in batches of
 * several sizes, at several parallelisms, restored in the middle, and on state that is evicted.
 */
class RowMatchModelTest {
  private static final int CASES = 500;
  private static final Schema SCHEMA =
      Schema.builder()
          .field("key", DataType.STRING)
          .field("value", DataType.LONG)
          .field("time", DataType.LONG)
          .build();
  private static final ExpressionContext EXPRESSIONS =
      ExpressionContext.of(
          pattern -> {
            throw new UnsupportedOperationException(pattern);
          });
  private static final List<RowsPerMatch> OUTPUTS =
      List.of(
          RowsPerMatch.ONE,
          RowsPerMatch.ALL,
          RowsPerMatch.ALL_OMIT_EMPTY,
          RowsPerMatch.ALL_WITH_UNMATCHED,
          RowsPerMatch.EACH_ROW);

  private static List<Mode> modes(Random random) {
    Batching[] batchings = {
      Batching.SINGLE_ROWS, Batching.SEVEN_ROWS, Batching.FULL_BATCHES, Batching.SELECTED_ROWS
    };
    Mode first = Mode.PLAIN.with(batchings[random.nextInt(batchings.length)]);
    Mode second =
        Mode.PLAIN
            .with(batchings[random.nextInt(batchings.length)])
            .with(Backend.standard().get(random.nextInt(2)))
            .with(Recovery.values()[random.nextInt(Recovery.values().length)])
            .parallelism(1 + random.nextInt(3), 1 + random.nextInt(2))
            .seed(random.nextLong());
    return List.of(first, random.nextBoolean() ? second : second.withRefusingOutputs());
  }

  private static List<Item> items(Random random, int count) {
    List<Item> items = new ArrayList<>();
    long time = random.nextInt(3) == 0 ? -40 : 1_000;
    for (int i = 0; i < count; i++) {
      time += 1 + random.nextInt(4);
      items.add(new Item(time, "k" + random.nextInt(3), random.nextInt(5)));
    }
    return items;
  }

  private static Script script(List<Item> items, Random random) {
    Script.Builder script = Script.of(SCHEMA);
    for (Item item : items) {
      script.row(item.time(), item.key(), item.value(), item.time());
      if (random.nextInt(4) == 0) {
        script.watermark(item.time() - random.nextInt(3));
      }
      if (random.nextInt(6) == 0) {
        script.cut();
      }
    }
    return script.end();
  }

  private static MatchExpression measure(MatchTerm term) {
    return new MatchExpression(Expression.column("it"), Map.of("it", term));
  }

  private static RowMatching matching(
      RandomRowPattern random, RowsPerMatch output, RowSkip skip, PatternLimits limits) {
    List<RowMatching.OutputField> outputs = new ArrayList<>();
    outputs.add(new RowMatching.Passed("key", "key"));
    if (output != RowsPerMatch.ONE) {
      outputs.add(new RowMatching.Passed("time", "time"));
    }
    Expression classifier = Expression.column(MatchTerm.CLASSIFIER);
    outputs.add(new RowMatching.Measure("number", measure(new MatchTerm.MatchNumber())));
    outputs.add(
        new RowMatching.Measure(
            "running",
            measure(
                new MatchTerm.Aggregate(
                    MatchAggregate.COLLECT, List.of(classifier), Set.of(), false))));
    outputs.add(
        new RowMatching.Measure(
            "first",
            measure(
                new MatchTerm.Navigation(
                    Expression.column("time"), Set.of(), false, 0, 0, false))));
    outputs.add(
        new RowMatching.Measure(
            "next",
            measure(
                new MatchTerm.Navigation(Expression.column("time"), Set.of(), true, 0, 1, true))));
    return new RowMatching(
        List.of("key"),
        random.pattern(),
        random.definitions(),
        output,
        outputs,
        skip,
        random.within(),
        RowMatching.UNBOUNDED,
        limits,
        TimeCharacteristic.EVENT);
  }

  private static StageHarness harness(RowMatching matching) {
    EventTimeSort sort =
        new EventTimeSort(matching.key(), List.of(), EventTimeSort.DEFAULT_MAX_ROWS);
    return StageHarness.of(
        Pipeline.chain(
            () -> List.of(sort.operator(SCHEMA), matching.operator(SCHEMA, EXPRESSIONS)),
            Exchange.hash(SCHEMA.ordinal("key")),
            2));
  }

  // --- What trying everything gives -------------------------------------------------------------

  private static List<String> expected(
      RandomRowPattern pattern, RowsPerMatch output, RowSkip skip, List<Item> items) {
    List<String> texts = new ArrayList<>();
    for (String key : List.of("k0", "k1", "k2")) {
      List<Item> own = items.stream().filter(item -> item.key().equals(key)).toList();
      NaiveRowSearch search =
          new NaiveRowSearch(
              pattern.pattern(),
              pattern.conditions(),
              pattern.within(),
              own,
              output == RowsPerMatch.EACH_ROW);
      int number = 0;
      int matched = 0;
      int at = 0;
      while (at < own.size()) {
        Found found = search.find(at);
        if (found == null) {
          boolean isShown =
              output == RowsPerMatch.EACH_ROW
                  || (output == RowsPerMatch.ALL_WITH_UNMATCHED && at >= matched);
          if (isShown) {
            texts.add(unmatched(own.get(at)));
          }
          at++;
          continue;
        }
        number++;
        add(found, number, output, own, texts);
        int length = found.labels().size();
        matched = Math.max(matched, at + length);
        int next =
            length == 0 || skip.strategy() == RowSkip.Strategy.TO_NEXT_ROW ? at + 1 : at + length;
        for (int skipped = at + 1; output == RowsPerMatch.EACH_ROW && skipped < next; skipped++) {
          texts.add(unmatched(own.get(skipped)));
        }
        at = next;
      }
    }
    texts.sort(null);
    return texts;
  }

  private static String unmatched(Item item) {
    return item.key() + " " + item.time() + " null null null null";
  }

  private static void add(
      Found found, int number, RowsPerMatch output, List<Item> own, List<String> texts) {
    int length = found.labels().size();
    boolean isOne = output == RowsPerMatch.ONE || output == RowsPerMatch.EACH_ROW;
    if (length == 0 && output == RowsPerMatch.ALL_OMIT_EMPTY) {
      return;
    }
    for (int i = isOne || length == 0 ? Math.max(0, length - 1) : 0; i < Math.max(1, length); i++) {
      Item row = own.get(found.start() + (isOne ? 0 : i));
      int next = found.start() + length;
      texts.add(
          row.key()
              + (output == RowsPerMatch.ONE ? "" : " " + row.time())
              + " "
              + number
              + " "
              + (length == 0 ? "null" : found.labels().subList(0, i + 1))
              + " "
              + (length == 0 ? "null" : own.get(found.start()).time())
              + " "
              + (length == 0 || next >= own.size() ? "null" : own.get(next).time()));
    }
  }

  private static List<String> texts(List<EventRecord> rows, RowsPerMatch output) {
    return rows.stream()
        .map(
            row ->
                row.get("key")
                    + (output == RowsPerMatch.ONE ? "" : " " + row.get("time"))
                    + " "
                    + row.get("number")
                    + " "
                    + row.get("running")
                    + " "
                    + row.get("first")
                    + " "
                    + row.get("next"))
        .sorted()
        .toList();
  }

  private static int check(Random random, String what) {
    RandomRowPattern pattern = RandomRowPattern.of(random);
    RowsPerMatch output = OUTPUTS.get(random.nextInt(OUTPUTS.size()));
    if (pattern.pattern().hasExclusion()) {
      output = RowsPerMatch.ONE; // which rows are left out is tested by themselves
    }
    RowSkip skip = random.nextBoolean() ? RowSkip.pastLastRow() : RowSkip.toNextRow();
    List<Item> items = items(random, 8 + random.nextInt(22));
    Script script = script(items, random);
    List<String> expected = expected(pattern, output, skip, items);
    RowMatching matching = matching(pattern, output, skip, PatternLimits.DEFAULT);
    for (Mode mode : modes(random)) {
      Outcome outcome = harness(matching).run(script, mode);
      List<String> found = texts(outcome.rows(0), output);
      assertThat(found)
          .as("%s, in %s: %s, rows %s", what, mode, matching, items)
          .isEqualTo(expected);
      assertThat(outcome.failures()).as(what).isEmpty();
    }
    return expected.size();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void randomPattern_findsWhatTryingEverythingFinds(long seed) {
    int found = 0;
    for (int i = 0; i < CASES; i++) {
      Random random = new Random(seed * 1_000_003 + i);
      found += check(random, "seed " + seed + ", case " + i);
    }
    assertThat(found).as("rows of seed " + seed).isGreaterThan(CASES);
  }
}
