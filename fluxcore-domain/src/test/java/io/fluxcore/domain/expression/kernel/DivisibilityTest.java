package io.fluxcore.domain.expression.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Java's remainder. */
class DivisibilityTest {
  @ParameterizedTest
  @ValueSource(
      longs = {
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        12,
        64,
        100,
        123,
        1_000,
        1_024,
        86_400_000,
        (1L << 32) - 1,
        1L << 32,
        (1L << 62) - 1,
        1L << 62,
        (1L << 62) + 2,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE
      })
  void divides_asTheRemainderSays(long divisor) {
    Divisibility divisibility = Divisibility.by(divisor);
    Random random = new Random(divisor);

    for (int i = 0; i < 2_000; i++) {
      check(divisibility, divisor, random.nextLong());
      check(divisibility, divisor, random.nextInt());
      check(divisibility, divisor, random.nextLong() / divisor * divisor);
    }
    for (long value = -300; value <= 300; value++) {
      check(divisibility, divisor, value);
      check(divisibility, divisor, value * divisor);
      check(divisibility, divisor, Long.MIN_VALUE + 300 + value);
      check(divisibility, divisor, Long.MAX_VALUE - 300 + value);
    }
  }

  private static void check(Divisibility divisibility, long divisor, long value) {
    assertThat(divisibility.divides(value))
        .as("%d %% %d", value, divisor)
        .isEqualTo(value % divisor == 0);
  }

  @Test
  void select_givesMultiplesOrTheOthersOfASelection() {
    Divisibility divisibility = Divisibility.by(6);
    long[] values = {0, 1, 6, -6, 7, 12, -13, 18};
    int[] out = new int[values.length];

    assertThat(divisibility.select(values, true, null, values.length, out)).isEqualTo(5);
    assertThat(out).startsWith(0, 2, 3, 5, 7);
    assertThat(divisibility.select(values, false, new int[] {1, 2, 6, 7}, 4, out)).isEqualTo(2);
    assertThat(out).startsWith(1, 6);
  }

  /** Few, half or nearly all of the rows pass; what the first ones say may be wrong of the rest. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 99, 100})
  void select_isRightWhateverTheFirstRowsSay(int percent) {
    Divisibility divisibility = Divisibility.by(123);
    for (int first : new int[] {percent, 100 - percent}) {
      Random random = new Random(percent);
      long[] values = new long[1_000];
      for (int i = 0; i < values.length; i++) {
        boolean multiple = random.nextInt(100) < (i < 200 ? first : percent);
        values[i] = random.nextInt() * 123L + (multiple ? 0 : 1 + random.nextInt(122));
      }
      int[] selection = IntStream.range(0, values.length).filter(i -> i % 7 != 3).toArray();
      for (boolean multiples : new boolean[] {true, false}) {
        int[] out = new int[values.length];
        int found = divisibility.select(values, multiples, null, values.length, out);
        assertThat(Arrays.copyOf(out, found))
            .isEqualTo(
                IntStream.range(0, values.length)
                    .filter(i -> values[i] % 123 == 0 == multiples)
                    .toArray());
        int[] inPlace = selection.clone();
        found = divisibility.select(values, multiples, inPlace, inPlace.length, inPlace);
        assertThat(Arrays.copyOf(inPlace, found))
            .isEqualTo(
                IntStream.of(selection).filter(i -> values[i] % 123 == 0 == multiples).toArray());
      }
    }
  }

  @Test
  void by_refusesWhatIsNoDivisor() {
    assertThatThrownBy(() -> Divisibility.by(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Divisibility.by(-3)).isInstanceOf(IllegalArgumentException.class);
  }
}
