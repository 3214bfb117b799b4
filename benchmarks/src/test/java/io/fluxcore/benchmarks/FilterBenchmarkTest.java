package io.fluxcore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The benchmark runs once and selects what it should. */
class FilterBenchmarkTest {
  @Test
  void select_keepsAboutWhatTheConditionSays() {
    FilterBenchmark benchmark = new FilterBenchmark();
    benchmark.condition = "kind = 2";
    benchmark.prepare();

    assertThat(benchmark.select()).isBetween(1700, 2000);
  }
}
