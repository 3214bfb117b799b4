package io.fluxcore.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ErrorRateTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void moreThanTheNumber_withinTheWindow_isTooMuch() {
    ErrorRate rate = new ErrorRate(ErrorBreaker.ofFailures(10, MINUTE));
    assertThat(rate.observe(0, 500, 500)).isEmpty();
    assertThat(rate.observe(30_000, 1_000, 510)).isEmpty();
    assertThat(rate.observe(59_000, 1_001, 511)).get().asString().contains("11 rows", "PT1M");
  }

  @Test
  void whatIsOlderThanTheWindow_isForgotten() {
    ErrorRate rate = new ErrorRate(ErrorBreaker.ofFailures(10, MINUTE));
    long failures = 0;
    for (long second = 0; second < 600; second++) {
      failures += second % 6 == 0 ? 1 : 0;
      assertThat(rate.observe(second * 1_000, second * 100, failures)).as("" + second).isEmpty();
    }
    assertThat(rate.observe(600_000, 60_000, failures + 8)).isPresent();
  }

  @Test
  void share_countsOnlyWithEnoughRows() {
    ErrorRate rate = new ErrorRate(ErrorBreaker.ofShare(0.1, MINUTE, 100));
    assertThat(rate.observe(0, 0, 0)).isEmpty();
    assertThat(rate.observe(1_000, 99, 99)).isEmpty();
    assertThat(rate.observe(2_000, 1_000, 100)).isEmpty();
    assertThat(rate.observe(3_000, 1_000, 101)).get().asString().contains("101", "1000", "0.1");
  }

  @Test
  void clockThatGoesBack_beginsAnew() {
    ErrorRate rate = new ErrorRate(ErrorBreaker.ofFailures(10, MINUTE));
    assertThat(rate.observe(100_000, 0, 0)).isEmpty();
    assertThat(rate.observe(5_000, 50, 50)).isEmpty();
    assertThat(rate.observe(6_000, 61, 61)).isPresent();
  }

  @Test
  void settingsThatMakeNoSense_areRefused() {
    assertThatThrownBy(() -> new ErrorBreaker(ErrorBreaker.ANY, 1, MINUTE, 1))
        .hasMessageContaining("a number of failures or a share");
    assertThatThrownBy(() -> ErrorBreaker.ofFailures(0, MINUTE)).hasMessageContaining("failures");
    assertThatThrownBy(() -> ErrorBreaker.ofShare(0, MINUTE, 1)).hasMessageContaining("share");
    assertThatThrownBy(() -> ErrorBreaker.ofShare(Double.NaN, MINUTE, 1))
        .hasMessageContaining("share is NaN");
    assertThatThrownBy(() -> ErrorBreaker.ofFailures(1, Duration.ofMillis(999)))
        .hasMessageContaining("window");
  }
}
