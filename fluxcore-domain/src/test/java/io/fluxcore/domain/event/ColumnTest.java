package io.fluxcore.domain.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns of every type: built, read, gathered. */
class ColumnTest {
  static Stream<Arguments> types() {
    return Stream.of(
        Arguments.of(DataType.BOOLEAN, List.of(true, false, true)),
        Arguments.of(DataType.LONG, List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE)),
        Arguments.of(DataType.DOUBLE, List.of(-0.0, Double.NaN, 1.5)),
        Arguments.of(
            DataType.decimal(18, 2),
            List.of(new BigDecimal("9999999999999999.99"), new BigDecimal("-0.01"))),
        Arguments.of(
            DataType.decimal(38, 2),
            List.of(new BigDecimal("123456789012345678901234567890123456.78"))),
        Arguments.of(DataType.STRING, List.of("", "ıİ", "😀")),
        Arguments.of(DataType.BYTES, List.of(new byte[0], new byte[] {1, -1})),
        Arguments.of(DataType.DATE, List.of(LocalDate.of(-44, 3, 15), LocalDate.EPOCH)),
        Arguments.of(
            DataType.TIMESTAMP,
            List.of(
                LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
                LocalDateTime.of(2026, 9, 27, 2, 45))),
        Arguments.of(
            DataType.TIMESTAMP_TZ,
            List.of(Instant.ofEpochSecond(-1, 999_999_000), Instant.ofEpochSecond(9, 1000))),
        Arguments.of(
            DataType.NESTED, List.of(Map.of("a", List.of(1L, 2.5)), "text", false, List.of())));
  }

  private static Column build(ColumnBuilder builder, List<? extends @Nullable Object> values) {
    values.forEach(builder::append);
    return builder.build();
  }

  private static List<@Nullable Object> values(Column column) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < column.size(); i++) {
      values.add(column.get(i));
      assertThat(column.isNull(i)).isEqualTo(column.get(i) == null);
    }
    return values;
  }

  private static void assertSame(List<?> actual, List<?> expected) {
    assertThat(Arrays.deepEquals(actual.toArray(), expected.toArray()))
        .as("%s instead of %s", actual, expected)
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("types")
  void values_comeBack_withAndWithoutNulls(DataType type, List<Object> some) {
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add(some.get(i % some.size()));
    }
    ColumnBuilder builder = new ColumnBuilder(type, 1);
    Column column = build(builder, many);
    assertThat(column.type()).isEqualTo(type);
    assertThat(column.nulls()).isNull();
    assertSame(values(column), many);
    for (int i = 0; i < many.size(); i += 3) {
      many.set(i, null);
    }
    Column withNulls = build(builder, many);
    assertSame(values(withNulls), many);
    assertThat(column.isNull(0)).as("the first column stays as it is").isFalse();
    assertThat(withNulls.estimatedBytes()).isPositive();
    for (Object value : some) {
      assertThat(Values.isOf(type, value)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void gather_takesRowsInOrder_andNullForMinusOne(DataType type, List<Object> some) {
    List<Object> values = new ArrayList<>(some);
    values.add(null);
    Column column = build(new ColumnBuilder(type, 8), values);
    int last = values.size() - 1;
    Column gathered = column.gather(new int[] {0, -1, last, 0, 99}, 4);
    assertThat(gathered.size()).isEqualTo(4);
    assertThat(gathered.type()).isEqualTo(type);
    assertSame(values(gathered), Arrays.asList(some.get(0), null, null, some.get(0)));
    assertThat(column.gather(new int[] {0}, 1).nulls()).isNull();
    assertThat(column.gather(new int[0], 0).size()).isZero();
  }

  @ParameterizedTest
  @MethodSource("types")
  void allNulls_build(DataType type, List<Object> some) {
    Column column = build(new ColumnBuilder(type, 1), Arrays.asList(null, null, null));
    assertThat(values(column)).containsExactly(null, null, null);
    assertThat(values(column.gather(new int[] {2, -1}, 2))).containsExactly(null, null);
  }

  @ParameterizedTest
  @MethodSource("types")
  void removeLast_takesValuesAndNullsBack(DataType type, List<Object> some) {
    ColumnBuilder builder = new ColumnBuilder(type, 1);
    builder.append(some.get(0));
    builder.appendNull();
    builder.removeLast();
    builder.append(some.get(0));
    builder.removeLast();
    builder.appendNull();
    builder.removeLast();
    builder.append(some.get(0));
    assertSame(values(builder.build()), List.of(some.get(0), some.get(0)));
  }

  @Test
  void stringForms_gatherAlike() {
    byte[] bytes = "aıb😀".getBytes(StandardCharsets.UTF_8);
    long[] nulls = {0b100};
    StringColumn utf8 = StringColumn.ofUtf8(4, bytes, new int[] {0, 3, 4, 4, 8}, nulls);
    StringColumn dictionary =
        StringColumn.ofDictionary(4, new int[] {1, 0, 0, 2}, new String[] {"b", "aı", "😀"}, nulls);
    StringColumn strings =
        StringColumn.of(4, new @Nullable String[] {"aı", "b", "junk", "😀"}, nulls);
    int[] rows = {3, -1, 2, 0, 1};
    for (StringColumn column : List.of(utf8, dictionary, strings)) {
      assertThat(values(column)).containsExactly("aı", "b", null, "😀");
      assertThat(values(column.gather(rows, 5))).containsExactly("😀", null, null, "aı", "b");
      assertThat(column.equalTo(0, "aı")).isTrue();
      assertThat(column.equalTo(0, "aı ")).isFalse();
      assertThat(column.equalTo(0, "aI")).isFalse();
      assertThat(column.equalTo(3, "😀")).isTrue();
      assertThat(column.equalTo(1, "")).isFalse();
    }
  }

  @Test
  void decimal_thatDoesNotFitItsType_isRefusedAtOnce() {
    ColumnBuilder compact = new ColumnBuilder(DataType.decimal(4, 2), 1);
    compact.append(new BigDecimal("99.99"));
    compact.append(new BigDecimal("1"));
    assertThatThrownBy(() -> compact.append(new BigDecimal("100")))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("decimal(4,2)");
    assertThatThrownBy(() -> compact.append(new BigDecimal("1.234")))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> compact.append(new BigDecimal("1e30")))
        .isInstanceOf(ArithmeticException.class);
    assertThat(values(compact.build()))
        .containsExactly(new BigDecimal("99.99"), new BigDecimal("1.00"));
    ColumnBuilder wide = new ColumnBuilder(DataType.decimal(20, 0), 1);
    assertThatThrownBy(() -> wide.append(new BigDecimal("123456789012345678901")))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void valueOfAnotherClass_isRefused() {
    assertThatThrownBy(() -> new ColumnBuilder(DataType.LONG, 1).append(1.5))
        .isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> new ColumnBuilder(DataType.LONG, 1).append("1"))
        .isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> new ColumnBuilder(DataType.STRING, 1).append(1L))
        .isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> new ColumnBuilder(DataType.DATE, 1).append(Instant.EPOCH))
        .isInstanceOf(ClassCastException.class);
    ColumnBuilder longs = new ColumnBuilder(DataType.LONG, 1);
    longs.append(7);
    longs.append((short) 8);
    assertThat(values(longs.build())).containsExactly(7L, 8L);
  }

  @Test
  void nullBits_orOfBoth() {
    assertThat(NullBits.or(null, null)).isNull();
    long[] a = {1};
    assertThat(NullBits.or(a, null)).isSameAs(a);
    assertThat(NullBits.or(null, a)).isSameAs(a);
    assertThat(NullBits.or(a, new long[] {2, 4})).containsExactly(3, 4);
    assertThat(a).containsExactly(1);
    assertThat(NullBits.create(0)).isEmpty();
    assertThat(NullBits.create(65)).hasSize(2);
  }
}
