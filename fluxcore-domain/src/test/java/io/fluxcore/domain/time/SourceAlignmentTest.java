package io.fluxcore.domain.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceAlignmentTest {
  private static final long DRIFT = 100;
  private static final long IDLE = 500;
  private static final WatermarkAlignment SETTINGS =
      new WatermarkAlignment("group", Duration.ofMillis(DRIFT));
  private static final WatermarkStrategy STRATEGY =
      WatermarkStrategy.monotonous()
          .withIdleTimeout(Duration.ofMillis(IDLE))
          .withAlignment(SETTINGS);

  private final SourceWatermarks watermarks =
      new SourceWatermarks(TimeCharacteristic.EVENT, STRATEGY);
  private final SourceAlignment alignment = new SourceAlignment(SETTINGS, watermarks);

  @Test
  void splitsBeyondTheDrift_areHeld_theOthersAreRead() {
    watermarks.add("near", 0);
    watermarks.add("far", 0);
    watermarks.observe("near", 1_100, 0); // a watermark of 1,099
    watermarks.observe("far", 1_101, 0);
    assertThat(alignment.decide(999)).isTrue();
    assertThat(alignment.held()).containsExactly("far");
    assertThat(alignment.holdsAll()).isFalse();
    assertThat(alignment.awaited()).isEqualTo(1_000);
    assertThat(alignment.decide(999)).as("the same again").isFalse();
    assertThat(alignment.decide(1_000)).isTrue();
    assertThat(alignment.held()).isEmpty();
    assertThat(alignment.awaited()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void groupThatHasNotBegun_holdsWhoeverHas() {
    watermarks.add("a", 0);
    assertThat(alignment.slowest()).isEqualTo(Long.MIN_VALUE);
    assertThat(alignment.decide(Long.MIN_VALUE)).as("nothing read yet").isFalse();
    watermarks.observe("a", 0, 0);
    assertThat(alignment.decide(Long.MIN_VALUE)).isTrue();
    assertThat(alignment.holdsAll()).isTrue();
  }

  @Test
  void groupWithoutActiveSplits_holdsNobody() {
    watermarks.add("a", 0);
    watermarks.observe("a", Long.MAX_VALUE, 0);
    assertThat(alignment.decide(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void timeWhileHeld_doesNotMakeIdle_norSilent() {
    SourceWatermarks silentSoon =
        new SourceWatermarks(
            TimeCharacteristic.EVENT, STRATEGY.withSilenceFallback(Duration.ofMillis(50)));
    SourceAlignment holding = new SourceAlignment(SETTINGS, silentSoon);
    silentSoon.add("a", 0);
    silentSoon.observe("a", 5_000, 0);
    holding.decide(0);
    assertThat(holding.holdsAll()).isTrue();
    holding.passed(10_000);
    silentSoon.advance(10_000);
    assertThat(silentSoon.isIdle("a")).isFalse();
    assertThat(silentSoon.watermark()).isEqualTo(4_999);
    holding.decide(5_000);
    silentSoon.advance(10_049);
    assertThat(silentSoon.watermark()).isEqualTo(4_999);
    silentSoon.advance(10_000 + IDLE);
    assertThat(silentSoon.isIdle("a")).isTrue();
  }

  @Test
  void idleAndEndedSplits_areNotHeldAndHoldNobody() {
    watermarks.add("a", 0);
    watermarks.add("b", 0);
    watermarks.observe("a", 5_000, 0);
    watermarks.observe("b", 6_000, 300);
    watermarks.advance(IDLE);
    alignment.decide(0);
    assertThat(alignment.held()).containsExactly("b");
    assertThat(alignment.holdsAll()).as("a is idle").isTrue();
    assertThat(alignment.slowest()).isEqualTo(5_999);
    watermarks.end("b");
    assertThat(alignment.slowest()).isEqualTo(Long.MAX_VALUE);
    assertThat(alignment.decide(0)).isTrue();
    assertThat(alignment.holdsAll()).isFalse();
  }

  @Test
  void limits_doNotOverflow() {
    assertThat(SETTINGS.limit(Long.MAX_VALUE - 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(SETTINGS.limit(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE + DRIFT);
    assertThat(SETTINGS.awaited(Long.MIN_VALUE + 1)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void settings_areChecked() {
    assertThatThrownBy(() -> new WatermarkAlignment(" ", Duration.ofSeconds(1)))
        .hasMessageContaining("no name");
    assertThatThrownBy(() -> new WatermarkAlignment("g", Duration.ZERO))
        .hasMessageContaining("maxDrift");
    assertThatThrownBy(
            () -> new WatermarkAlignment("g", Duration.ofSeconds(1), Duration.ofMillis(-1)))
        .hasMessageContaining("updateInterval");
    assertThatThrownBy(() -> STRATEGY.withSilenceFallback(Duration.ofNanos(1)))
        .hasMessageContaining("silenceFallback");
  }

  /** A split as the reference sees it. */
  private static final class Split {
    final String name;
    long watermark = Long.MIN_VALUE;
    long quietMillis;
    boolean idle;
    boolean ended;

    Split(String name) {
      this.name = name;
    }

    boolean isActive() {
      return !idle && !ended;
    }
  }

  private static final class Subtask {
    final SourceWatermarks watermarks = new SourceWatermarks(TimeCharacteristic.EVENT, STRATEGY);
    final SourceAlignment alignment = new SourceAlignment(SETTINGS, watermarks);
    final List<Split> splits = new ArrayList<>();
  }

  private static long slowest(List<Subtask> subtasks) {
    return subtasks.stream()
        .flatMap(s -> s.splits.stream())
        .filter(Split::isActive)
        .mapToLong(s -> s.watermark)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomGroups_agreeWithTheDefinition_andNeverStandStill(int seed) {
    Random random = new Random(seed);
    List<Subtask> subtasks = new ArrayList<>();
    List<Split> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Subtask subtask = new Subtask();
      for (int j = random.nextInt(4); j >= 0; j--) {
        Split split = new Split(i + "/" + j);
        subtask.watermarks.add(split.name, 0);
        subtask.splits.add(split);
        open.add(split);
      }
      subtasks.add(subtask);
    }
    long now = 0;
    for (int step = 0; step < 2_000 && !open.isEmpty(); step++) {
      long passed = random.nextInt(20) == 0 ? random.nextInt(600) : random.nextInt(10);
      now += passed;
      for (Subtask subtask : subtasks) {
        Set<String> held = subtask.alignment.held();
        subtask.splits.stream()
            .filter(s -> !held.contains(s.name))
            .forEach(s -> s.quietMillis += passed);
        subtask.alignment.passed(passed);
      }
      Subtask subtask = subtasks.get(random.nextInt(3));
      Split split = subtask.splits.get(random.nextInt(subtask.splits.size()));
      boolean readable = !split.ended && !subtask.alignment.held().contains(split.name);
      if (readable && random.nextInt(500) == 0) {
        subtask.watermarks.end(split.name);
        split.ended = true;
        open.remove(split);
      } else if (readable && random.nextInt(4) > 0) {
        long from = split.watermark == Long.MIN_VALUE ? 0 : split.watermark;
        long timestamp = from + random.nextInt(1 + 20 * subtask.splits.indexOf(split) + 5);
        subtask.watermarks.observe(split.name, timestamp, now);
        split.watermark = Math.max(split.watermark, timestamp - 1);
        split.quietMillis = 0;
        split.idle = false;
      }
      for (Subtask each : subtasks) {
        each.watermarks.advance(now);
        each.splits.forEach(s -> s.idle |= s.quietMillis >= IDLE);
      }
      long told = Long.MAX_VALUE;
      for (Subtask each : subtasks) {
        told = Math.min(told, each.alignment.slowest());
      }
      String place = "seed " + seed + ", step " + step;
      long slowest = slowest(subtasks);
      assertThat(told).as(place).isEqualTo(slowest);
      boolean anyActive = false;
      boolean anyRead = false;
      for (Subtask each : subtasks) {
        each.alignment.decide(told);
        for (Split one : each.splits) {
          boolean ahead =
              one.isActive()
                  && slowest != Long.MAX_VALUE
                  && one.watermark > Long.MIN_VALUE
                  && (slowest == Long.MIN_VALUE || one.watermark > slowest + DRIFT);
          assertThat(each.alignment.held().contains(one.name))
              .as(place + one.name)
              .isEqualTo(ahead);
          anyActive |= one.isActive();
          anyRead |= one.isActive() && !ahead;
        }
      }
      assertThat(anyRead).as(place).isEqualTo(anyActive);
    }
  }
}
