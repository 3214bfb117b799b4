package io.fluxcore.domain.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Failure;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatternOperatorTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("user", DataType.STRING)
          .field("kind", DataType.STRING)
          .field("price", DataType.LONG)
          .build();
  private static final ExpressionContext EXPRESSIONS =
      ExpressionContext.of(
          pattern -> {
            throw new UnsupportedOperationException(pattern);
          });

  private static final Pattern A_THEN_B =
      Pattern.begin("a").where("kind = 'a'").followedBy("b").where("kind = 'b'");

  private static PatternMatching matching(PatternRule... rules) {
    return new PatternMatching(List.of("user"), List.of(rules));
  }

  private static PatternMatching matching(Pattern pattern, PatternLimits limits) {
    return new PatternMatching(
        List.of("user"),
        List.of(new PatternRule("rule", pattern)),
        List.of(),
        limits,
        TimeCharacteristic.EVENT);
  }

  private static OperatorHarness harness(PatternMatching matching) {
    return OperatorHarness.of(() -> matching.operator(SCHEMA, EXPRESSIONS));
  }

  private static OperatorHarness harness(Pattern pattern) {
    return harness(matching(new PatternRule("rule", pattern)));
  }

  private static List<String> events(List<EventRecord> alerts) {
    List<String> texts = new ArrayList<>();
    for (EventRecord alert : alerts) {
      StringBuilder text = new StringBuilder();
      ((Map<?, ?>) alert.get(PatternMatching.EVENTS))
          .forEach(
              (stage, list) -> {
                text.append(text.isEmpty() ? "" : " ").append(stage).append('=');
                List<Object> prices = new ArrayList<>();
                ((List<?>) list).forEach(event -> prices.add(((Map<?, ?>) event).get("price")));
                text.append(prices);
              });
      texts.add(text.toString());
    }
    return texts;
  }

  @Test
  void match_becomesRowWithKeyRuleTimesMeasuresAndEvents() {
    OperatorHarness harness =
        harness(
            matching(
                new PatternRule(
                    "gain", A_THEN_B, Map.of("gain", "last(b.price) - first(a.price)"))));

    harness.row(SCHEMA, 1_000, "u", "a", 5L).row(SCHEMA, 3_000, "u", "b", 12L);

    EventRecord alert = harness.takeRows(0).get(0);
    assertThat(alert.schema().fieldNames())
        .containsExactly("user", "rule", "match_start", "match_end", "gain", "events");
    assertThat(alert.get("user")).isEqualTo("u");
    assertThat(alert.get("rule")).isEqualTo("gain");
    assertThat(alert.get("match_start")).isEqualTo(Instant.ofEpochMilli(1_000));
    assertThat(alert.get("match_end")).isEqualTo(Instant.ofEpochMilli(3_000));
    assertThat(alert.get("gain")).isEqualTo(7L);
    assertThat(alert.timestamp()).isEqualTo(3_000);
    assertThat(alert.get("events"))
        .isEqualTo(
            Map.of(
                "a", List.of(Map.of("user", "u", "kind", "a", "price", 5L)),
                "b", List.of(Map.of("user", "u", "kind", "b", "price", 12L))));
  }

  @Test
  void keys_haveSequencesOfTheirOwn() {
    OperatorHarness harness = harness(A_THEN_B);

    harness.row(SCHEMA, 1, "u", "a", 1L).row(SCHEMA, 2, "v", "b", 2L);
    assertThat(harness.takeRows(0)).isEmpty();
    harness.row(SCHEMA, 3, "u", "b", 3L);
    assertThat(events(harness.takeRows(0))).containsExactly("a=[1] b=[3]");
  }

  @Test
  void absence_firesOnTheWatermark_withoutAnotherEvent() {
    Pattern silent =
        Pattern.begin("order")
            .where("kind = 'order'")
            .notFollowedBy("paid")
            .where("kind = 'paid'")
            .within(Duration.ofMillis(100));
    OperatorHarness harness = harness(silent);

    harness.row(SCHEMA, 0, "u", "order", 1L).row(SCHEMA, 10, "v", "order", 2L);
    harness.row(SCHEMA, 50, "u", "paid", 3L);
    harness.watermark(109);
    assertThat(harness.takeRows(0)).isEmpty();
    harness.watermark(110);

    EventRecord alert = harness.takeRows(0).get(0);
    assertThat(alert.get("user")).isEqualTo("v");
    assertThat(alert.get("match_end")).isEqualTo(Instant.ofEpochMilli(110));
    assertThat(alert.timestamp()).isEqualTo(110);
    harness.end();
    assertThat(harness.takeRows(0)).isEmpty();
  }

  @Test
  void spanEqualToWithin_timesOut_andLeavesByThePort() {
    OperatorHarness harness = harness(A_THEN_B.within(Duration.ofMillis(100)));

    harness.row(SCHEMA, 0, "u", "a", 1L).row(SCHEMA, 1, "u", "a", 2L);
    harness.row(SCHEMA, 100, "u", "b", 3L);

    assertThat(events(harness.takeRows(0))).containsExactly("a=[2] b=[3]");
    List<EventRecord> timeouts = harness.takeRows(PatternMatching.TIMEOUT_PORT);
    assertThat(events(timeouts)).containsExactly("a=[1]");
    assertThat(timeouts.get(0).timestamp()).isEqualTo(100);
  }

  @Test
  void withinPrevious_boundsTheTimeBetweenStages() {
    Pattern pattern =
        A_THEN_B
            .within(Duration.ofMillis(10), WithinScope.PREVIOUS_AND_CURRENT)
            .followedBy("c")
            .where("kind = 'c'");
    OperatorHarness harness = harness(pattern);

    harness.row(SCHEMA, 0, "u", "a", 1L).row(SCHEMA, 9, "u", "b", 2L);
    harness.row(SCHEMA, 500, "u", "c", 3L);
    assertThat(events(harness.takeRows(0))).containsExactly("a=[1] b=[2] c=[3]");

    harness.row(SCHEMA, 600, "u", "a", 4L).row(SCHEMA, 610, "u", "b", 5L);
    harness.row(SCHEMA, 620, "u", "c", 6L);
    assertThat(harness.takeRows(0)).isEmpty();
    assertThat(events(harness.takeRows(1))).containsExactly("a=[4]");
  }

  @Test
  void gapOfLoop_endsTheLoop_butNotWhatFollows() {
    Pattern pattern =
        Pattern.begin("a")
            .where("kind = 'a'")
            .oneOrMore(Duration.ofMillis(10))
            .followedBy("b")
            .where("kind = 'b'");
    OperatorHarness harness = harness(pattern);

    harness.row(SCHEMA, 0, "u", "a", 1L).row(SCHEMA, 9, "u", "a", 2L);
    harness.row(SCHEMA, 19, "u", "a", 3L).row(SCHEMA, 100, "u", "b", 4L);

    assertThat(events(harness.takeRows(0)))
        .containsExactlyInAnyOrder("a=[1] b=[4]", "a=[1, 2] b=[4]", "a=[2] b=[4]", "a=[3] b=[4]");
  }

  @Test
  void processingTime_ordersByArrival_andEndsByTheClock() {
    PatternMatching matching =
        new PatternMatching(
            List.of("user"),
            List.of(new PatternRule("rule", A_THEN_B.within(Duration.ofMillis(100)))),
            List.of(),
            PatternLimits.DEFAULT,
            TimeCharacteristic.PROCESSING);
    OperatorHarness harness = harness(matching);

    harness.processingTime(1_000).row(SCHEMA, 99, "u", "a", 1L);
    harness.processingTime(1_050).row(SCHEMA, 7, "u", "b", 2L);
    assertThat(harness.takeRows(0).get(0).timestamp()).isEqualTo(1_050);
    harness.processingTime(1_060).row(SCHEMA, 7, "u", "a", 3L);
    harness.processingTime(1_160);
    assertThat(events(harness.takeRows(1))).containsExactly("a=[3]");
  }

  @Test
  void conditionOnEarlierEvents_ofNoEvent_isNull() {
    Pattern rising =
        Pattern.begin("up")
            .where("up.price is null or price > up.price")
            .oneOrMore()
            .consecutive()
            .next("down")
            .where("price < last(up.price) and count(up) >= 2");
    OperatorHarness harness = harness(rising.skip(AfterMatchSkip.skipPastLastEvent()));

    for (long price : new long[] {1, 4, 6, 2}) {
      harness.row(SCHEMA, price, "u", "x", price);
    }

    assertThat(events(harness.takeRows(0))).containsExactly("up=[1, 4, 6] down=[2]");
  }

  @Test
  void aggregatesOverStages_asMeasures() {
    Pattern pattern = A_THEN_B.oneOrMore().followedBy("c").where("kind = 'c'");
    Map<String, String> measures =
        Map.of(
            "sum", "sum(b.price)",
            "avg", "avg(b.price * 2)",
            "min", "min(b.price)",
            "max", "max(b.price)",
            "n", "count(b)");
    OperatorHarness harness =
        harness(
            matching(
                new PatternRule("r", pattern.skip(AfterMatchSkip.skipPastLastEvent()), measures)));

    harness.row(SCHEMA, 1, "u", "a", 0L).row(SCHEMA, 2, "u", "b", 4L);
    harness.row(SCHEMA, 3, "u", "b", 2L).row(SCHEMA, 4, "u", "b", 3L);
    harness.row(SCHEMA, 5, "u", "c", 0L);

    EventRecord longest = harness.takeRows(0).get(0);
    assertThat(longest.get("sum")).isEqualTo(9L);
    assertThat(longest.get("avg")).isEqualTo(6.0);
    assertThat(longest.get("min")).isEqualTo(2L);
    assertThat(longest.get("max")).isEqualTo(4L);
    assertThat(longest.get("n")).isEqualTo(3L);
  }

  @Test
  void failingCondition_countsTheRowOnce_andOtherRulesStillSeeIt() {
    OperatorHarness harness =
        harness(
            matching(
                new PatternRule("bad", Pattern.begin("a").where("100 / price > 1")),
                new PatternRule("worse", Pattern.begin("a").where("10 / price > 1")),
                new PatternRule("good", Pattern.begin("a").where("kind = 'a'"))));

    harness.row(SCHEMA, 1, "u", "a", 0L);

    assertThat(harness.failures()).extracting(Failure::code).hasSize(1);
    assertThat(harness.takeRows(0)).extracting(row -> row.get("rule")).containsExactly("good");
    assertThat(harness.ledger().failed()).isEqualTo(1);
  }

  @Test
  void codeThatThrows_isAnErrorOfTheRow() {
    Pattern pattern =
        Pattern.begin("a")
            .where(
                (event, context) -> {
                  throw new IllegalStateException("no");
                });
    OperatorHarness harness = harness(pattern);

    harness.row(SCHEMA, 1, "u", "a", 0L);

    assertThat(harness.failures()).extracting(Failure::code).containsExactly("FLX-PATTERN-0022");
  }

  @Test
  void thousandRules_shareAPass() {
    List<PatternRule> rules = new ArrayList<>();
    for (int r = 0; r < 1_000; r++) {
      rules.add(
          new PatternRule(
              "rule " + r,
              Pattern.begin("a")
                  .where("kind = 'a" + r + "' and price > 3")
                  .followedBy("b")
                  .where("kind = 'b" + r + "'")));
    }
    OperatorHarness harness = harness(new PatternMatching(List.of("user"), rules));

    harness.row(SCHEMA, 1, "u", "a17", 3L).row(SCHEMA, 2, "u", "a17", 4L);
    harness.row(SCHEMA, 3, "u", "a900", 5L).row(SCHEMA, 4, "u", "b17", 6L);

    List<EventRecord> alerts = harness.takeRows(0);
    assertThat(events(alerts)).containsExactly("a=[4] b=[6]");
    assertThat(alerts.get(0).get("rule")).isEqualTo("rule 17");
  }

  @ParameterizedTest
  @EnumSource(
      value = PatternLimits.Policy.class,
      names = {"DROP_OLDEST", "DROP_NEWEST"})
  void adversarialPattern_staysAtItsCap(PatternLimits.Policy policy) {
    Pattern explosive =
        Pattern.begin("x").oneOrMore().allowCombinations().followedByAny("y").where("kind = 'y'");
    OperatorHarness harness = harness(matching(explosive, new PatternLimits(200, 300, 20, policy)));

    for (int i = 0; i < 2_000; i++) {
      harness.row(SCHEMA, i, "u" + i % 5, "x", (long) i);
      assertThat(harness.windows().pending()).isLessThanOrEqualTo(300);
    }

    assertThat(harness.windows().pending()).isEqualTo(300);
    assertThat(harness.state().estimatedBytes()).isLessThan(3_000_000);
  }

  @Test
  void limit_withPolicyFail_failsTheJobAndSaysWhich() {
    OperatorHarness harness =
        harness(matching(A_THEN_B, new PatternLimits(2, 10, 10, PatternLimits.Policy.FAIL)));
    harness.row(SCHEMA, 1, "u", "a", 1L).row(SCHEMA, 2, "u", "a", 2L);

    assertThatThrownBy(() -> harness.row(SCHEMA, 3, "u", "a", 3L))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-PATTERN-0023")
        .hasMessageContaining("3 partial matches of a key, and the limit is 2")
        .hasMessageContaining("perKey");
  }

  @Test
  void dropOldest_keepsTheLatest_dropNewestTheFirst() {
    for (PatternLimits.Policy policy :
        List.of(PatternLimits.Policy.DROP_OLDEST, PatternLimits.Policy.DROP_NEWEST)) {
      OperatorHarness harness = harness(matching(A_THEN_B, new PatternLimits(2, 10, 10, policy)));
      harness.row(SCHEMA, 1, "u", "a", 1L).row(SCHEMA, 2, "u", "a", 2L);
      harness.row(SCHEMA, 3, "u", "a", 3L).row(SCHEMA, 4, "u", "b", 4L);
      assertThat(events(harness.takeRows(0)))
          .containsExactlyElementsOf(
              policy == PatternLimits.Policy.DROP_OLDEST
                  ? List.of("a=[2] b=[4]", "a=[3] b=[4]")
                  : List.of("a=[1] b=[4]", "a=[2] b=[4]"));
    }
  }

  @Test
  void changedRule_losesItsPartialMatches_othersKeepTheirs() {
    PatternRule kept = new PatternRule("kept", A_THEN_B);
    PatternRule before = new PatternRule("changed", A_THEN_B);
    PatternRule after = new PatternRule("changed", A_THEN_B.within(Duration.ofSeconds(9)));
    List<List<PatternRule>> versions =
        List.of(List.of(kept, before), List.of(kept, after, new PatternRule("new", A_THEN_B)));
    int[] version = {0};
    OperatorHarness harness =
        OperatorHarness.of(
            () ->
                new PatternMatching(List.of("user"), versions.get(version[0]))
                    .operator(SCHEMA, EXPRESSIONS),
            Backend.EVICTING);
    harness.row(SCHEMA, 1, "u", "a", 1L);
    byte[] snapshot = harness.snapshot();

    version[0] = 1;
    harness.restore(snapshot);

    assertThat(harness.windows().pending()).isEqualTo(1);
    harness.row(SCHEMA, 2, "u", "b", 2L);
    assertThat(harness.takeRows(0)).extracting(row -> row.get("rule")).containsExactly("kept");
    assertThat(harness.windows().pending()).isZero();
  }

  @Test
  void skipThatMisses_failsOnlyWhereItIsToldTo() {
    Pattern pattern =
        Pattern.begin("a").where("kind = 'a'").followedBy("b").where("kind = 'b'").optional();
    OperatorHarness lenient = harness(pattern.skip(AfterMatchSkip.skipToFirst("b")));
    lenient.row(SCHEMA, 1, "u", "a", 1L);
    assertThat(events(lenient.takeRows(0))).containsExactly("a=[1]");

    OperatorHarness strict = harness(pattern.skip(AfterMatchSkip.skipToFirst("b").orFail()));
    assertThatThrownBy(() -> strict.row(SCHEMA, 1, "u", "a", 1L))
        .hasMessageContaining("FLX-PATTERN-0020");
  }

  @Test
  void unkeyed_isOneSequence() {
    PatternMatching matching =
        new PatternMatching(List.of(), List.of(new PatternRule("rule", A_THEN_B)));
    OperatorHarness harness = harness(matching);

    harness.row(SCHEMA, 1, "u", "a", 1L).row(SCHEMA, 2, "v", "b", 2L);

    assertThat(events(harness.takeRows(0))).containsExactly("a=[1] b=[2]");
  }

  @Test
  void keyWithoutPartialMatches_leavesNothingBehind() {
    OperatorHarness harness = harness(A_THEN_B.within(Duration.ofMillis(50)));
    for (int i = 0; i < 500; i++) {
      harness.row(SCHEMA, i, "u" + i, "a", 1L).row(SCHEMA, i, "u" + i, "b", 1L);
    }
    harness.watermark(10_000);

    assertThat(harness.windows().pending()).isZero();
    assertThat(harness.windows().nextFiring()).isEqualTo(Long.MAX_VALUE);
  }
}
