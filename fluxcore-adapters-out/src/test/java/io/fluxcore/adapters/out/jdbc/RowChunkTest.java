package io.fluxcore.adapters.out.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.kit.RandomRows;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows as bytes, and handles as text. */
final class RowChunkTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("bool", DataType.BOOLEAN)
          .field("long", DataType.LONG)
          .field("double", DataType.DOUBLE)
          .field("decimal", DataType.decimal(12, 3))
          .field("wide", DataType.decimal(38, 10))
          .field("string", DataType.STRING)
          .field("bytes", DataType.BYTES)
          .field("date", DataType.DATE)
          .field("timestamp", DataType.TIMESTAMP)
          .field("instant", DataType.TIMESTAMP_TZ)
          .build();

  private static EventBatch random(int rows) {
    RandomRows random = new RandomRows(new Random(5));
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (int i = 0; i < rows; i++) {
      builder.row(i * 1000L, random.row(SCHEMA).toArray());
    }
    return builder.build();
  }

  private static @Nullable Object[] values(EventBatch batch, int row) {
    return Arrays.stream(batch.columns()).map(column -> column.get(row)).toArray();
  }

  @Test
  void rows_comeBack() throws IOException {
    EventBatch batch = random(500);
    RowChunk chunk = new RowChunk();
    for (int i = 0; i < batch.size(); i++) {
      chunk.add(batch, batch.row(i));
    }
    EventBatch read = RowChunk.read(SCHEMA, chunk.toBytes(), chunk.rows(), true);
    assertThat(read.size()).isEqualTo(500);
    for (int i = 0; i < 500; i++) {
      assertThat(Arrays.deepEquals(values(read, i), values(batch, i))).as("row " + i).isTrue();
      assertThat(read.timestamps()[i]).isEqualTo(i * 1000L);
    }
  }

  @Test
  void bytesThatAreNoRows_areRefused() {
    EventBatch batch = random(3);
    RowChunk chunk = new RowChunk();
    for (int i = 0; i < 3; i++) {
      chunk.add(batch, i);
    }
    byte[] bytes = chunk.toBytes();
    assertThatThrownBy(() -> RowChunk.read(SCHEMA, bytes, 2, true)).isInstanceOf(IOException.class);
    for (int length = 0; length < bytes.length; length++) {
      byte[] torn = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> RowChunk.read(SCHEMA, torn, 3, true))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void deletions_comeBack() throws IOException {
    EventBatch batch =
        random(3)
            .withRowKinds(
                new byte[] {
                  RowKind.INSERT.code(), RowKind.DELETE.code(), RowKind.UPDATE_AFTER.code()
                });
    RowChunk chunk = new RowChunk();
    for (int i = 0; i < 3; i++) {
      chunk.add(batch, i);
    }
    EventBatch read = RowChunk.read(SCHEMA, chunk.toBytes(), 3, true);
    assertThat(List.of(read.rowKind(0), read.rowKind(1), read.rowKind(2)))
        .containsExactly(RowKind.INSERT, RowKind.DELETE, RowKind.INSERT);
  }

  @Test
  void rowsOfOldHandles_areInsertions() throws IOException {
    EventBatch batch = random(1);
    RowChunk chunk = new RowChunk();
    chunk.add(batch, 0);
    byte[] old = Arrays.copyOfRange(chunk.toBytes(), 1, chunk.size());
    EventBatch read = RowChunk.read(SCHEMA, old, 1, false);
    assertThat(read.rowKind(0)).isEqualTo(RowKind.INSERT);
    assertThat(Arrays.deepEquals(values(read, 0), values(batch, 0))).isTrue();
    SinkOwner owner = new SinkOwner(JobId.of(3, 4), "out", new FencingToken(9));
    Target target = new Target("public", "t", SCHEMA, SCHEMA.fieldNames(), List.of());
    Prepared prepared = new Prepared(owner, 0, 1, target, "x", 0, 1, old, false);
    assertThat(prepared.handle().text()).contains("\"version\":1");
    assertThat(Prepared.of(prepared.handle()).hasKinds()).isFalse();
  }

  @Test
  void handle_saysAll() {
    SinkOwner owner = new SinkOwner(JobId.of(3, 4), "out \"1\"\n", new FencingToken(9));
    Target target =
        new Target("Pub\"lic", "t", SCHEMA, SCHEMA.fieldNames(), List.of("long", "date"));
    Prepared staged = new Prepared(owner, 3, 17, target, "x-y", 4, 1L << 40, null, true);
    assertThat(Prepared.of(staged.handle())).isEqualTo(staged);
    Prepared inline = new Prepared(owner, 3, 17, target, "x-y", 0, 1, new byte[] {0, -1, 7}, true);
    Prepared read = Prepared.of(inline.handle());
    assertThat(read.data()).containsExactly(0, -1, 7);
    assertThat(read.writer()).isEqualTo(inline.writer());
    assertThatThrownBy(() -> Prepared.of(new CommitHandle("/tmp/part-1.json")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Prepared.of(new CommitHandle("{\"version\": 3}")))
        .hasMessageContaining("version 3");
  }
}
