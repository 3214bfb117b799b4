package io.fluxcore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoakTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000, 1024, 1025})
  void scrambledKeys_areEachKeyOnceAPass(int keys) {
    Schema schema =
        Schema.builder()
            .field(ScrambledKeys.KEY, DataType.LONG)
            .field(ScrambledKeys.AMOUNT, DataType.LONG)
            .build();
    GeneratedColumns columns = new GeneratedColumns(schema, keys);

    new ScrambledKeys(keys, 1000, () -> Long.MAX_VALUE).fill(keys, 1, keys, columns);

    assertThat(LongStream.of(columns.longs(ScrambledKeys.KEY)).sorted())
        .containsExactlyElementsOf(LongStream.range(0, keys).boxed().toList());
    assertThat(Arrays.stream(columns.longs(ScrambledKeys.AMOUNT))).containsOnly(1L);
  }

  @Test
  void growth_isThatOfTheMedians_soThatOneHighSampleIsNone() {
    assertThat(Soak.growth(List.of(100.0, 100.0, 150.0, 100.0, 100.0, 100.0))).isZero();
    assertThat(Soak.growth(List.of(100.0, 105.0, 110.0))).isCloseTo(0.1, within(1e-9));
    assertThat(Soak.growth(List.of(100.0, 100.0, 110.0, 110.0, 120.0, 120.0)))
        .isCloseTo(0.2, within(1e-9));
    assertThat(Soak.growth(List.of(100.0))).isZero();
  }
}
