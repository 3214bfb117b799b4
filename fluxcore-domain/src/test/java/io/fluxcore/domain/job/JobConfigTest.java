package io.fluxcore.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobConfigTest {
  private static JobConfig.Builder job() {
    return JobConfig.builder().name("clicks");
  }

  @Test
  void whatIsNotSaid_hasADefault() {
    JobConfig config = job().build();
    assertThat(config.version()).isEqualTo("1");
    assertThat(config.parallelism()).isEqualTo(1);
    assertThat(config.maxParallelism()).isEqualTo(128);
    assertThat(config.checkpointInterval()).isNull();
    assertThat(config.restartStrategy()).isEqualTo(RestartStrategy.none());
    assertThat(config.errors()).isEqualTo(ErrorPolicy.DEAD_LETTER);
    assertThat(config.stateBackend()).isEqualTo(JobConfig.DEFAULT_STATE_BACKEND);
  }

  @Test
  void numbersOutOfRange_areRefusedWithTheirValue() {
    assertThatThrownBy(() -> JobConfig.builder().build()).hasMessageContaining("name");
    assertThatThrownBy(() -> job().name(" ").build()).hasMessageContaining("name");
    assertThatThrownBy(() -> job().version("").build()).hasMessageContaining("version");
    assertThatThrownBy(() -> job().parallelism(0).build()).hasMessageContaining("parallelism is 0");
    assertThatThrownBy(() -> job().parallelism(129).build())
        .hasMessageContaining("parallelism is 129, must be 1..128");
    assertThatThrownBy(() -> job().maxParallelism(32_769).build()).hasMessageContaining("32769");
    assertThatThrownBy(() -> job().batchRows(0).build()).hasMessageContaining("batchRows is 0");
    assertThatThrownBy(() -> job().linger(Duration.ofMillis(-1)).build())
        .hasMessageContaining("linger");
    assertThatThrownBy(() -> job().watermarkInterval(Duration.ZERO).build())
        .hasMessageContaining("watermarkInterval");
    assertThatThrownBy(() -> job().checkpointInterval(Duration.ZERO).build())
        .hasMessageContaining("checkpointInterval is PT0S");
    assertThatThrownBy(() -> new JobConfig.Checkpoints(null, Duration.ZERO, Duration.ZERO, 0))
        .hasMessageContaining("checkpointTimeout");
    assertThatThrownBy(
            () -> new JobConfig.Checkpoints(null, Duration.ofSeconds(1), Duration.ZERO, -1))
        .hasMessageContaining("toleratedFailures is -1");
  }

  @Test
  void jobId_hasAFixedForm() {
    assertThat(JobId.of(0, -1)).hasToString("job_0000000000000000ffffffffffffffff");
    assertThat(new JobId("job_x1").value()).isEqualTo("job_x1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "job_", "x1", "job_a b", "job_ä", "JOB_1"})
  void textThatIsNoJobId_isRefused(String text) {
    assertThatThrownBy(() -> new JobId(text))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("'" + text + "' is not a job id");
  }
}
