package io.fluxcore.infrastructure.embedded.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.TimeBounds;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimedReadingTest {
  private static final Schema SCHEMA = Schema.of(new Field("n", DataType.LONG));

  private static EventBatch batch(long... times) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (int i = 0; i < times.length; i++) {
      builder.row(times[i], (long) i);
    }
    return builder.build();
  }

  private static TimedReading reading(TimeBounds bounds, long boundMillis) {
    return new TimedReading(
        bounds, WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(boundMillis)));
  }

  private static List<Long> times(EventBatch batch) {
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      times.add(batch.timestamps()[batch.row(i)]);
    }
    return times;
  }

  @Test
  void from_leavesOutWhatIsEarlier_andHasNoEnd() {
    TimedReading reading = reading(TimeBounds.from(100), 0);
    assertThat(times(reading.within("a", batch(99, 100, 5, 101, Long.MIN_VALUE, Long.MAX_VALUE))))
        .containsExactly(100L, 101L, Long.MAX_VALUE);
    assertThat(reading.isOver(Set.of(), split -> true)).isFalse();
    assertThat(reading.capped(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void batchThatIsWantedAsAWhole_staysAsItIs() {
    EventBatch all = batch(1, 2, 3);
    assertThat(reading(TimeBounds.from(1), 0).within("a", all)).isSameAs(all);
  }

  @Test
  void split_arrivesWithTheFirstRowThatBringsItsWatermarkThere() {
    TimedReading reading = reading(TimeBounds.NONE.until(100), 10);
    assertThat(times(reading.within("a", batch(95, 109, 99)))).containsExactly(95L, 99L);
    assertThat(reading.arrived()).isEmpty();
    assertThat(reading.isOver(Set.of("a", "b"), split -> split.equals("b"))).isFalse();
    assertThat(times(reading.within("a", batch(98, 110, 99)))).containsExactly(98L);
    assertThat(reading.arrived()).containsExactly("a");
    assertThat(reading.within("a", batch(1, 2)).isEmpty()).isTrue();
    assertThat(times(reading.within("b", batch(1)))).containsExactly(1L);
    assertThat(reading.isOver(Set.of("a", "b"), split -> false)).isFalse();
    assertThat(reading.isOver(Set.of("a", "b"), split -> split.equals("b"))).isTrue();
    assertThat(reading.lastWatermark()).isEqualTo(99);
    assertThat(reading.capped(500)).isEqualTo(99);
    assertThat(reading.capped(7)).isEqualTo(7);
  }

  @Test
  void endNearTheEndOfTime_isNotPassed() {
    TimedReading reading = reading(TimeBounds.NONE.until(Long.MAX_VALUE - 1), 10);
    assertThat(times(reading.within("a", batch(Long.MAX_VALUE - 2, Long.MAX_VALUE - 1))))
        .containsExactly(Long.MAX_VALUE - 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 500})
  void whatIsWanted_dependsOnNoBatchSize(int size) {
    Random random = new Random(7);
    long[] times = new long[500];
    Arrays.setAll(times, i -> i + random.nextInt(200));
    TimedReading whole = reading(new TimeBounds(50, 300), 20);
    List<Long> expected = times(whole.within("a", batch(times)));
    TimedReading parts = reading(new TimeBounds(50, 300), 20);
    List<Long> wanted = new ArrayList<>();
    for (int from = 0; from < times.length; from += size) {
      long[] part = Arrays.copyOfRange(times, from, Math.min(times.length, from + size));
      wanted.addAll(times(parts.within("a", batch(part))));
    }
    assertThat(wanted).isEqualTo(expected).isNotEmpty();
    assertThat(parts.arrived()).isEqualTo(whole.arrived()).containsExactly("a");
  }

  @Test
  void bounds_goThroughTheirBytes() {
    TimeBounds bounds = new TimeBounds(-1, Long.MAX_VALUE - 1);
    assertThat(TimeBounds.parse(bounds.toBytes())).isEqualTo(bounds);
    assertThatThrownBy(() -> TimeBounds.parse(new byte[] {2}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TimeBounds(5, 5)).isInstanceOf(IllegalArgumentException.class);
  }
}
