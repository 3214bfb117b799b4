package io.fluxcore.domain.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private final List<Long> waits = new ArrayList<>();

  private Retries retries(RetryPolicy policy) {
    return new Retries(policy, delay -> waits.add(delay.toMillis()));
  }

  private static RetryPolicy policy(int attempts, long initial, long maximum, double factor) {
    return new RetryPolicy(
        attempts, Duration.ofMillis(initial), Duration.ofMillis(maximum), factor);
  }

  @Test
  void delays_growByTheFactor_upToTheMaximum() {
    Retries retries = retries(policy(5, 10, 50, 2));
    retries.begin();
    int failures = 1;
    while (retries.again(failures)) {
      failures++;
    }
    assertThat(failures).isEqualTo(6);
    assertThat(waits).containsExactly(10L, 20L, 40L, 50L, 50L);
    assertThat(policy(5, 10, 50, 2).longestWait()).isEqualTo(Duration.ofMillis(170));
    assertThat(policy(100, 1, 1_000_000, 1_000).delayBefore(100))
        .isEqualTo(Duration.ofMillis(1_000_000));
  }

  @Test
  void rowsOfABatch_shareTheWaitingTimeOfOne() {
    Retries retries = retries(policy(2, 10, 10, 1));
    retries.begin();
    assertThat(retries.again(1)).isTrue();
    for (int row = 0; row < 3; row++) {
      assertThat(retries.again(1)).isTrue();
      assertThat(retries.again(2)).isTrue();
      assertThat(retries.again(3)).isFalse();
    }
    assertThat(waits).containsExactly(10L, 10L);
    retries.begin();
    assertThat(retries.again(1)).isTrue();
    assertThat(waits).containsExactly(10L, 10L, 10L);
  }

  @Test
  void none_triesNothingAgain() {
    Retries.NONE.begin();
    assertThat(Retries.NONE.again(1)).isFalse();
    assertThat(Retries.NONE.isOn()).isFalse();
  }

  @Test
  void settingsThatMakeNoSense_areRefused() {
    assertThatThrownBy(() -> policy(0, 1, 1, 1)).hasMessageContaining("attempts is 0");
    assertThatThrownBy(() -> policy(101, 1, 1, 1)).hasMessageContaining("attempts is 101");
    assertThatThrownBy(() -> policy(1, 0, 1, 1)).hasMessageContaining("initial is PT0S");
    assertThatThrownBy(() -> policy(1, 2, 1, 1)).hasMessageContaining("maximum is PT0.001S");
    assertThatThrownBy(() -> policy(1, 1, 1, 0.5)).hasMessageContaining("factor is 0.5");
    assertThatThrownBy(() -> policy(1, 1, 1, Double.NaN)).hasMessageContaining("factor is NaN");
  }
}
