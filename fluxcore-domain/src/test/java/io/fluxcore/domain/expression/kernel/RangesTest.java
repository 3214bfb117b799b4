package io.fluxcore.domain.expression.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loops that have no branch against the comparisons that they stand for. */
class RangesTest {
  private static final long[] LONGS = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, -2, -1, 0, 1, 2, 123, Long.MAX_VALUE - 1, Long.MAX_VALUE
  };
  private static final double[] DOUBLES = {
    Double.NaN,
    Double.longBitsToDouble(0xfff8_0000_0000_0001L),
    Double.NEGATIVE_INFINITY,
    -Double.MAX_VALUE,
    -1.5,
    -Double.MIN_VALUE,
    -0.0,
    0.0,
    Double.MIN_VALUE,
    1.5,
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY
  };

  @FunctionalInterface
  private interface Select {
    int into(int[] out);
  }

  @FunctionalInterface
  private interface RowTest {
    boolean passes(int row);
  }

  private static void assertSelects(String what, int rows, Select select, RowTest test) {
    int[] out = new int[rows];
    int count = select.into(out);
    int[] expected = new int[rows];
    int expectedCount = 0;
    for (int row = 0; row < rows; row++) {
      if (test.passes(row)) {
        expected[expectedCount++] = row;
      }
    }
    assertThat(Arrays.copyOf(out, count))
        .as(what)
        .isEqualTo(Arrays.copyOf(expected, expectedCount));
  }

  @Test
  void longRanges_selectWhatIsInside() {
    for (long low : LONGS) {
      for (long high : LONGS) {
        for (boolean inside : new boolean[] {true, false}) {
          LongRange range = new LongRange(low, high, inside);
          assertSelects(
              range.toString(),
              LONGS.length,
              out -> range.select(LONGS, null, LONGS.length, out),
              row -> (LONGS[row] >= low && LONGS[row] <= high) == inside);
        }
      }
    }
  }

  @Test
  void doubleRanges_selectWhatIsInside_andNaNIsOutside() {
    for (double low : DOUBLES) {
      for (double high : DOUBLES) {
        if (Double.isNaN(low) || Double.isNaN(high)) {
          continue;
        }
        DoubleRange range = new DoubleRange(low, high, true);
        assertSelects(
            range.toString(),
            DOUBLES.length,
            out -> range.select(DOUBLES, null, DOUBLES.length, out),
            row -> DOUBLES[row] >= low && DOUBLES[row] <= high);
        assertSelects(
            "not " + range,
            DOUBLES.length,
            out -> range.negated().select(DOUBLES, null, DOUBLES.length, out),
            row -> !(DOUBLES[row] >= low && DOUBLES[row] <= high));
      }
    }
  }

  @Test
  void comparisonsOfLongs_areThoseOfJava() {
    for (long value : LONGS) {
      long[] others = new long[LONGS.length];
      Arrays.fill(others, value);
      for (boolean wanted : new boolean[] {true, false}) {
        assertSelects(
            "= " + value,
            LONGS.length,
            out -> Comparisons.equal(LONGS, others, wanted, null, LONGS.length, out),
            row -> (LONGS[row] == value) == wanted);
        assertSelects(
            "< " + value,
            LONGS.length,
            out -> Comparisons.less(LONGS, others, wanted, null, LONGS.length, out),
            row -> (LONGS[row] < value) == wanted);
      }
    }
  }

  @Test
  void comparisonsOfDoubles_putNaNLast_andZerosTogether() {
    for (double value : DOUBLES) {
      double[] others = new double[DOUBLES.length];
      Arrays.fill(others, value);
      assertSelects(
          "= " + value,
          DOUBLES.length,
          out -> Comparisons.equal(DOUBLES, others, true, null, DOUBLES.length, out),
          row -> DOUBLES[row] == value || (Double.isNaN(DOUBLES[row]) && Double.isNaN(value)));
      assertSelects(
          "< " + value,
          DOUBLES.length,
          out -> Comparisons.less(DOUBLES, others, true, null, DOUBLES.length, out),
          row -> DOUBLES[row] < value || (Double.isNaN(value) && !Double.isNaN(DOUBLES[row])));
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        2,
        3,
        5,
        7,
        10,
        64,
        123,
        641,
        1_000_000_007,
        1L << 62,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE
      })
  void divisor_dividesAsJavaDoes(long divisor) {
    LongDivisor division = LongDivisor.of(divisor);
    Random random = new Random(divisor);
    long[] values = new long[3000];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextLong() >> random.nextInt(64);
    }
    System.arraycopy(LONGS, 0, values, 0, LONGS.length);
    for (int i = 0; i < 100; i++) {
      values[100 + i] = divisor * random.nextInt(5) + random.nextInt(3) - 1;
    }
    long[] quotients = new long[values.length];
    long[] remainders = new long[values.length];
    division.divide(values, quotients, null, values.length);
    division.remainder(values, remainders, null, values.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(quotients[i]).as(values[i] + " / " + divisor).isEqualTo(values[i] / divisor);
      assertThat(remainders[i]).as(values[i] + " %% " + divisor).isEqualTo(values[i] % divisor);
    }
    assertSelects(
        "% " + divisor,
        values.length,
        out -> LongRange.atMost(0).selectRemainders(division, values, null, values.length, out),
        row -> values[row] % divisor <= 0);
  }

  @Test
  void exactArithmetic_noticesEveryOverflow() {
    for (long a : LONGS) {
      for (long b : LONGS) {
        long[] x = {a};
        long[] y = {b};
        long[] out = new long[1];
        assertThat(LongArithmetic.add(x, y, out, null, 1))
            .isEqualTo(throwsOverflow(() -> Math.addExact(a, b)));
        assertThat(LongArithmetic.subtract(x, y, out, null, 1))
            .isEqualTo(throwsOverflow(() -> Math.subtractExact(a, b)));
        assertThat(LongArithmetic.multiply(x, y, out, null, 1))
            .isEqualTo(throwsOverflow(() -> Math.multiplyExact(a, b)));
      }
    }
  }

  private static boolean throwsOverflow(Runnable operation) {
    try {
      operation.run();
      return false;
    } catch (ArithmeticException e) {
      return true;
    }
  }

  @Test
  void order_ofStrings_isThatOfCodePoints() {
    String[] ordered = {"", "a", "aa", "b", "é", "\uD7FF", "\uE000", "\uFFFF", "😀", "😀a", "😁"};
    for (int i = 0; i < ordered.length; i++) {
      for (int j = 0; j < ordered.length; j++) {
        assertThat(Integer.signum(TextOrder.compare(ordered[i], ordered[j])))
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }
}
