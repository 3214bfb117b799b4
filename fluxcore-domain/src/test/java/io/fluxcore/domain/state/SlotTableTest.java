package io.fluxcore.domain.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.key.KeyHash;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link HeapSlotTable}, both kinds, against a map. */
class SlotTableTest {
  private static final StateSerializer<Object> TEXT =
      new StateSerializer<>() {
        @Override
        public String id() {
          return "text";
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(Object value, java.io.DataOutput out) throws java.io.IOException {
          out.writeUTF((String) value);
        }

        @Override
        public Object read(java.io.DataInput in, int version) throws java.io.IOException {
          return in.readUTF();
        }
      };

  private static StateLayout layout(DataType... keys) {
    return new StateLayout("test", List.of(keys), new long[] {7, -1}, List.of(TEXT));
  }

  /** Key columns of rows. */
  static Column[] keys(
      List<DataType> types, List<? extends List<? extends @Nullable Object>> rows) {
    Column[] columns = new Column[types.size()];
    for (int k = 0; k < columns.length; k++) {
      ColumnBuilder builder = new ColumnBuilder(types.get(k), 1);
      for (List<? extends @Nullable Object> row : rows) {
        builder.append(row.get(k));
      }
      columns[k] = builder.build();
    }
    return columns;
  }

  static int[] resolve(SlotTable table, Column[] keys, int count) {
    int[] slots = new int[count];
    table.resolve(keys, hashes(keys, count), rows(count), count, slots);
    return slots;
  }

  static int[] find(SlotTable table, Column[] keys, int count) {
    int[] slots = new int[count];
    table.find(keys, hashes(keys, count), rows(count), count, slots);
    return slots;
  }

  static int[] rows(int count) {
    return IntStream.range(0, count).toArray();
  }

  static long[] hashes(Column[] keys, int count) {
    long[] hashes = new long[count];
    KeyHash.ofRows(keys, rows(count), count, hashes);
    return hashes;
  }

  /** What makes equal keys equal. */
  private static List<@Nullable Object> comparable(List<? extends @Nullable Object> key) {
    List<@Nullable Object> result = new ArrayList<>();
    for (Object value : key) {
      if (value instanceof byte[] bytes) {
        result.add(ByteBuffer.wrap(bytes));
      } else {
        result.add(value instanceof Double number ? (Object) (number + 0.0) : value);
      }
    }
    return result;
  }

  static Stream<Arguments> keyTypes() {
    LongFunction<Object> asLong = i -> i * 0x9E3779B97F4A7C15L;
    LongFunction<Object> asDouble =
        i -> i == 0 ? 0.0 : i == 1 ? -0.0 : i == 2 ? Double.NaN : (double) i / 8;
    LongFunction<Object> asText = i -> i % 2 == 0 ? "Aa" + i / 4 : "BB" + i / 4;
    LongFunction<Object> asBytes = i -> new byte[] {(byte) i, (byte) (i >> 8)};
    return Stream.of(
        Arguments.of(List.of(DataType.LONG), List.of(asLong)),
        Arguments.of(List.of(DataType.DATE), List.of((LongFunction<Object>) LocalDate::ofEpochDay)),
        Arguments.of(
            List.of(DataType.TIMESTAMP),
            List.of(
                (LongFunction<Object>)
                    i -> LocalDateTime.of(2026, 1, 1, 0, 0).plusSeconds(i * 977))),
        Arguments.of(
            List.of(DataType.TIMESTAMP_TZ),
            List.of((LongFunction<Object>) i -> Instant.ofEpochMilli(i * 977))),
        Arguments.of(List.of(DataType.STRING), List.of(asText)),
        Arguments.of(List.of(DataType.DOUBLE), List.of(asDouble)),
        Arguments.of(List.of(DataType.BOOLEAN), List.of((LongFunction<Object>) i -> i % 2 == 0)),
        Arguments.of(
            List.of(DataType.decimal(10, 2)),
            List.of((LongFunction<Object>) i -> BigDecimal.valueOf(i, 2))),
        Arguments.of(
            List.of(DataType.decimal(38, 4)),
            List.of(
                (LongFunction<Object>)
                    i -> new BigDecimal("1e20").add(BigDecimal.valueOf(i)).setScale(4))),
        Arguments.of(List.of(DataType.BYTES), List.of(asBytes)),
        Arguments.of(
            List.of(DataType.NESTED),
            List.of((LongFunction<Object>) i -> Map.of("a", List.of(i, "x"), "b", i % 3))),
        Arguments.of(List.of(DataType.LONG, DataType.STRING), List.of(asLong, asText)),
        Arguments.of(
            List.of(DataType.STRING, DataType.STRING, DataType.BYTES, DataType.DOUBLE),
            List.of(asText, asText, asBytes, asDouble)),
        Arguments.of(List.of(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("keyTypes")
  void table_behavesLikeAMap(List<DataType> types, List<LongFunction<Object>> values) {
    for (int seed = 0; seed < 4; seed++) {
      behavesLikeAMap(types, values, new Random(seed), "seed " + seed);
    }
  }

  private void behavesLikeAMap(
      List<DataType> types, List<LongFunction<Object>> values, Random random, String seed) {
    HeapSlotTable table = HeapSlotTable.create(layout(types.toArray(DataType[]::new)));
    Map<List<@Nullable Object>, Long> model = new HashMap<>();
    int range = 1 << (2 + random.nextInt(9));
    for (int step = 0; step < 120; step++) {
      if (random.nextInt(40) == 0) {
        table.clear();
        model.clear();
      }
      List<List<@Nullable Object>> batch = batch(values, random, range);
      Column[] keys = keys(types, batch);
      int[] known = find(table, keys, batch.size());
      for (int i = 0; i < known.length; i++) {
        assertThat(known[i] >= 0).as(seed).isEqualTo(model.containsKey(comparable(batch.get(i))));
      }
      if (random.nextInt(3) == 0) {
        remove(table, known, batch, model);
      } else {
        add(table, keys, batch, model, seed);
      }
      assertThat(table.size()).as(seed).isEqualTo(model.size());
    }
    assertThat(contents(table, types)).as(seed).isEqualTo(model);
  }

  private static List<List<@Nullable Object>> batch(
      List<LongFunction<Object>> values, Random random, int range) {
    List<List<@Nullable Object>> batch = new ArrayList<>();
    for (int i = random.nextInt(100); i >= 0; i--) {
      List<@Nullable Object> key = new ArrayList<>();
      for (LongFunction<Object> value : values) {
        key.add(random.nextInt(20) == 0 ? null : value.apply(random.nextInt(range)));
      }
      batch.add(key);
    }
    return batch;
  }

  private static void add(
      SlotTable table,
      Column[] keys,
      List<List<@Nullable Object>> batch,
      Map<List<@Nullable Object>, Long> model,
      String seed) {
    int[] slots = resolve(table, keys, batch.size());
    for (int i = 0; i < slots.length; i++) {
      int cell = slots[i] * table.stride() + table.offset(0);
      long before = model.getOrDefault(comparable(batch.get(i)), 7L);
      assertThat(table.cells()[cell]).as(seed).isEqualTo(before);
      assertThat(table.objects(0)[slots[i]])
          .as(seed)
          .isEqualTo(before == 7 ? null : Long.toString(before));
      table.cells()[cell] = before + 1;
      table.objects(0)[slots[i]] = Long.toString(before + 1);
      model.put(comparable(batch.get(i)), before + 1);
    }
  }

  private static void remove(
      SlotTable table,
      int[] slots,
      List<List<@Nullable Object>> batch,
      Map<List<@Nullable Object>, Long> model) {
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] >= 0 && model.remove(comparable(batch.get(i))) != null) {
        table.remove(slots[i]);
      }
    }
  }

  private static Map<List<@Nullable Object>, Long> contents(SlotTable table, List<DataType> types) {
    Map<List<@Nullable Object>, Long> contents = new HashMap<>();
    int end = table.load(0, 1);
    for (int slot = 0; slot < end; slot++) {
      if (table.isLive(slot)) {
        Column[] keys = table.keys(new int[] {slot}, 1);
        List<@Nullable Object> key = new ArrayList<>();
        for (int k = 0; k < keys.length; k++) {
          assertThat(keys[k].type()).isEqualTo(types.get(k));
          key.add(keys[k].get(0));
        }
        long[] hash = new long[1];
        table.hashes(new int[] {slot}, 1, hash);
        assertThat(hash[0]).isEqualTo(hashes(keys, 1)[0]);
        contents.put(comparable(key), table.cells()[slot * table.stride() + table.offset(0)]);
      }
    }
    return contents;
  }

  @Test
  void equalHashesOfDifferentKeys_haveSlotsOfTheirOwn() {
    // "Aa" and "BB" have one String.hashCode(), so these 2^8 strings have one KeyHash
    List<List<String>> keys = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < 8; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      keys.add(List.of(text.toString()));
    }
    List<List<String>> twice = new ArrayList<>(keys);
    twice.addAll(keys);
    Collections.shuffle(twice, new Random(1));
    Column[] columns = keys(List.of(DataType.STRING), twice);
    assertThat(hashes(columns, 512)).containsOnly(hashes(columns, 1)[0]);
    HeapSlotTable table = HeapSlotTable.create(layout(DataType.STRING));
    int[] slots = resolve(table, columns, 512);
    assertThat(table.size()).isEqualTo(256);
    for (int i = 0; i < 512; i++) {
      assertThat(table.keys(new int[] {slots[i]}, 1)[0].get(0)).isEqualTo(twice.get(i).get(0));
    }
    assertThat(find(table, columns, 512)).isEqualTo(slots);
    for (int slot = 0; slot < 256; slot += 2) {
      table.remove(slot);
    }
    int[] left = find(table, columns, 512);
    for (int i = 0; i < 512; i++) {
      assertThat(left[i]).isEqualTo(slots[i] % 2 == 0 ? -1 : slots[i]);
    }
  }

  @Test
  void slotsAfterTheFirstDeadWord_areLive() {
    HeapSlotTable table = HeapSlotTable.create(layout(DataType.LONG));
    List<List<Long>> keys = new ArrayList<>();
    for (long i = 0; i < 64; i++) {
      keys.add(List.of(i));
    }
    resolve(table, keys(List.of(DataType.LONG), keys), 64);
    table.remove(3);
    for (long i = 64; i < 200; i++) {
      keys.add(List.of(i));
    }
    Column[] all = keys(List.of(DataType.LONG), keys);
    resolve(table, all, 200);
    table.remove(5);
    assertThat(IntStream.range(0, table.load(0, 1)).filter(slot -> !table.isLive(slot)))
        .containsExactly(5);
  }

  @Test
  void zeroAndMinusZero_areOneKey_whicheverCameFirst() {
    HeapSlotTable table = HeapSlotTable.create(layout(DataType.DOUBLE));
    Column[] keys = keys(List.of(DataType.DOUBLE), List.of(List.of(-0.0), List.of(0.0)));
    int[] slots = resolve(table, keys, 2);
    assertThat(slots[0]).isEqualTo(slots[1]);
    assertThat(table.keys(slots, 1)[0].get(0)).isEqualTo(0.0);
  }

  @Test
  void keys_areCopies() {
    HeapSlotTable table = HeapSlotTable.create(layout(DataType.LONG, DataType.STRING));
    List<DataType> types = List.of(DataType.LONG, DataType.STRING);
    int[] slots = resolve(table, keys(types, List.of(List.of(1L, "a"))), 1);
    Column[] before = table.keys(slots, 1);
    table.clear();
    resolve(table, keys(types, List.of(List.of(2L, "b"))), 1);
    assertThat(before[0].get(0)).isEqualTo(1L);
    assertThat(before[1].get(0)).isEqualTo("a");
  }

  @Test
  void bytesKeys_areComparedByContent() {
    HeapSlotTable table = HeapSlotTable.create(layout(DataType.BYTES));
    Column[] keys = {new BytesColumn(2, new byte[][] {{1, 2}, {1, 2}}, null)};
    assertThat(resolve(table, keys, 2)).containsExactly(0, 0);
  }

  @Test
  void droppedNamespace_isEmptyWhenItComesBack() {
    SlotTables tables = HeapStateBackend.whole(8).tables(layout(DataType.LONG));
    Column[] keys = keys(List.of(DataType.LONG), List.of(List.of(1L), List.of(2L)));
    resolve(tables.table(5), keys, 2);
    resolve(tables.table(-5), keys, 1);
    assertThat(tables.namespaces()).containsExactly(-5, 5);
    assertThat(tables.firstNamespace()).isEqualTo(-5);
    tables.drop(5);
    assertThat(tables.has(5)).isFalse();
    assertThat(tables.table(5).size()).isZero();
    assertThat(find(tables.table(5), keys, 2)).containsExactly(-1, -1);
    tables.drop(-5);
    tables.drop(5);
    tables.drop(6);
    assertThat(tables.firstNamespace()).isEqualTo(Long.MAX_VALUE);
  }
}
