package io.fluxcore.application.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.StateBackendFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateBackendsTest {
  private static final StateBackendFactory OTHER =
      (operator, groups, maxParallelism) -> new HeapStateBackend(groups, maxParallelism);

  private final StateBackends backends =
      new StateBackends(
          Map.of("heap", StateBackendFactory.HEAP, "other", OTHER),
          Map.of("absent", "org.example:absent"),
          "other");

  private static JobConfig job(String backend) {
    return JobConfig.builder().name("job").stateBackend(backend).build();
  }

  @Test
  void jobThatNamesNone_hasTheStandardOne() {
    JobConfig config = JobConfig.builder().name("job").build();
    assertThat(backends.complete(config).stateBackend()).isEqualTo("other");
    assertThat(backends.factory(config.stateBackend())).isSameAs(OTHER);
  }

  @Test
  void jobThatNamesOne_hasIt() {
    assertThat(backends.complete(job("heap")).stateBackend()).isEqualTo("heap");
    assertThat(backends.factory("heap")).isSameAs(StateBackendFactory.HEAP);
  }

  @Test
  void backendWithoutItsLibrary_isRefused_withTheDependency() {
    assertThatThrownBy(() -> backends.complete(job("absent")))
        .hasMessageContaining("FLX-RUN-0009")
        .hasMessageContaining("add the dependency org.example:absent");
  }

  @Test
  void unknownBackend_isRefused_withTheKnownOnes() {
    assertThatThrownBy(() -> backends.complete(job("ram")))
        .hasMessageContaining("FLX-RUN-0002")
        .hasMessageContaining("[heap, other]");
    assertThatThrownBy(
            () -> new StateBackends(Map.of("heap", StateBackendFactory.HEAP), Map.of(), "ram"))
        .hasMessageContaining("FLX-RUN-0002");
  }
}
