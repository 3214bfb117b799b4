package io.fluxcore.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowCollectorTest {
  private static final DataType WIDE = DataType.decimal(30, 2);
  private static final DataType COMPACT = DataType.decimal(10, 2);
  private static final Schema SCHEMA =
      Schema.builder()
          .field("l", DataType.LONG)
          .field("d", DataType.DOUBLE)
          .field("b", DataType.BOOLEAN)
          .field("s", DataType.STRING)
          .field("c", COMPACT)
          .field("w", WIDE)
          .field("y", DataType.BYTES)
          .field("n", DataType.NESTED)
          .field("t", DataType.TIMESTAMP)
          .build();

  private static Object[] row(Random random, int i) {
    Object[] values = {
      (long) i,
      i / 2.0,
      i % 2 == 0,
      "s" + i,
      BigDecimal.valueOf(i, 2),
      BigDecimal.valueOf(i, 2).add(new BigDecimal("12345678901234567890123.00")),
      new byte[] {(byte) i},
      List.of((long) i),
      null
    };
    for (int c = 0; c < values.length; c++) {
      if (random.nextInt(5) == 0) {
        values[c] = null;
      }
    }
    return values;
  }

  @Test
  void everyTypeAndNulls_surviveCollectingInPieces() {
    long seed = 42;
    Random random = new Random(seed);
    RowCollector collector = new RowCollector(SCHEMA, 300);
    List<EventRecord> expected = new ArrayList<>();
    List<EventRecord> actual = new ArrayList<>();
    for (int b = 0; b < 50; b++) {
      EventBatchBuilder builder = new EventBatchBuilder(SCHEMA, 8);
      int size = random.nextInt(200);
      for (int i = 0; i < size; i++) {
        builder.row(
            random.nextInt(4) == 0 ? RowKind.DELETE : RowKind.INSERT, i, row(random, b * 1000 + i));
      }
      EventBatch batch = builder.build();
      int[] rows = new int[batch.size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = rows.length - 1 - i;
      }
      assertThat(collector.accepts(batch)).isTrue();
      for (int from = 0; from < rows.length; ) {
        int count = Math.min(collector.room(), rows.length - from);
        collector.add(batch, rows, from, count);
        from += count;
        if (collector.isFull()) {
          read(collector.build(), actual);
        }
      }
      read(batch.gather(rows, rows.length), expected);
      if (b % 7 == 0 && !collector.isEmpty()) {
        read(collector.build(), actual);
      }
    }
    read(collector.build(), actual);
    assertThat(actual.toString()).as("seed %d", seed).isEqualTo(expected.toString());
  }

  private static void read(EventBatch batch, List<EventRecord> into) {
    EventCursor cursor = new EventCursor();
    for (int i = 0; i < batch.size(); i++) {
      into.add(cursor.moveTo(batch, batch.row(i)).copy());
    }
  }

  @Test
  void stringForms_stayOrMix() {
    Schema schema = Schema.of(new Field("s", DataType.STRING));
    String[] dictionary = {"x", "ü"};
    byte[] bytes = "aébc".getBytes(StandardCharsets.UTF_8);
    EventBatch coded = of(schema, StringColumn.ofDictionary(2, new int[] {1, 0}, dictionary, null));
    EventBatch utf8 = of(schema, StringColumn.ofUtf8(2, bytes, new int[] {0, 3, 5}, null));
    EventBatch references = of(schema, StringColumn.of(2, new String[] {"p", "q"}, null));
    int[] rows = {0, 1};
    RowCollector collector = new RowCollector(schema, 100);
    collector.add(coded, rows, 0, 2);
    collector.add(coded, rows, 1, 1);
    Column codes = collector.build().column(0);
    assertThat(codes).isInstanceOf(StringColumn.OfDictionary.class);
    assertThat(values(codes)).containsExactly("ü", "x", "x");
    collector.add(utf8, rows, 0, 2);
    collector.add(utf8, rows, 0, 1);
    Column packed = collector.build().column(0);
    assertThat(packed).isInstanceOf(StringColumn.OfUtf8.class);
    assertThat(values(packed)).containsExactly("aé", "bc", "aé");
    collector.add(utf8, rows, 0, 2);
    collector.add(coded, rows, 0, 2);
    collector.add(references, rows, 0, 2);
    collector.add(utf8, rows, 1, 1);
    assertThat(values(collector.build().column(0)))
        .containsExactly("aé", "bc", "ü", "x", "p", "q", "bc");
  }

  private static EventBatch of(Schema schema, Column column) {
    return EventBatch.of(schema, new Column[] {column}, new long[column.size()], column.size());
  }

  private static List<Object> values(Column column) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < column.size(); i++) {
      values.add(column.get(i));
    }
    return values;
  }

  @Test
  void otherSource_orRicherEnvelope_isNotTaken() {
    RowCollector collector = new RowCollector(SCHEMA, 10);
    EventBatch a =
        new EventBatchBuilder(SCHEMA)
            .row(1, new Object[9])
            .build()
            .withEnvelope(Envelope.ofSource("a"));
    collector.add(a, new int[] {0}, 0, 1);
    assertThat(collector.accepts(a)).isTrue();
    assertThat(collector.accepts(a.withEnvelope(Envelope.ofSource("b")))).isFalse();
    assertThat(
            collector.accepts(
                a.withEnvelope(new Envelope(null, "a", null, null, new int[] {1}, null))))
        .isFalse();
    assertThat(collector.build().envelope().source()).isEqualTo("a");
  }
}
