package io.fluxcore.infrastructure.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fluxcore.domain.aggregate.DistinctSketch;
import io.fluxcore.domain.aggregate.QuantileSketch;
import io.fluxcore.domain.state.StateSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accuracy against exact answers, parts, and bytes. */
class BoundedSketchesTest {
  private static final double[] FRACTIONS = {0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1};

  private final BoundedSketches sketches = new BoundedSketches();

  private static <T> byte[] bytes(StateSerializer<T> serializer, T sketch) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    serializer.write(sketch, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static <T> T copy(StateSerializer<T> serializer, T sketch) throws IOException {
    return serializer.read(
        new DataInputStream(new ByteArrayInputStream(bytes(serializer, sketch))),
        serializer.version());
  }

  private static double exact(double[] sorted, double fraction) {
    return sorted[Math.max(1, (int) Math.ceil(fraction * sorted.length)) - 1];
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 1_000, 50_000})
  void quantiles_areWithinTheirBounds(int count) throws IOException {
    Random random = new Random(count);
    QuantileSketch whole = sketches.quantiles();
    QuantileSketch[] parts = {sketches.quantiles(), sketches.quantiles(), sketches.quantiles()};
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.exp(random.nextGaussian() * 4) * (random.nextInt(4) == 0 ? -1 : 1);
      whole.add(values[i]);
      whole.add(Double.NaN);
      parts[random.nextInt(8) / 3].add(values[i]);
    }
    Arrays.sort(values);
    QuantileSketch merged = copy(sketches.quantileSerializer(), parts[2]);
    merged.merge(copy(sketches.quantileSerializer(), parts[0]));
    merged.merge(parts[1]);
    assertThat(whole.count()).isEqualTo(count);
    for (double fraction : FRACTIONS) {
      double expected = exact(values, fraction);
      double tolerance =
          count <= QuantileSketch.EXACT_VALUES
              ? 0
              : Math.abs(expected) * QuantileSketch.RELATIVE_ERROR * 1.000001;
      assertThat(whole.quantile(fraction))
          .as("quantile " + fraction)
          .isCloseTo(expected, within(tolerance))
          .isEqualTo(merged.quantile(fraction))
          .isEqualTo(copy(sketches.quantileSerializer(), whole).quantile(fraction));
    }
  }

  @Test
  void quantiles_takeInfinitiesAndTheLargestNumbers() throws IOException {
    QuantileSketch sketch = sketches.quantiles();
    assertThat(sketch.quantile(0.5)).isNaN();
    for (int i = 0; i < 300; i++) {
      sketch.add(Double.NEGATIVE_INFINITY);
      sketch.add(Double.POSITIVE_INFINITY);
      sketch.add(Double.MAX_VALUE);
      sketch.add(-0.0);
      sketch.add(Double.MIN_VALUE);
    }
    QuantileSketch copy = copy(sketches.quantileSerializer(), sketch);
    assertThat(copy.count()).isEqualTo(1_500);
    assertThat(copy.quantile(0.1)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(copy.quantile(0.5)).isCloseTo(0, within(1e-300));
    assertThat(copy.quantile(0.75)).isCloseTo(Double.MAX_VALUE, within(Double.MAX_VALUE * 0.03));
    assertThat(copy.quantile(0.9)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void quantiles_areBoundedInSize() throws IOException {
    QuantileSketch sketch = sketches.quantiles();
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      sketch.add(Double.longBitsToDouble(random.nextLong()));
    }
    assertThat(bytes(sketches.quantileSerializer(), sketch)).hasSizeLessThan(100_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 10_000, 200_000})
  void distinct_isWithinItsBounds(int count) throws IOException {
    DistinctSketch whole = sketches.distinct();
    DistinctSketch odd = sketches.distinct();
    DistinctSketch even = sketches.distinct();
    for (int i = 0; i < count; i++) {
      whole.add((long) i);
      whole.add((long) i);
      (i % 2 == 0 ? even : odd).add((long) i);
      odd.add((long) i / 3);
    }
    DistinctSketch merged = copy(sketches.distinctSerializer(), even);
    merged.merge(copy(sketches.distinctSerializer(), odd));
    double tolerance =
        count <= DistinctSketch.EXACT_VALUES ? 0 : 4 * DistinctSketch.STANDARD_ERROR * count;
    assertThat((double) whole.estimate()).isCloseTo(count, within(tolerance));
    assertThat(merged.estimate()).isEqualTo(whole.estimate());
    assertThat(bytes(sketches.distinctSerializer(), merged)).hasSizeLessThan(5_000);
  }

  @Test
  void distinct_countsTextsAndBytes() {
    DistinctSketch texts = sketches.distinct();
    DistinctSketch bytes = sketches.distinct();
    for (int i = 0; i < 2_000; i++) {
      texts.add("text " + i % 200);
      bytes.add(new byte[] {(byte) (i % 100), 1});
    }
    assertThat(texts.estimate()).isEqualTo(200);
    assertThat(bytes.estimate()).isEqualTo(100);
  }
}
