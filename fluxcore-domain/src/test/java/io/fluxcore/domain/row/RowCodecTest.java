package io.fluxcore.domain.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowCodecTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("n", DataType.LONG)
          .field("x", DataType.DOUBLE)
          .field("b", DataType.BOOLEAN)
          .field("s", DataType.STRING)
          .field("p", DataType.decimal(10, 2))
          .field("w", DataType.decimal(30, 4))
          .field("y", DataType.BYTES)
          .field("day", DataType.DATE)
          .field("t", DataType.TIMESTAMP)
          .field("z", DataType.TIMESTAMP_TZ)
          .field("v", DataType.NESTED)
          .build();

  private static final RowCodec CODEC = new RowCodec(SCHEMA);

  private static List<@Nullable Object[]> rows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(new @Nullable Object[SCHEMA.size()]);
    rows.add(
        new Object[] {
          Long.MIN_VALUE,
          Double.NaN,
          true,
          "",
          new BigDecimal("-99999999.99"),
          new BigDecimal("-12345678901234567890123456.7890"),
          new byte[0],
          LocalDate.MIN.plusYears(1),
          LocalDateTime.of(1, 1, 1, 0, 0),
          Instant.EPOCH.minusMillis(1),
          List.of()
        });
    rows.add(
        new Object[] {
          -1L,
          -0.0,
          false,
          "plain",
          new BigDecimal("0.00"),
          new BigDecimal("0.0000"),
          new byte[] {0, -1, 127},
          LocalDate.EPOCH,
          LocalDateTime.of(1970, 1, 1, 0, 0),
          Instant.EPOCH,
          Map.of("a", List.of(1L, 2.5, "x"))
        });
    for (String text : List.of("é", "a😀b", "\uFFFD", "\uD800 unpaired", "x".repeat(70))) {
      @Nullable Object[] row = new @Nullable Object[SCHEMA.size()];
      row[3] = text;
      row[10] = text.repeat(40);
      rows.add(row);
    }
    return rows;
  }

  private static EventBatch batch(List<@Nullable Object[]> rows) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA, rows.size());
    rows.forEach(row -> builder.row(0, row));
    return builder.build();
  }

  private static List<Column> decoded(RowBuffer buffer, int without) {
    @Nullable ColumnBuilder[] targets = new @Nullable ColumnBuilder[SCHEMA.size()];
    for (int c = 0; c < targets.length; c++) {
      targets[c] = c == without ? null : new ColumnBuilder(SCHEMA.type(c), 1);
    }
    for (int at = buffer.first(); at >= 0; at = buffer.next(at)) {
      buffer.decode(CODEC, at, targets);
    }
    return Arrays.stream(targets).map(t -> t == null ? null : t.build()).toList();
  }

  @Test
  void rowsOfAllTypes_comeBackWithEveryFieldLeftOutInTurn() {
    List<@Nullable Object[]> rows = rows();
    EventBatch batch = batch(rows);
    RowEncoder encoder = new RowEncoder(CODEC);
    RowBuffer buffer = new RowBuffer();
    for (int row = 0; row < batch.size(); row++) {
      buffer.append(encoder.encode(batch.columns(), row), row, 0);
    }
    for (int without = -1; without < SCHEMA.size(); without++) {
      List<Column> columns = decoded(buffer, without);
      for (int c = 0; c < SCHEMA.size(); c++) {
        for (int row = 0; row < rows.size() && c != without; row++) {
          assertThat(columns.get(c).get(row)).isEqualTo(rows.get(row)[c]);
        }
      }
    }
  }

  private static byte[] bytes(Column[] columns, RowCodec codec) {
    RowEncoder encoder = new RowEncoder(codec).encode(columns, 0);
    return Arrays.copyOf(encoder.array(), encoder.length());
  }

  private static byte[] bytes(DataType type, Object value) {
    ColumnBuilder column = new ColumnBuilder(type, 1);
    column.append(value);
    Schema schema = Schema.builder().field("f", type).build();
    return bytes(new Column[] {column.build()}, new RowCodec(schema));
  }

  @Test
  void stringsOfEveryForm_haveTheSameBytes() {
    RowCodec codec = new RowCodec(Schema.builder().field("f", DataType.STRING).build());
    for (String text : List.of("", "ascii", "é😀")) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      int[] offsets = {0, utf8.length};
      byte[] expected = bytes(DataType.STRING, text);
      assertThat(bytes(new Column[] {StringColumn.ofUtf8(1, utf8, offsets, null)}, codec))
          .isEqualTo(expected);
      Column coded = StringColumn.ofDictionary(1, new int[] {0}, new String[] {text}, null);
      assertThat(bytes(new Column[] {coded}, codec)).isEqualTo(expected);
    }
    byte[] malformed = {'a', (byte) 0xFF};
    assertThat(
            bytes(new Column[] {StringColumn.ofUtf8(1, malformed, new int[] {0, 2}, null)}, codec))
        .isEqualTo(bytes(DataType.STRING, "a\uFFFD"));
  }

  @Test
  void mapsOfAnyOrder_haveTheSameBytes() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", 1L);
    map.put("a", Map.of());
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("a", Map.of());
    other.put("b", 1L);
    assertThat(bytes(DataType.NESTED, map)).isEqualTo(bytes(DataType.NESTED, other));
  }

  @Test
  void valuesThatDiffer_haveOtherBytes() {
    assertThat(bytes(DataType.DOUBLE, 0.0)).isNotEqualTo(bytes(DataType.DOUBLE, -0.0));
    assertThat(bytes(DataType.STRING, "\uFFFD")).isNotEqualTo(bytes(DataType.STRING, "\uD800"));
    assertThat(bytes(DataType.NESTED, 1L)).isNotEqualTo(bytes(DataType.NESTED, 1.0));
    assertThat(bytes(DataType.DOUBLE, Double.longBitsToDouble(0x7FF8000000000001L)))
        .isEqualTo(bytes(DataType.DOUBLE, Double.NaN));
  }
}
