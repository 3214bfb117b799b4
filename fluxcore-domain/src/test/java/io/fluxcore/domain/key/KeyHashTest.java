package io.fluxcore.domain.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hash of a key is part of every snapshot: these values may never change. */
class KeyHashTest {
  private static long[] of(Column... keys) {
    int count = keys[0].size();
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    long[] hashes = new long[count];
    KeyHash.ofRows(keys, rows, count, hashes);
    return hashes;
  }

  private static Column column(DataType type, @Nullable Object... values) {
    ColumnBuilder builder = new ColumnBuilder(type, 1);
    for (Object value : values) {
      builder.append(value);
    }
    return builder.build();
  }

  /** The three forms of a string column. */
  private static List<Column> forms(@Nullable String... values) {
    Column strings = column(DataType.STRING, (Object[]) values);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] offsets = new int[values.length + 1];
    int[] codes = new int[values.length];
    String[] dictionary = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      String value = values[i];
      if (value != null) {
        bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
      }
      offsets[i + 1] = bytes.size();
      codes[i] = values.length - 1 - i;
      dictionary[codes[i]] = value == null ? "unused" : value;
    }
    return List.of(
        strings,
        StringColumn.ofUtf8(values.length, bytes.toByteArray(), offsets, strings.nulls()),
        StringColumn.ofDictionary(values.length, codes, dictionary, strings.nulls()));
  }

  @Test
  void goldenValues() {
    assertThat(of(column(DataType.LONG, 0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, null)))
        .containsExactly(GOLDEN);
  }

  @Test
  void mix_isSplitMix64() {
    // the first outputs of SplitMix64 seeded with 0: Steele, Lea, Flood 2014
    assertThat(KeyHash.mix(0)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(KeyHash.mix(0x9E3779B97F4A7C15L)).isEqualTo(0x6E789E6AA1B965F4L);
  }

  @Test
  void strings_hashTheSameInEveryForm() {
    String[] values = {"", "a", "Aa", "BB", "ıİß", "😀", "page 17", null};
    for (Column column : forms(values)) {
      long[] hashes = of(column);
      for (int i = 0; i < values.length; i++) {
        String value = values[i];
        assertThat(hashes[i])
            .isEqualTo(value == null ? KeyHash.OF_NULL : KeyHash.mix(value.hashCode()));
      }
    }
    long[] first = null;
    for (Column column : forms("a", "b", "c")) {
      long[] folded = of(column(DataType.LONG, 1L, 2L, 3L), column);
      first = first == null ? folded : first;
      assertThat(folded).isEqualTo(first);
    }
  }

  @Test
  void malformedUtf8_hashesAsItsString() {
    byte[] bytes = {'a', (byte) 0xFF, 'b', (byte) 0xE2, (byte) 0x82};
    StringColumn column = StringColumn.ofUtf8(2, bytes, new int[] {0, 3, 5}, null);
    for (int row = 0; row < 2; row++) {
      assertThat(column.hash(row)).isEqualTo(column.value(row).hashCode());
      assertThat(column.equalTo(row, column.value(row))).as("row %d", row).isTrue();
    }
  }

  @Test
  void longs_hashTheSameWithAndWithoutNulls() {
    long[] plain = of(new LongColumn(3, new long[] {5, 6, 7}));
    long[] withNull = of(column(DataType.LONG, 5L, 6L, 7L, null));
    assertThat(withNull).startsWith(plain);
    assertThat(of(column(DataType.DATE, LocalDate.ofEpochDay(5)))[0]).isEqualTo(plain[0]);
    assertThat(of(column(DataType.TIMESTAMP_TZ, Instant.EPOCH.plusNanos(5000)))[0])
        .isEqualTo(plain[0]);
  }

  @Test
  void equalDoubles_hashTheSame() {
    long[] hashes =
        of(
            column(
                DataType.DOUBLE,
                0.0,
                -0.0,
                Double.NaN,
                Double.longBitsToDouble(0x7ff8000000000001L)));
    assertThat(hashes[0]).isEqualTo(hashes[1]);
    assertThat(hashes[2]).isEqualTo(hashes[3]);
  }

  @Test
  void ungroupedRows_haveOneKey() {
    long[] hashes = new long[3];
    KeyHash.ofRows(new Column[0], new int[] {0, 5, 9}, 3, hashes);
    assertThat(hashes).containsOnly(KeyHash.mix(0));
  }

  @Test
  void compositeKeys_dependOnTheOrderOfTheirParts() {
    Column a = column(DataType.LONG, 1L);
    Column b = column(DataType.LONG, 2L);
    assertThat(of(a, b)[0]).isNotEqualTo(of(b, a)[0]);
    assertThat(of(a, a)[0]).isNotEqualTo(of(b, b)[0]);
  }

  @Test
  void goldenValuesOfOtherTypes() {
    assertThat(of(column(DataType.STRING, "page", "ıİ"))).containsExactly(STRINGS);
    assertThat(of(column(DataType.DOUBLE, 1.5, Double.NaN))).containsExactly(DOUBLES);
    assertThat(of(column(DataType.BOOLEAN, true, false))).containsExactly(BOOLEANS);
    assertThat(of(column(DataType.decimal(10, 2), new BigDecimal("12.34"))))
        .containsExactly(DECIMAL);
    assertThat(of(column(DataType.decimal(30, 2), new BigDecimal("123456789012345678901.34"))))
        .containsExactly(WIDE_DECIMAL);
    assertThat(of(new BytesColumn(1, new byte[][] {{1, -2}}, null))).containsExactly(BYTES);
    assertThat(of(column(DataType.NESTED, Map.of("a", List.of(1L, "x"))))).containsExactly(NESTED);
    assertThat(of(column(DataType.LONG, 7L), column(DataType.STRING, "x")))
        .containsExactly(COMPOSITE);
  }

  private static final long[] GOLDEN = {
    -2152535657050944081L, -7995527694508729151L, -1956407806741107680L,
    5196802822362493915L, 3055647633038352039L, 2685821657736338717L
  };
  private static final long[] STRINGS = {6298112150440825752L, 5264141700910057797L};
  private static final long[] DOUBLES = {-2964862180898217846L, -4095617212816704698L};
  private static final long[] BOOLEANS = {-7995527694508729151L, -2152535657050944081L};
  private static final long[] DECIMAL = {-4968325692281840421L};
  private static final long[] WIDE_DECIMAL = {8806839861361980306L};
  private static final long[] BYTES = {413702020173203080L};
  private static final long[] NESTED = {-8497347944467448155L};
  private static final long[] COMPOSITE = {-2937959728333376067L};
}
