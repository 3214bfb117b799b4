package io.fluxcore.domain.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChannelWatermarksTest {
  @Test
  void minimumOverActiveChannels_neverBackwards() {
    ChannelWatermarks watermarks = new ChannelWatermarks(2);
    watermarks.update(0, 10);
    assertThat(watermarks.watermark()).isEqualTo(Long.MIN_VALUE);
    watermarks.update(1, -1);
    assertThat(watermarks.watermark()).isEqualTo(-1);
    watermarks.update(1, -5);
    assertThat(watermarks.watermark()).isEqualTo(-1);
    watermarks.update(1, 20);
    assertThat(watermarks.watermark()).isEqualTo(10);
  }

  @Test
  void idleChannel_stepsAside_andRevivesWithoutGoingBack() {
    ChannelWatermarks watermarks = new ChannelWatermarks(2);
    watermarks.update(0, 10);
    watermarks.update(1, 100);
    watermarks.idle(0);
    assertThat(watermarks.watermark()).isEqualTo(100);
    assertThat(watermarks.isIdle()).isFalse();
    watermarks.active(0);
    watermarks.update(0, 50);
    assertThat(watermarks.watermark()).isEqualTo(100);
    watermarks.update(0, 200);
    watermarks.update(1, 150);
    assertThat(watermarks.watermark()).isEqualTo(150);
  }

  @Test
  void allIdle_isIdle_withTheLargest_inEitherOrder() {
    for (int first = 0; first < 2; first++) {
      ChannelWatermarks watermarks = new ChannelWatermarks(2);
      watermarks.update(0, 10);
      watermarks.update(1, 100);
      watermarks.idle(first);
      watermarks.idle(1 - first);
      assertThat(watermarks.isIdle()).isTrue();
      assertThat(watermarks.watermark()).isEqualTo(100);
      watermarks.active(first);
      assertThat(watermarks.isIdle()).isFalse();
    }
  }

  @Test
  void idleWithoutAWatermark_givesNone() {
    ChannelWatermarks watermarks = new ChannelWatermarks(2);
    watermarks.idle(0);
    watermarks.idle(1);
    assertThat(watermarks.isIdle()).isTrue();
    assertThat(watermarks.watermark()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void endedChannel_countsNoMore() {
    ChannelWatermarks watermarks = new ChannelWatermarks(2);
    watermarks.update(0, Long.MAX_VALUE);
    watermarks.end(0);
    assertThat(watermarks.watermark()).isEqualTo(Long.MIN_VALUE);
    watermarks.update(1, 0);
    assertThat(watermarks.watermark()).isZero();
    watermarks.idle(1);
    assertThat(watermarks.isIdle()).isTrue();
    assertThat(watermarks.watermark()).isZero();
    watermarks.active(1);
    watermarks.update(1, Long.MAX_VALUE);
    watermarks.end(1);
    assertThat(watermarks.watermark()).isEqualTo(Long.MAX_VALUE);
    assertThat(watermarks.isIdle()).isFalse();
  }

  @Test
  void endOfOneInput_doesNotEndAnother_thatIsIdle() {
    ChannelWatermarks watermarks = new ChannelWatermarks(2);
    watermarks.update(1, 10);
    watermarks.idle(1);
    watermarks.update(0, Long.MAX_VALUE);
    assertThat(watermarks.watermark()).isEqualTo(10);
    watermarks.end(0);
    assertThat(watermarks.watermark()).isEqualTo(10);
    assertThat(watermarks.isIdle()).isTrue();
  }
}
