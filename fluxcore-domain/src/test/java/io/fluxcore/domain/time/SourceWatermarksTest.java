package io.fluxcore.domain.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceWatermarksTest {
  private static final WatermarkStrategy BOUND_10 =
      WatermarkStrategy.boundedOutOfOrderness(Duration.ofMillis(10));

  private static EventBatch rows(long... timestamps) {
    return EventBatch.of(Schema.of(), new Column[0], timestamps, timestamps.length);
  }

  private static SourceWatermarks eventTime(WatermarkStrategy strategy) {
    return new SourceWatermarks(TimeCharacteristic.EVENT, strategy);
  }

  @ParameterizedTest
  @CsvSource({
    "-9223372036854775808, -9223372036854775808",
    "-9223372036854775807, -9223372036854775808",
    "-9223372036854775798, -9223372036854775808",
    "-9223372036854775797, -9223372036854775808",
    "-9223372036854775796, -9223372036854775807",
    "-1, -12",
    "0, -11",
    "9223372036854775807, 9223372036854775796"
  })
  void watermark_isLargestMinusBoundMinusOne_withoutOverflow(long timestamp, long watermark) {
    SourceWatermarks watermarks = eventTime(BOUND_10);
    watermarks.add("a", 0);
    watermarks.observe("a", rows(timestamp), 0);
    watermarks.advance(0);
    assertThat(watermarks.watermark()).isEqualTo(watermark);
  }

  @Test
  void monotonous_isOneBehindTheLargest() {
    SourceWatermarks watermarks = eventTime(WatermarkStrategy.monotonous());
    watermarks.add("a", 0);
    watermarks.observe("a", rows(5, 3), 0);
    watermarks.advance(0);
    assertThat(watermarks.watermark()).isEqualTo(4);
  }

  @Test
  void emptyBatch_saysNothing_andDoesNotRevive() {
    SourceWatermarks watermarks = eventTime(BOUND_10.withIdleTimeout(Duration.ofMillis(5)));
    watermarks.add("a", 0);
    watermarks.advance(5);
    assertThat(watermarks.isIdle()).isTrue();
    watermarks.observe("a", rows(), 6);
    watermarks.advance(6);
    assertThat(watermarks.isIdle()).isTrue();
    assertThat(watermarks.watermark()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void noSplit_isIdleAtOnce() {
    SourceWatermarks watermarks = eventTime(BOUND_10);
    watermarks.advance(0);
    assertThat(watermarks.isIdle()).isTrue();
  }

  @Test
  void minimumOverSplits_waitsForTheFirstRowOfEach() {
    SourceWatermarks watermarks = eventTime(BOUND_10);
    watermarks.add("a", 0);
    watermarks.add("b", 0);
    watermarks.observe("a", rows(100), 0);
    watermarks.advance(0);
    assertThat(watermarks.watermark()).isEqualTo(Long.MIN_VALUE);
    watermarks.observe("b", rows(50), 0);
    watermarks.advance(0);
    assertThat(watermarks.watermark()).isEqualTo(39);
  }

  @Test
  void idleSplit_stepsAside_andRevivalNeverGoesBack() {
    SourceWatermarks watermarks = eventTime(BOUND_10.withIdleTimeout(Duration.ofMillis(100)));
    watermarks.add("a", 0);
    watermarks.add("b", 0);
    watermarks.observe("a", rows(50), 0);
    watermarks.observe("b", rows(500), 99);
    watermarks.advance(99);
    assertThat(watermarks.watermark()).isEqualTo(39);
    watermarks.advance(100);
    assertThat(watermarks.watermark()).isEqualTo(489);
    assertThat(watermarks.isIdle()).isFalse();
    watermarks.observe("a", rows(60), 101);
    watermarks.observe("b", rows(900), 101);
    watermarks.advance(101);
    assertThat(watermarks.watermark()).isEqualTo(489);
    watermarks.observe("a", rows(700), 102);
    watermarks.advance(102);
    assertThat(watermarks.watermark()).isEqualTo(689);
  }

  @Test
  void allIdle_isIdle_withTheLargestWatermark_inEitherOrder() {
    for (String first : new String[] {"a", "b"}) {
      String second = first.equals("a") ? "b" : "a";
      SourceWatermarks watermarks = eventTime(BOUND_10.withIdleTimeout(Duration.ofMillis(100)));
      watermarks.add("a", 0);
      watermarks.add("b", 0);
      watermarks.observe(first, rows(first.equals("a") ? 50 : 500), 0);
      watermarks.observe(second, rows(first.equals("a") ? 500 : 50), 60);
      watermarks.advance(100);
      watermarks.advance(160);
      assertThat(watermarks.isIdle()).isTrue();
      assertThat(watermarks.watermark()).isEqualTo(489);
    }
  }

  @Test
  void timeUnderBackPressure_doesNotMakeIdle() {
    SourceWatermarks watermarks = eventTime(BOUND_10.withIdleTimeout(Duration.ofMillis(100)));
    watermarks.add("a", 0);
    watermarks.paused(1_000);
    watermarks.advance(1_050);
    assertThat(watermarks.isIdle()).isFalse();
    watermarks.advance(1_100);
    assertThat(watermarks.isIdle()).isTrue();
  }

  @Test
  void endedSplit_holdsNobodyBack_andTheLastOneLeavesItsWatermark() {
    SourceWatermarks watermarks = eventTime(BOUND_10);
    watermarks.add("a", 0);
    watermarks.add("b", 0);
    watermarks.observe("a", rows(50), 0);
    watermarks.observe("b", rows(500), 0);
    watermarks.end("a");
    watermarks.advance(0);
    assertThat(watermarks.watermark()).isEqualTo(489);
    watermarks.observe("b", rows(600), 0);
    watermarks.end("b");
    watermarks.advance(0);
    assertThat(watermarks.watermark()).isEqualTo(589);
    assertThat(watermarks.isIdle()).isTrue();
  }

  @Test
  void restoredSplit_goesOnFromItsGenerator() {
    SourceWatermarks before = eventTime(BOUND_10);
    before.add("a", 0);
    before.observe("a", rows(500), 0);
    SourceWatermarks after = eventTime(BOUND_10);
    after.restore("a", before.snapshot("a"), 0);
    after.advance(0);
    assertThat(after.watermark()).isEqualTo(489);
    assertThatThrownBy(() -> after.restore("b", new byte[] {9, 0}, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("format 9");
  }

  @Test
  void ingestionTime_followsTheClock_processingTimeIsIdle() {
    SourceWatermarks ingestion = new SourceWatermarks(TimeCharacteristic.INGESTION, BOUND_10);
    ingestion.add("a", 0);
    ingestion.advance(1_000);
    assertThat(ingestion.watermark()).isEqualTo(999);
    SourceWatermarks processing = new SourceWatermarks(TimeCharacteristic.PROCESSING, BOUND_10);
    processing.add("a", 0);
    processing.observe("a", rows(5), 0);
    processing.advance(1_000);
    assertThat(processing.watermark()).isEqualTo(Long.MIN_VALUE);
    assertThat(processing.isIdle()).isTrue();
  }
}
