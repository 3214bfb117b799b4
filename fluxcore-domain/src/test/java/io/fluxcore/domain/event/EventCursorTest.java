package io.fluxcore.domain.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.RecordException;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventCursorTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("text", DataType.STRING)
          .field("n", DataType.LONG)
          .field("d", DataType.DOUBLE)
          .field("c", DataType.decimal(10, 2))
          .field("b", DataType.BOOLEAN)
          .field("t", DataType.TIMESTAMP_TZ)
          .build();

  private static EventBatch batch() {
    return new EventBatchBuilder(SCHEMA)
        .row(1, "a", 7L, 2.5, new BigDecimal("3.00"), true, java.time.Instant.EPOCH)
        .row(2, null, null, null, null, null, null)
        .row(3, "c", 9L, 1e19, new BigDecimal("3.50"), false, java.time.Instant.EPOCH)
        .build();
  }

  private static Event at(int row) {
    return new EventCursor().moveTo(batch(), row);
  }

  @Test
  void getters_convertAsTheyPromise() {
    for (Event event : new Event[] {at(0), at(0).copy()}) {
      assertThat(event.getValue("n")).isEqualTo(7);
      assertThat(event.getValue("d")).isEqualTo(2.5);
      assertThat(event.getValue("c")).isEqualTo(3);
      assertThat(event.getLong("n")).isEqualTo(7);
      assertThat(event.getLong("c")).isEqualTo(3);
      assertThat(event.getDecimal("c")).isEqualTo(new BigDecimal("3.00"));
      assertThat(event.getDecimal("n")).isEqualTo(new BigDecimal(7));
      assertThat(event.getDecimal("d")).isEqualTo(new BigDecimal("2.5"));
      assertThat(event.getString("text")).isEqualTo("a");
      assertThat(event.getBoolean("b")).isTrue();
      assertThat(event.get("t")).isEqualTo(java.time.Instant.EPOCH);
      assertThat(event.isNull("n")).isFalse();
      assertThat(event.timestamp()).isEqualTo(1);
      assertThat(event.schema()).isEqualTo(SCHEMA);
      assertThat(event.headers()).isEmpty();
      assertThat(event.priority()).isZero();
    }
  }

  @Test
  void nulls_areNaNOrNullOrFalse_andNoLong() {
    for (Event event : new Event[] {at(1), at(1).copy()}) {
      assertThat(event.getValue("n")).isNaN();
      assertThat(event.getValue("c")).isNaN();
      assertThat(event.getValue("n") > 5 || event.getValue("n") <= 5).isFalse();
      assertThat(event.getDecimal("c")).isNull();
      assertThat(event.getString("text")).isNull();
      assertThat(event.getBoolean("b")).isFalse();
      assertThat(event.get("t")).isNull();
      assertThat(event.isNull("d")).isTrue();
      assertThatThrownBy(() -> event.getLong("n")).isInstanceOf(RecordException.class);
    }
  }

  @Test
  void wrongTypes_areRecordErrors() {
    for (Event event : new Event[] {at(2), at(2).copy()}) {
      assertThatThrownBy(() -> event.getValue("text"))
          .isInstanceOf(RecordException.class)
          .hasMessageContaining("'c' (String), not a number");
      assertThatThrownBy(() -> event.getValue("t")).isInstanceOf(RecordException.class);
      assertThatThrownBy(() -> event.getLong("c")).isInstanceOf(RecordException.class);
      assertThatThrownBy(() -> event.getLong("t")).isInstanceOf(RecordException.class);
      assertThatThrownBy(() -> event.getLong("d"))
          .as("1e19 is beyond 64 bits")
          .isInstanceOf(RecordException.class);
      assertThatThrownBy(() -> event.getString("n")).isInstanceOf(RecordException.class);
      assertThatThrownBy(() -> event.getBoolean("n")).isInstanceOf(RecordException.class);
      assertThatThrownBy(() -> event.get("nope"))
          .isInstanceOf(RecordException.class)
          .hasMessageContaining("fields are [text, n, d, c, b, t]");
    }
  }

  @Test
  void integralDoubles_areLongsWithinTheirRange() {
    assertThat(EventValues.toLong("f", -9.223372036854775808e18)).isEqualTo(Long.MIN_VALUE);
    assertThat(EventValues.toLong("f", 9007199254740992.0)).isEqualTo(1L << 53);
    for (double wrong :
        new double[] {9.223372036854775808e18, 1e300, Double.POSITIVE_INFINITY, Double.NaN, 0.5}) {
      assertThatThrownBy(() -> EventValues.toLong("f", wrong)).isInstanceOf(RecordException.class);
    }
  }

  @Test
  void cursor_usedAfterTheCall_throws() {
    EventCursor cursor = new EventCursor().moveTo(batch(), 0);
    EventRecord kept = cursor.copy();
    cursor.close();
    assertThatThrownBy(() -> cursor.getValue("n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("event.copy()");
    assertThatThrownBy(() -> cursor.getLong("n")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cursor.get("n")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cursor.isNull("n")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::timestamp).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::schema).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::headers).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::copy).isInstanceOf(IllegalStateException.class);
    assertThat(kept.getLong("n")).isEqualTo(7);
    assertThat(cursor.moveTo(batch(), 2).getLong("n")).isEqualTo(9);
  }

  @Test
  void namesInAnyOrder_andMadeAtRunTime_findTheirFields() {
    EventCursor cursor = new EventCursor();
    EventBatch batch = batch();
    for (int round = 0; round < 3; round++) {
      cursor.moveTo(batch, 0);
      for (int i = 0; i < 40; i++) {
        String name = new String[] {"n", "d", "c", "text"}[(i * 7 + round) % 4];
        Object expected = batch.column(name).get(0);
        assertThat(cursor.get(i % 3 == 0 ? new StringBuilder(name).toString() : name))
            .isEqualTo(expected);
      }
    }
    Schema swapped = Schema.builder().field("d", DataType.LONG).field("n", DataType.LONG).build();
    EventBatch other = new EventBatchBuilder(swapped).row(1, 100L, 200L).build();
    assertThat(cursor.moveTo(batch, 0).getValue("n")).isEqualTo(7);
    assertThat(cursor.moveTo(other, 0).getValue("n")).isEqualTo(200);
    assertThat(cursor.moveTo(batch, 0).getValue("n")).isEqualTo(7);
  }

  /** Records whose field "extra" is the row's number, as of the first batch. */
  private record Numbered(int[] numbers) implements RawRecords {
    @Override
    public @Nullable Object field(int row, String name) {
      return name.equals("extra") ? (Object) (long) numbers[row] : null;
    }

    @Override
    public byte[] bytes(int row) {
      return new byte[] {(byte) numbers[row]};
    }

    @Override
    public RawRecords gather(int[] rows, int count) {
      int[] gathered = new int[count];
      for (int i = 0; i < count; i++) {
        gathered[i] = numbers[rows[i]];
      }
      return new Numbered(gathered);
    }
  }

  @Test
  void openSchema_readsOtherFieldsFromTheRawRecord() {
    EventBatch batch = batch().withRawRecords(new Numbered(new int[] {10, 11, 12}));
    EventCursor cursor = new EventCursor();
    EventBatch gathered = batch.gather(new int[] {2, 1}, 2);
    assertThat(cursor.moveTo(gathered, 0).getLong("extra")).isEqualTo(12);
    assertThat(cursor.getValue("extra")).isEqualTo(12);
    assertThat(cursor.isNull("absent")).isTrue();
    assertThat(cursor.getValue("absent")).isNaN();
    EventRecord kept = cursor.copy();
    cursor.moveTo(gathered, 1);
    assertThat(kept.getLong("extra")).isEqualTo(12);
    assertThat(kept.get("absent")).isNull();
    assertThat(cursor.getLong("extra")).isEqualTo(11);
    EventBatch open = batch().withColumns(SCHEMA.opened(), batch().columns());
    assertThat(cursor.moveTo(open, 0).get("extra")).isNull();
  }

  @Test
  void absentField_isFoundOutAgainWhenRawRecordsAreGone() {
    EventBatch plain = batch();
    EventCursor cursor = new EventCursor();
    cursor.moveTo(plain.withRawRecords(new Numbered(new int[] {10, 11, 12})), 0);
    assertThat(cursor.getLong("extra")).isEqualTo(10);
    cursor.moveTo(plain, 0);
    assertThatThrownBy(() -> cursor.get("extra")).isInstanceOf(RecordException.class);
  }

  @Test
  void records_areEqualByContent() {
    Schema schema = Schema.of(new Field("b", DataType.BYTES), new Field("n", DataType.LONG));
    EventRecord one = EventRecord.of(schema, 1, new byte[] {1}, 2L);
    assertThat(one)
        .isEqualTo(EventRecord.of(schema, 1, new byte[] {1}, 2L))
        .hasSameHashCodeAs(EventRecord.of(schema, 1, new byte[] {1}, 2L))
        .isNotEqualTo(EventRecord.of(schema, 2, new byte[] {1}, 2L))
        .isNotEqualTo(EventRecord.of(schema, RowKind.DELETE, 1, new byte[] {1}, 2L))
        .isNotEqualTo(EventRecord.of(schema, 1, new byte[] {2}, 2L));
    assertThat(one.copy()).isSameAs(one);
    assertThatThrownBy(() -> EventRecord.of(schema, 1, "x", 2L))
        .hasMessageContaining("field 'b' is bytes, but the value is a String");
    assertThatThrownBy(() -> EventRecord.of(schema, 1, 2L))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void envelope_isCopied() {
    Envelope envelope =
        new Envelope(
            StringColumn.of(3, new @Nullable String[] {"i", "j", "k"}, null),
            "s",
            StringColumn.of(3, new @Nullable String[] {"t", "t", "t"}, null),
            null,
            null,
            null);
    EventRecord copy = new EventCursor().moveTo(batch().withEnvelope(envelope), 2).copy();
    assertThat(copy.id()).isEqualTo("k");
    assertThat(copy.type()).isEqualTo("t");
    assertThat(copy.source()).isEqualTo("s");
    assertThat(copy.key()).isNull();
    assertThat(copy.headers()).isEqualTo(Map.of());
  }
}
