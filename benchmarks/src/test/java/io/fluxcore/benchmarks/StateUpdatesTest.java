package io.fluxcore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateUpdatesTest {
  @ParameterizedTest
  @ValueSource(strings = {"heap", "rocksdb"})
  void updates_areCounted(String backend) throws IOException {
    assertThat(StateUpdates.measure(backend, 5_000, 10_000, 4096))
        .contains("\"backend\":\"" + backend + "\"")
        .contains("\"updates\":10000");
  }
}
