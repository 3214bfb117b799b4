package io.fluxcore.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartStrategyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Failures at these seconds. */
  private static List<Instant> failures(long... seconds) {
    List<Instant> result = new ArrayList<>();
    for (long second : seconds) {
      result.add(Instant.ofEpochSecond(second));
    }
    return result;
  }

  @Test
  void none_givesUpAtOnce() {
    assertThat(RestartStrategy.none().afterFailure(failures(1))).isEmpty();
  }

  @Test
  void fixedDelay_startsAgainSoManyTimes() {
    RestartStrategy strategy = RestartStrategy.fixedDelay(2, SECOND);
    assertThat(strategy.afterFailure(failures(1))).contains(SECOND);
    assertThat(strategy.afterFailure(failures(1, 2))).contains(SECOND);
    assertThat(strategy.afterFailure(failures(1, 2, 3))).isEmpty();
  }

  @Test
  void fixedDelay_ofNoAttempts_givesUpAtOnce() {
    assertThat(RestartStrategy.fixedDelay(0, Duration.ZERO).afterFailure(failures(1))).isEmpty();
  }

  @Test
  void fixedDelay_ofMaxAttempts_goesOn() {
    assertThat(
            RestartStrategy.fixedDelay(Integer.MAX_VALUE, Duration.ZERO)
                .afterFailure(failures(1, 1, 1)))
        .contains(Duration.ZERO);
  }

  @Test
  void exponentialBackoff_doublesUpToTheMaximum() {
    RestartStrategy strategy = RestartStrategy.exponentialBackoff(SECOND, Duration.ofSeconds(5));
    assertThat(strategy.afterFailure(failures(1))).contains(SECOND);
    assertThat(strategy.afterFailure(failures(1, 2))).contains(Duration.ofSeconds(2));
    assertThat(strategy.afterFailure(failures(1, 2, 3))).contains(Duration.ofSeconds(4));
    assertThat(strategy.afterFailure(failures(1, 2, 3, 4))).contains(Duration.ofSeconds(5));
  }

  @Test
  void exponentialBackoff_afterAQuietTime_startsAnew() {
    RestartStrategy strategy = RestartStrategy.exponentialBackoff(SECOND, Duration.ofSeconds(60));
    assertThat(strategy.afterFailure(failures(1, 2, 3, 3 + 3600))).contains(SECOND);
    assertThat(strategy.afterFailure(failures(1, 2, 3, 3 + 3599))).contains(Duration.ofSeconds(8));
  }

  @Test
  void exponentialBackoff_afterThousandsOfFailures_staysAtTheMaximum() {
    RestartStrategy strategy = RestartStrategy.exponentialBackoff(SECOND, Duration.ofMinutes(1));
    assertThat(strategy.afterFailure(failures(new long[5000]))).contains(Duration.ofMinutes(1));
  }

  @Test
  void failureRate_countsTheFailuresOfTheInterval() {
    RestartStrategy strategy = RestartStrategy.failureRate(2, Duration.ofSeconds(10), SECOND);
    assertThat(strategy.afterFailure(failures(0, 5))).contains(SECOND);
    assertThat(strategy.afterFailure(failures(0, 5, 9))).isEmpty();
    assertThat(strategy.afterFailure(failures(0, 5, 10))).contains(SECOND);
    assertThat(strategy.afterFailure(List.of())).contains(SECOND);
  }

  @Test
  void valuesOutOfRange_areRefused() {
    assertThatThrownBy(() -> RestartStrategy.fixedDelay(-1, SECOND))
        .hasMessageContaining("attempts is -1");
    assertThatThrownBy(() -> RestartStrategy.fixedDelay(1, SECOND.negated()))
        .hasMessageContaining("delay is PT-1S");
    assertThatThrownBy(() -> RestartStrategy.exponentialBackoff(SECOND, Duration.ZERO))
        .hasMessageContaining("maximum PT0S is below initial PT1S");
    assertThatThrownBy(
            () -> new RestartStrategy.ExponentialBackoff(SECOND, SECOND, Double.NaN, SECOND))
        .hasMessageContaining("factor NaN");
    assertThatThrownBy(() -> RestartStrategy.failureRate(0, SECOND, SECOND))
        .hasMessageContaining("maxFailures is 0");
  }
}
