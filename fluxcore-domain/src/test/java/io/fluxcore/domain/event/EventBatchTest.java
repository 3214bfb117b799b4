package io.fluxcore.domain.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.harness.Rows;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventBatchTest {
  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.STRING).field("n", DataType.LONG).build();

  private static EventBatch batch() {
    return new EventBatchBuilder(SCHEMA, 1)
        .row(10, "a", 1L)
        .row(RowKind.DELETE, 11, "b", null)
        .row(12, null, 3L)
        .build();
  }

  @Test
  void builder_growsAndStartsAnew() {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA, 1);
    for (long i = 0; i < 100; i++) {
      builder.row(i == 70 ? RowKind.UPDATE_BEFORE : RowKind.INSERT, i, "k" + i, i);
    }
    assertThat(builder.isFull()).isTrue();
    EventBatch first = builder.build();
    assertThat(builder.size()).isZero();
    EventBatch second = builder.row(5, "x", 5L).build();
    assertThat(first.rowKind(70)).isEqualTo(RowKind.UPDATE_BEFORE);
    assertThat(first.rowKind(69)).isEqualTo(RowKind.INSERT);
    assertThat(first.timestamps()[99]).isEqualTo(99);
    assertThat(first.column("n").get(99)).isEqualTo(99L);
    assertThat(second.rowKinds()).isNull();
    assertThat(Rows.texts(Rows.of(second))).containsExactly("+I[x, 5]@5");
    assertThat(builder.build().isEmpty()).isTrue();
  }

  @Test
  void abandonRow_takesAHalfFinishedRowBack() {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    builder.abandonRow();
    builder.row(1, "a", 1L);
    builder.column(0).append("half");
    builder.abandonRow();
    builder.column(0).appendNull();
    builder.column(1).appendNull();
    builder.abandonRow();
    builder.row(2, "b", 2L);
    EventBatch batch = builder.build();
    assertThat(Rows.texts(Rows.of(batch))).containsExactly("+I[a, 1]@1", "+I[b, 2]@2");
  }

  @Test
  void unevenRow_isFoundAtBuild() {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    builder.column(0).append("a");
    builder.endRow(1);
    assertThatThrownBy(builder::build).hasMessageContaining("column 'n' has 0 values for 1 rows");
    assertThatThrownBy(() -> new EventBatchBuilder(SCHEMA).row(1, "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void selection_namesTheRowsThatCount() {
    EventBatch selected = batch().withSelection(new int[] {0, 2, 9}, 2);
    assertThat(selected.size()).isEqualTo(2);
    assertThat(selected.rowCount()).isEqualTo(3);
    assertThat(selected.row(1)).isEqualTo(2);
    assertThat(Rows.texts(Rows.of(selected))).containsExactly("+I[a, 1]@10", "+I[null, 3]@12");
    EventBatch compact = selected.compact();
    assertThat(compact.selection()).isNull();
    assertThat(Rows.of(compact)).isEqualTo(Rows.of(selected));
    EventBatch all = batch();
    assertThat(all.compact()).isSameAs(all);
    assertThat(batch().withSelection(new int[0], 0).isEmpty()).isTrue();
  }

  @Test
  @SuppressWarnings("unchecked")
  void gather_takesEnvelopeKindsAndTimesAlong() {
    @Nullable Map<String, String>[] headers = (Map<String, String>[]) new Map<?, ?>[3];
    headers[1] = Map.of("h", "1");
    Envelope envelope =
        new Envelope(
            StringColumn.of(3, new @Nullable String[] {"i0", "i1", "i2"}, null),
            "source",
            null,
            StringColumn.of(3, new @Nullable String[] {"k0", "k1", null}, new long[] {4}),
            new int[] {0, 9, 0},
            headers);
    EventBatch batch = batch().withEnvelope(envelope).withKeyGroups(3, 5);
    EventBatch gathered = batch.gather(new int[] {2, 1}, 2);
    EventCursor cursor = new EventCursor().moveTo(gathered, 1);
    assertThat(cursor.id()).isEqualTo("i1");
    assertThat(cursor.key()).isEqualTo("k1");
    assertThat(cursor.source()).isEqualTo("source");
    assertThat(cursor.type()).isNull();
    assertThat(cursor.priority()).isEqualTo(9);
    assertThat(cursor.headers()).containsExactly(Map.entry("h", "1"));
    assertThat(cursor.rowKind()).isEqualTo(RowKind.DELETE);
    assertThat(cursor.timestamp()).isEqualTo(11);
    cursor.moveTo(gathered, 0);
    assertThat(cursor.key()).isNull();
    assertThat(cursor.headers()).isEmpty();
    assertThat(gathered.minKeyGroup()).isEqualTo(3);
    assertThat(gathered.maxKeyGroup()).isEqualTo(5);
    assertThat(Envelope.ofSource("s").gather(new int[] {1}, 1).source()).isEqualTo("s");
  }

  @Test
  void withers_changeOneThing() {
    EventBatch batch = batch();
    assertThat(batch.minKeyGroup()).isEqualTo(-1);
    assertThat(batch.withTimestamps(new long[] {7, 8, 9}).timestamps()[2]).isEqualTo(9);
    assertThat(batch.withRowKinds(null).rowKind(1)).isEqualTo(RowKind.INSERT);
    Schema other = Schema.of(new Field("m", DataType.LONG));
    EventBatch renamed = batch.withColumns(other, new Column[] {batch.column("n")});
    assertThat(renamed.column("m").get(0)).isEqualTo(1L);
    assertThat(renamed.rowKind(1)).isEqualTo(RowKind.DELETE);
    assertThat(batch).hasToString("EventBatch[3 of 3 rows, " + SCHEMA + "]");
    assertThat(batch.estimatedBytes()).isPositive();
    assertThatThrownBy(() -> batch.withColumns(SCHEMA, new Column[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EventBatch.of(SCHEMA, new Column[1], new long[3], 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EventBatch.of(SCHEMA, batch.columns(), new long[2], 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> batch.column("x")).hasMessageContaining("fields are [k, n]");
  }

  @Test
  void rowKinds_haveStableCodes() {
    assertThat(RowKind.of((byte) 0)).isEqualTo(RowKind.INSERT);
    assertThat(RowKind.of((byte) 1)).isEqualTo(RowKind.UPDATE_BEFORE);
    assertThat(RowKind.of((byte) 2)).isEqualTo(RowKind.UPDATE_AFTER);
    assertThat(RowKind.of((byte) 3)).isEqualTo(RowKind.DELETE);
    for (RowKind kind : RowKind.values()) {
      assertThat(RowKind.of(kind.code())).isEqualTo(kind);
      assertThat(kind.isRetraction()).isEqualTo(kind.sign().startsWith("-"));
    }
  }
}
