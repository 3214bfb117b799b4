package io.fluxcore.domain.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowBufferTest {
  private static final Schema SCHEMA =
      Schema.builder().field("n", DataType.LONG).field("s", DataType.STRING).build();
  private static final RowCodec CODEC = new RowCodec(SCHEMA);

  private record Row(long n, String s, long timestamp, long tag) {}

  private final RowEncoder encoder = new RowEncoder(CODEC);

  private RowEncoder encode(long n, String s) {
    Column[] columns = {
      new LongColumn(1, new long[] {n}), StringColumn.of(1, new String[] {s}, null)
    };
    return encoder.encode(columns, 0);
  }

  private static List<Row> rows(RowBuffer buffer) {
    List<Row> rows = new ArrayList<>();
    for (int at = buffer.first(); at >= 0; at = buffer.next(at)) {
      rows.add(row(buffer, at));
    }
    return rows;
  }

  private static Row row(RowBuffer buffer, int at) {
    @Nullable ColumnBuilder[] targets = {
      new ColumnBuilder(DataType.LONG, 1), new ColumnBuilder(DataType.STRING, 1)
    };
    buffer.decode(CODEC, at, targets);
    return new Row(
        (Long) targets[0].build().get(0),
        (String) targets[1].build().get(0),
        buffer.timestamp(at),
        buffer.tag(at));
  }

  private static RowBuffer copy(RowBuffer buffer) throws IOException {
    RowBufferSerializer serializer = new RowBufferSerializer(SCHEMA);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    serializer.write(buffer, new DataOutputStream(bytes));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    RowBuffer copy = (RowBuffer) serializer.read(in, serializer.version());
    assertThat(in.available()).isZero();
    return copy;
  }

  /** The same steps on a list of records; few distinct rows, so that equal ones meet. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomSteps_leaveTheRowsOfAList(long seed) throws IOException {
    Random random = new Random(seed);
    RowBuffer buffer = new RowBuffer();
    List<Row> model = new ArrayList<>();
    int distinct = 1 + random.nextInt(60);
    for (int step = 0; step < 3_000; step++) {
      long n = random.nextInt(distinct);
      String s = "s".repeat((int) n);
      int at = buffer.find(encode(n, s));
      assertThat(at >= 0).as("seed %d, step %d", seed, step).isEqualTo(holds(model, n));
      boolean shrink = (step / 500) % 2 == 1;
      if (at >= 0 && random.nextInt(10) < (shrink ? 9 : 3)) {
        Row found = row(buffer, at);
        assertThat(found).as("seed %d, step %d", seed, step).isEqualTo(last(model, n));
        model.remove(found); // tags differ, so it is this one
        buffer.remove(at);
      } else if (at >= 0 && random.nextInt(4) == 0) {
        Row found = row(buffer, at);
        model.set(model.indexOf(found), new Row(n, s, found.timestamp(), -step));
        buffer.setTag(at, -step);
      } else {
        buffer.append(encode(n, s), step * 10L, step);
        model.add(new Row(n, s, step * 10L, step));
      }
      assertThat(buffer.size()).isEqualTo(model.size());
      assertThat(buffer.last() >= 0).isEqualTo(!model.isEmpty());
      if (!model.isEmpty()) {
        Row last = model.get(model.size() - 1);
        assertThat(row(buffer, buffer.last())).as("seed %d, step %d", seed, step).isEqualTo(last);
        EncodedRow alone = buffer.row(buffer.last());
        assertThat(alone).isEqualTo(encode(last.n(), last.s()).toRow(0));
        assertThat(alone.timestamp()).isEqualTo(last.timestamp());
      }
      if (random.nextInt(50) == 0) {
        assertThat(rows(buffer)).as("seed %d, step %d", seed, step).isEqualTo(model);
        buffer = random.nextBoolean() ? copy(buffer) : buffer;
      }
    }
    assertThat(rows(buffer)).as("seed %d", seed).isEqualTo(model);
  }

  /** The row of this number that came last. */
  private static Row last(List<Row> model, long n) {
    return model.stream().filter(row -> row.n() == n).reduce((a, b) -> b).orElseThrow();
  }

  private static boolean holds(List<Row> model, long n) {
    return model.stream().anyMatch(row -> row.n() == n);
  }

  @Test
  void removedRow_doesNotDisturbAWalk() {
    RowBuffer buffer = new RowBuffer();
    for (int i = 0; i < 5; i++) {
      buffer.append(encode(i, ""), i, 0);
    }
    List<Long> seen = new ArrayList<>();
    for (int at = buffer.first(); at >= 0; at = buffer.next(at)) {
      seen.add(buffer.timestamp(at));
      buffer.remove(at);
    }
    assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(buffer.isEmpty()).isTrue();
    assertThat(buffer.first()).isEqualTo(RowBuffer.NONE);
  }

  @Test
  void removedRows_areNotKeptInMemory() {
    RowBuffer buffer = new RowBuffer();
    for (int i = 0; i < 10_000; i++) {
      int at = buffer.append(encode(i, "some text"), i, 0);
      buffer.remove(at);
    }
    assertThat(buffer.estimatedBytes()).isLessThan(1_000);
  }

  @Test
  void rowOfAnotherBuffer_isTheSameRow() {
    RowBuffer one = new RowBuffer();
    RowBuffer other = new RowBuffer();
    int at = one.append(encode(7, "x"), 70, 1);
    other.append(one, at, 2);
    assertThat(rows(other)).containsExactly(new Row(7, "x", 70, 2));
    assertThat(other.find(encode(7, "x"))).isEqualTo(other.first());
    assertThat(other.find(encode(7, "y"))).isEqualTo(RowBuffer.NONE);
  }

  @Test
  void rowRemovedTwice_isRefused() {
    RowBuffer buffer = new RowBuffer();
    int at = buffer.append(encode(1, ""), 0, 0);
    buffer.remove(at);
    assertThatThrownBy(() -> buffer.remove(at)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void truncatedBytes_endWithTheInput() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(1);
    out.writeLong(0);
    out.writeLong(0);
    out.writeInt(Integer.MAX_VALUE);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    assertThatThrownBy(() -> new RowBufferSerializer(SCHEMA).read(in, 1))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void id_namesTheFields() {
    assertThat(new RowBufferSerializer(SCHEMA).id()).isEqualTo("rows " + SCHEMA);
  }
}
