package io.fluxcore.domain.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall-clock fallback, of one subtask and of several that share it. */
class SourceSilenceTest {
  private static final WatermarkStrategy STRATEGY =
      WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(10))
          .withSilenceFallback(Duration.ofMillis(100));

  private static SourceWatermarks subtask(WatermarkStrategy strategy) {
    return new SourceWatermarks(TimeCharacteristic.EVENT, strategy);
  }

  private static long at(SourceWatermarks watermarks, long nowMillis) {
    watermarks.advance(nowMillis);
    return watermarks.watermark();
  }

  @Test
  void beforeTheFirstRow_thereIsNoFallback() {
    SourceWatermarks watermarks = subtask(STRATEGY);
    watermarks.add("a", 0);
    assertThat(at(watermarks, 1_000_000)).isEqualTo(Long.MIN_VALUE);
    assertThat(watermarks.isSilent()).isFalse();
  }

  @Test
  void silentSource_goesOnWithTheClock_whileSplitsWithoutRowsHoldItNoMore() {
    SourceWatermarks watermarks = subtask(STRATEGY);
    watermarks.add("a", 0);
    watermarks.add("b", 0);
    watermarks.observe("a", 5_000, 0);
    assertThat(at(watermarks, 99)).isEqualTo(Long.MIN_VALUE);
    assertThat(at(watermarks, 100)).isEqualTo(4_989 + 100);
    assertThat(at(watermarks, 350)).isEqualTo(4_989 + 350);
    assertThat(watermarks.isSilent()).isTrue();
    assertThat(watermarks.isIdle()).isFalse();
    assertThat(watermarks.watermark("b")).isEqualTo(4_989 + 350);
  }

  @Test
  void rowsThatComeAgain_neverTakeTheWatermarkBack_norMoveTheClockAhead() {
    SourceWatermarks watermarks = subtask(STRATEGY);
    watermarks.add("a", 0);
    watermarks.observe("a", 5_000, 0);
    assertThat(at(watermarks, 1_000)).isEqualTo(5_989);
    watermarks.observe("a", 5_500, 1_000);
    assertThat(at(watermarks, 1_000)).isEqualTo(5_989);
    assertThat(watermarks.isSilent()).isFalse();
    assertThat(at(watermarks, 1_400)).isEqualTo(5_989);
    assertThat(at(watermarks, 1_600)).isEqualTo(5_489 + 600);
    watermarks.observe("a", 9_000, 1_600);
    assertThat(at(watermarks, 1_600)).isEqualTo(8_989);
  }

  @Test
  void idleSource_goesOnTooAndStaysIdle() {
    SourceWatermarks watermarks = subtask(STRATEGY.withIdleTimeout(Duration.ofMillis(50)));
    watermarks.add("a", 0);
    watermarks.observe("a", 5_000, 0);
    assertThat(at(watermarks, 60)).isEqualTo(4_989);
    assertThat(watermarks.isIdle()).isTrue();
    assertThat(at(watermarks, 200)).isEqualTo(4_989 + 200);
    assertThat(watermarks.isIdle()).isTrue();
  }

  @Test
  void sourceThatCouldNotBeRead_isNotSilent() {
    SourceWatermarks watermarks = subtask(STRATEGY);
    watermarks.add("a", 0);
    watermarks.observe("a", 5_000, 0);
    watermarks.paused(150);
    assertThat(at(watermarks, 150)).isEqualTo(4_989);
    assertThat(at(watermarks, 249)).isEqualTo(4_989);
    assertThat(at(watermarks, 250)).isEqualTo(4_989 + 250);
  }

  @Test
  void oneSubtaskWithRows_keepsAllFromBeingSilent() {
    SourceSilence shared = new SourceSilence(Duration.ofMillis(100));
    SourceWatermarks one = new SourceWatermarks(TimeCharacteristic.EVENT, STRATEGY, shared);
    SourceWatermarks other = new SourceWatermarks(TimeCharacteristic.EVENT, STRATEGY, shared);
    one.add("a", 0);
    other.add("b", 0);
    one.observe("a", 1_000, 0);
    other.observe("b", 5_000, 80);
    assertThat(at(one, 179)).isEqualTo(989);
    assertThat(at(one, 180)).isEqualTo(4_989 + 100);
    assertThat(at(other, 180)).isEqualTo(4_989 + 100);
  }

  @Test
  void restore_goesOnWhereItWas_withoutTheTimeInBetween() {
    SourceWatermarks before = subtask(STRATEGY);
    before.add("a", 0);
    before.observe("a", 5_000, 0);
    assertThat(at(before, 400)).isEqualTo(5_389);
    byte[] snapshot = before.snapshot("a");

    SourceWatermarks after = subtask(STRATEGY);
    after.restore("a", snapshot, 10_000);
    assertThat(at(after, 10_000)).isEqualTo(5_389);
    assertThat(at(after, 10_099)).isEqualTo(5_389);
    assertThat(at(after, 10_100)).isEqualTo(5_489);
    after.observe("a", 5_200, 10_100);
    assertThat(at(after, 10_500)).isEqualTo(5_189 + 400);

    SourceWatermarks without = subtask(STRATEGY.withSilenceFallback(null));
    without.restore("a", snapshot, 10_000);
    assertThat(at(without, 20_000)).as("never back, also without the fallback").isEqualTo(5_389);
  }

  @Test
  void snapshotOfAStrategyWithoutFallback_isTaken() {
    SourceWatermarks before = subtask(STRATEGY.withSilenceFallback(null));
    before.add("a", 0);
    before.observe("a", 5_000, 0);
    SourceWatermarks after = subtask(STRATEGY);
    after.restore("a", before.snapshot("a"), 0);
    assertThat(at(after, 99)).isEqualTo(4_989);
    assertThat(at(after, 100)).isEqualTo(5_089);
  }

  @Test
  void ingestionTime_hasNoFallback() {
    SourceWatermarks watermarks = new SourceWatermarks(TimeCharacteristic.INGESTION, STRATEGY);
    watermarks.add("a", 0);
    watermarks.observe("a", 5_000_000, 0);
    assertThat(at(watermarks, 500)).isEqualTo(499);
  }

  /** What was said of the source so far; answers by definition. */
  private static final class Reference {
    final List<long[]> rows = new ArrayList<>(); // subtask, timestamp, now
    long heldMillis = Long.MIN_VALUE;
    final long[] reached = {Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE};

    long watermark(int subtask, long nowMillis) {
      long largest = rows.stream().mapToLong(r -> r[1]).max().orElse(Long.MIN_VALUE);
      long last = rows.stream().mapToLong(r -> r[2]).max().orElse(Long.MIN_VALUE);
      long own =
          rows.stream()
              .filter(r -> r[0] == subtask)
              .mapToLong(r -> r[1] - 11)
              .max()
              .orElse(Long.MIN_VALUE);
      boolean silent = !rows.isEmpty() && nowMillis - Math.max(last, heldMillis) >= 100;
      long candidate = silent ? Math.max(own, largest - 11 + (nowMillis - last)) : own;
      reached[subtask] = Math.max(reached[subtask], candidate);
      return reached[subtask];
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomSubtasks_agreeWithTheDefinition(int seed) {
    Random random = new Random(seed);
    SourceSilence shared = new SourceSilence(Duration.ofMillis(100));
    List<SourceWatermarks> subtasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      subtasks.add(new SourceWatermarks(TimeCharacteristic.EVENT, STRATEGY, shared));
      subtasks.get(i).add("split", 0);
    }
    Reference reference = new Reference();
    long now = 0;
    for (int step = 0; step < 3_000; step++) {
      now += random.nextInt(10) == 0 ? random.nextInt(300) : random.nextInt(20);
      int i = random.nextInt(3);
      switch (random.nextInt(12)) {
        case 0, 1 -> {
          long timestamp = now + random.nextInt(400) - 200;
          subtasks.get(i).observe("split", timestamp, now);
          reference.rows.add(new long[] {i, timestamp, now});
        }
        case 2 -> {
          if (random.nextInt(5) == 0) {
            subtasks.get(i).paused(1);
            reference.heldMillis = now;
          }
        }
        default -> {}
      }
      assertThat(at(subtasks.get(i), now))
          .as("seed " + seed + ", step " + step)
          .isEqualTo(reference.watermark(i, now));
    }
  }
}
