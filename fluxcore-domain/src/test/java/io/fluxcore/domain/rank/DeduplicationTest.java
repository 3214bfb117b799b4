package io.fluxcore.domain.rank;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.harness.Tables;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.rank.Deduplication.Keep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One row of each key. */
class DeduplicationTest {
  private static final Schema SCHEMA =
      Schema.builder().field("url", DataType.STRING).field("size", DataType.LONG).build();

  private static Deduplication first(TimeToLive within) {
    return new Deduplication(List.of("url"), Keep.FIRST, within);
  }

  private static Deduplication last(TimeToLive within) {
    return new Deduplication(List.of("url"), Keep.LAST, within);
  }

  private static OperatorHarness harness(Deduplication deduplication) {
    return OperatorHarness.of(() -> deduplication.operator(SCHEMA, SCHEMA));
  }

  private static TimeToLive eventTime(long millis) {
    return TimeToLive.ofEventTime(Duration.ofMillis(millis));
  }

  @Test
  void first_letsOneRowOfEachKeyBy_andCountsTheOthers() {
    try (OperatorHarness harness = harness(first(null))) {
      harness.process(
          new EventBatchBuilder(SCHEMA, 5)
              .row(1, "a", 1L)
              .row(2, "b", 2L)
              .row(3, "a", 3L)
              .row(4, null, 4L)
              .row(5, null, 5L)
              .build());
      assertThat(harness.take(0)).containsExactly("+I[a, 1]@1", "+I[b, 2]@2", "+I[null, 4]@4");
      assertThat(harness.take(2)).containsExactly("+I[a, 3]@3", "+I[null, 5]@5");
      assertThat(harness.ledger().filtered()).isEqualTo(2);
    }
  }

  @Test
  void firstWithin_isADuplicateUntilTheTimeHasPassedAfterTheRowThatWasLetBy() {
    try (OperatorHarness harness = harness(first(eventTime(100)))) {
      harness.row(SCHEMA, 1000, "a", 1L).row(SCHEMA, 1099, "a", 2L).row(SCHEMA, 1100, "a", 3L);
      harness.row(SCHEMA, 1050, "a", 4L).row(SCHEMA, 1199, "a", 5L).row(SCHEMA, 1200, "a", 6L);
      assertThat(harness.take(0))
          .containsExactly("+I[a, 1]@1000", "+I[a, 3]@1100", "+I[a, 6]@1200");
    }
  }

  @Test
  void firstWithin_rowThatCannotBeJudgedAnyMore_isLate() {
    try (OperatorHarness harness = harness(first(eventTime(100)))) {
      harness.row(SCHEMA, 1000, "a", 1L).watermark(1150).take(0);
      harness.row(SCHEMA, 1050, "a", 2L).row(SCHEMA, 1051, "a", 3L);
      assertThat(harness.take(1)).containsExactly("+I[a, 2]@1050");
      assertThat(harness.take(0)).isEmpty();
      assertThat(harness.ledger().late()).isEqualTo(1);
    }
  }

  @Test
  void firstWithin_forgetsKeys() {
    try (OperatorHarness harness = harness(first(eventTime(100)))) {
      for (int i = 0; i < 50; i++) {
        harness.row(SCHEMA, 1000 + i, "url " + i, 1L);
      }
      long held = harness.state().estimatedBytes();
      harness.watermark(5000).flush();
      assertThat(harness.state().estimatedBytes()).isLessThan(held / 2);
      harness.row(SCHEMA, 6000, "url 7", 2L);
      assertThat(harness.take(0)).endsWith("+I[url 7, 2]@6000");
    }
  }

  @Test
  void firstWithinProcessingTime_goesByTheClock() {
    TimeToLive within = TimeToLive.ofProcessingTime(Duration.ofMillis(100));
    try (OperatorHarness harness = harness(first(within))) {
      harness.processingTime(10).row(SCHEMA, 1, "a", 1L);
      harness.processingTime(109).row(SCHEMA, 900, "a", 2L);
      harness.processingTime(110).row(SCHEMA, 2, "a", 3L);
      assertThat(harness.take(0)).containsExactly("+I[a, 1]@1", "+I[a, 3]@2");
    }
  }

  @Test
  void last_replacesTheRowOfItsKey_butNotByAnOlderOne_norByTheSame() {
    try (OperatorHarness harness = harness(last(null))) {
      harness.row(SCHEMA, 5, "a", 1L).row(SCHEMA, 7, "a", 2L).row(SCHEMA, 6, "a", 3L);
      harness.row(SCHEMA, 8, "a", 2L);
      assertThat(harness.take(0)).containsExactly("+I[a, 1]@5", "-U[a, 1]@7", "+U[a, 2]@7");
      assertThat(harness.ledger().filtered()).isEqualTo(1);
    }
  }

  @Test
  void lastWithin_rowAfterALongTime_isNew() {
    try (OperatorHarness harness = harness(last(eventTime(100)))) {
      harness.row(SCHEMA, 10, "a", 1L).watermark(200).row(SCHEMA, 201, "a", 2L);
      assertThat(harness.take(0)).containsExactly("+I[a, 1]@10", "+I[a, 2]@201");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void firstWithin_isByDefinition_inEveryModeThatKeepsTheOrderOfArrival(long seed) {
    Random random = new Random(seed);
    long within = 1 + random.nextInt(300);
    Script.Builder script = Script.of(SCHEMA);
    List<String> expected = new ArrayList<>();
    Map<String, Long> kept = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      long time = i * 10L - random.nextInt(40);
      String url = "url " + random.nextInt(8);
      script.row(time, url, (long) i);
      Long before = kept.get(url);
      if (before == null || time >= before + within) {
        kept.put(url, time);
        expected.add("+I[" + url + ", " + i + "]@" + time);
      }
      if (random.nextInt(9) == 0) {
        script.watermark(i * 10L - 41);
      }
    }
    StageHarness.of(() -> first(eventTime(within)).operator(SCHEMA, SCHEMA), Exchange.hash(0), 2)
        .inOrderOfArrival()
        .view(0, Rows::texts)
        .assertEverywhere(script.end(), List.of(expected, List.of()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void last_makesTheTableOfTheNewestRows_inEveryMode(long seed) {
    Random random = new Random(seed);
    Script.Builder script = Script.of(SCHEMA);
    Map<String, Long> newest = new TreeMap<>();
    Map<String, Long> sizes = new TreeMap<>();
    List<Integer> times = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      times.add(i);
    }
    Collections.shuffle(times, random);
    for (int time : times) {
      String url = "url " + random.nextInt(8);
      long size = random.nextInt(3);
      script.row(time, url, size);
      if (newest.getOrDefault(url, -1L) < time) {
        newest.put(url, (long) time);
        sizes.put(url, size);
      }
    }
    List<String> expected = new ArrayList<>();
    sizes.forEach((url, size) -> expected.add("[" + url + ", " + size + "]"));
    StageHarness.of(() -> last(null).operator(SCHEMA, SCHEMA), Exchange.hash(0), 1)
        .view(0, Tables::of)
        .assertEverywhere(script.end(), List.of(expected));
  }
}
