package io.fluxcore.domain.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
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
import io.fluxcore.domain.pattern.NaivePatternSearch.Item;
import io.fluxcore.domain.pattern.NaivePatternSearch.Match;
import io.fluxcore.domain.sort.EventTimeSort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded random patterns over random events, against {@link NaivePatternSearch}: in batches of
 * several sizes, at several parallelisms, restored in the middle, and on state that is evicted.
 */
class PatternModelTest {
  private static final int CASES = 500;
  private static final Schema SCHEMA =
      Schema.builder()
          .field("key", DataType.STRING)
          .field("kind", DataType.STRING)
          .field("value", DataType.LONG)
          .field("time", DataType.LONG)
          .build();
  private static final ExpressionContext EXPRESSIONS =
      ExpressionContext.of(
          pattern -> {
            throw new UnsupportedOperationException(pattern);
          });

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
      items.add(
          new Item(
              time,
              "k" + random.nextInt(3),
              String.valueOf((char) ('a' + random.nextInt(4))),
              random.nextInt(5)));
    }
    return items;
  }

  /** Rows in order of time, watermarks a little behind, and all of them at the end. */
  private static Script script(List<Item> items, Random random) {
    Script.Builder script = Script.of(SCHEMA);
    for (Item item : items) {
      script.row(item.time(), item.key(), item.kind(), item.value(), item.time());
      if (random.nextInt(5) == 0) {
        script.watermark(item.time() - random.nextInt(3));
      }
      if (random.nextInt(6) == 0) {
        script.cut();
      }
    }
    return script.end();
  }

  private static StageHarness harness(PatternMatching matching) {
    EventTimeSort sort =
        new EventTimeSort(matching.key(), List.of(), EventTimeSort.DEFAULT_MAX_ROWS);
    return StageHarness.of(
        Pipeline.chain(
            () -> List.of(sort.operator(SCHEMA), matching.operator(SCHEMA, EXPRESSIONS)),
            Exchange.hash(SCHEMA.ordinal("key")),
            2));
  }

  private static List<String> texts(List<EventRecord> rows) {
    return rows.stream()
        .map(
            row ->
                row.get("key")
                    + " "
                    + row.get(PatternMatching.RULE)
                    + " "
                    + times((Map<?, ?>) row.get(PatternMatching.EVENTS)))
        .sorted()
        .toList();
  }

  private static String times(Map<?, ?> events) {
    List<String> stages = new ArrayList<>();
    events.forEach(
        (stage, list) -> {
          List<Object> times = new ArrayList<>();
          ((List<?>) list).forEach(event -> times.add(((Map<?, ?>) event).get("time")));
          stages.add(stage + "=" + times);
        });
    return "{" + String.join(", ", stages) + "}";
  }

  private static List<String> expected(List<RandomPattern> patterns, List<Item> items) {
    List<String> texts = new ArrayList<>();
    for (int p = 0; p < patterns.size(); p++) {
      RandomPattern pattern = patterns.get(p);
      for (String key : List.of("k0", "k1", "k2")) {
        List<Item> own = items.stream().filter(item -> item.key().equals(key)).toList();
        NaivePatternSearch search = new NaivePatternSearch(pattern.steps(), pattern.within(), own);
        for (Match match : search.skipping(pattern.skip(), pattern.skipTo())) {
          texts.add(key + " r" + p + " " + search.text(match));
        }
      }
    }
    texts.sort(null);
    return texts;
  }

  private static PatternMatching matching(List<RandomPattern> patterns) {
    List<PatternRule> rules = new ArrayList<>();
    for (int p = 0; p < patterns.size(); p++) {
      rules.add(new PatternRule("r" + p, patterns.get(p).pattern()));
    }
    return new PatternMatching(List.of("key"), rules);
  }

  private static int check(List<RandomPattern> patterns, Random random, String what) {
    List<Item> items = items(random, 12 + random.nextInt(40));
    Script script = script(items, random);
    List<String> expected = expected(patterns, items);
    PatternMatching matching = matching(patterns);
    StageHarness harness = harness(matching);
    List<String> timeouts = null;
    for (Mode mode : modes(random)) {
      Outcome outcome = harness.run(script, mode);
      List<String> found = texts(outcome.rows(0));
      if (!found.equals(expected)) {
        List<String> missing = new ArrayList<>(expected);
        found.forEach(missing::remove);
        List<String> unexpected = new ArrayList<>(found);
        expected.forEach(unexpected::remove);
        throw new AssertionError(
            "%s, in %s: missing %s, unexpected %s; patterns %s, events %s"
                .formatted(what, mode, missing, unexpected, patterns, items));
      }
      assertThat(outcome.failures()).isEmpty();
      List<String> ofMode = texts(outcome.rows(1));
      if (timeouts != null) {
        assertThat(ofMode).as("%s: timeouts of %s in %s", what, patterns, mode).isEqualTo(timeouts);
      }
      timeouts = ofMode;
    }
    return expected.size();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void randomPattern_findsWhatTryingEverythingFinds(long seed) {
    int found = 0;
    for (int i = 0; i < CASES; i++) {
      Random random = new Random(seed * 1_000_003 + i);
      found += check(List.of(RandomPattern.of(random)), random, "seed " + seed + ", case " + i);
    }
    assertThat(found).as("matches of seed " + seed).isGreaterThan(CASES);
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void severalRules_doNotDisturbEachOther(long seed) {
    int found = 0;
    for (int i = 0; i < 100; i++) {
      Random random = new Random(seed * 1_000_003 + i);
      List<RandomPattern> patterns = new ArrayList<>();
      for (int p = 2 + random.nextInt(8); p > 0; p--) {
        patterns.add(RandomPattern.of(random));
      }
      found += check(patterns, random, "seed " + seed + ", case " + i);
    }
    assertThat(found).as("matches of seed " + seed).isGreaterThan(500);
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32})
  void groupSoManyTimes_isItsStagesInTurn(long seed) {
    int found = 0;
    for (int i = 0; i < CASES; i++) {
      Random random = new Random(seed * 1_000_003 + i);
      found += check(List.of(RandomGroup.of(random)), random, "seed " + seed + ", case " + i);
    }
    assertThat(found).as("matches of seed " + seed).isGreaterThan(CASES / 2);
  }
}
