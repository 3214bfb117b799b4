package io.fluxcore.domain.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link StateBackend} does, held against a map. The test of an implementation extends
 * it; its backends had better be so small that state does not stay in memory. Seeds are named in
 * messages.
 */
public abstract class StateBackendContract {
  private static final int GROUPS = 16;
  private static final long[] NAMESPACES = {Long.MIN_VALUE, -1, 0, 5, Long.MAX_VALUE - 1};

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
        public void write(Object value, DataOutput out) throws IOException {
          out.writeUTF((String) value);
        }

        @Override
        public Object read(DataInput in, int version) throws IOException {
          return in.readUTF();
        }
      };

  /** Empty state. */
  protected abstract StateBackend create(KeyGroupRange range, int maxParallelism);

  private StateBackend whole() {
    return create(KeyGroups.range(0, GROUPS, 1), GROUPS);
  }

  /** Cell 0 is a number, cell 1 never changes, the object is the number as text. */
  private static StateLayout layout(List<DataType> keys) {
    return new StateLayout("test", keys, new long[] {7, -1}, List.of(TEXT));
  }

  /** Cell 0 is a sum, the object is a text to whose end is added. */
  private static StateLayout mergeable(List<DataType> keys) {
    return new StateLayout(
        "sums", keys, new long[] {0}, List.of(TEXT), StateBackendContract::merge);
  }

  private static void merge(
      SlotTable table, int[] slots, SlotTable later, int[] laterSlots, int count) {
    for (int i = 0; i < count; i++) {
      table.cells()[slots[i] * table.stride() + table.offset(0)] +=
          later.cells()[laterSlots[i] * later.stride() + later.offset(0)];
      append(table, slots[i], later.objects(0)[laterSlots[i]]);
    }
  }

  private static void append(SlotTable table, int slot, @Nullable Object more) {
    Object before = table.objects(0)[slot];
    if (more != null) {
      table.objects(0)[slot] = (before == null ? "" : before) + more.toString();
    }
  }

  private static Column[] keys(
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

  private static int[] rows(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static long[] hashes(Column[] keys, int count) {
    long[] hashes = new long[count];
    KeyHash.ofRows(keys, rows(count), count, hashes);
    return hashes;
  }

  private static int[] resolve(SlotTable table, Column[] keys, int count) {
    int[] slots = new int[count];
    table.resolve(keys, hashes(keys, count), rows(count), count, slots);
    return slots;
  }

  private static int[] find(SlotTable table, Column[] keys, int count) {
    int[] slots = new int[count];
    table.find(keys, hashes(keys, count), rows(count), count, slots);
    return slots;
  }

  private static long cell(SlotTable table, int slot) {
    return table.cells()[slot * table.stride() + table.offset(0)];
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
    // "Aa" and "BB" have one hash
    LongFunction<Object> asText = i -> i % 2 == 0 ? "Aa" + i / 4 : "BB" + i / 4;
    LongFunction<Object> asBytes = i -> new byte[] {(byte) i, (byte) (i >> 8)};
    LongFunction<Object> asDecimal = i -> BigDecimal.valueOf(i, 2);
    LongFunction<Object> asNested =
        i -> i % 2 == 0 ? Map.of("a", i / 2, "b", "x") : new TreeMap<>(Map.of("b", "x", "a", i));
    return Stream.of(
        Arguments.of(List.of(DataType.LONG), List.of(asLong)),
        Arguments.of(List.of(DataType.STRING), List.of(asText)),
        Arguments.of(List.of(DataType.DOUBLE), List.of(asDouble)),
        Arguments.of(List.of(DataType.decimal(10, 2)), List.of(asDecimal)),
        Arguments.of(List.of(DataType.BYTES), List.of(asBytes)),
        Arguments.of(List.of(DataType.NESTED), List.of(asNested)),
        Arguments.of(
            List.of(DataType.BOOLEAN, DataType.LONG),
            List.of((LongFunction<Object>) i -> i % 2 == 0, asLong)),
        Arguments.of(
            List.of(DataType.STRING, DataType.BYTES, DataType.DOUBLE),
            List.of(asText, asBytes, asDouble)),
        Arguments.of(List.of(), List.of()));
  }

  private static List<List<@Nullable Object>> batch(
      List<LongFunction<Object>> values, Random random, int range, int size) {
    List<List<@Nullable Object>> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<@Nullable Object> key = new ArrayList<>();
      for (LongFunction<Object> value : values) {
        key.add(random.nextInt(20) == 0 ? null : value.apply(random.nextInt(range)));
      }
      batch.add(key);
    }
    return batch;
  }

  /** Keys and numbers of a table, through a walk. */
  private static Map<List<@Nullable Object>, Long> contents(SlotTable table, String seed) {
    Map<List<@Nullable Object>, Long> contents = new HashMap<>();
    int[] block = new int[37];
    SlotWalk walk = new SlotWalk(table);
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      Column[] keys = table.keys(block, count);
      long[] known = new long[count];
      table.hashes(block, count, known);
      assertThat(known).as(seed).isEqualTo(hashes(keys, count));
      for (int i = 0; i < count; i++) {
        List<@Nullable Object> key = new ArrayList<>();
        for (Column column : keys) {
          key.add(column.get(i));
        }
        assertThat(contents.put(comparable(key), cell(table, block[i]))).as(seed).isNull();
      }
    }
    return contents;
  }

  @ParameterizedTest
  @MethodSource("keyTypes")
  void tables_behaveLikeMaps(List<DataType> types, List<LongFunction<Object>> values) {
    for (int seed = 0; seed < 2; seed++) {
      try (StateBackend state = whole()) {
        new MapModel(state, types, values, new Random(seed), "seed " + seed).run();
      }
    }
  }

  /** Random use of a few namespaces, and what is in them. */
  private static final class MapModel {
    private final StateBackend state;
    private final SlotTables tables;
    private final List<DataType> types;
    private final List<LongFunction<Object>> values;
    private final Random random;
    private final String seed;
    private final Map<Long, Map<List<@Nullable Object>, Long>> model = new TreeMap<>();

    MapModel(
        StateBackend state,
        List<DataType> types,
        List<LongFunction<Object>> values,
        Random random,
        String seed) {
      this.state = state;
      this.tables = state.tables(layout(types));
      this.types = types;
      this.values = values;
      this.random = random;
      this.seed = seed;
    }

    void run() {
      int range = 1 << (4 + random.nextInt(8));
      for (int step = 0; step < 250; step++) {
        long namespace = NAMESPACES[random.nextInt(NAMESPACES.length)];
        switch (random.nextInt(12)) {
          case 0 -> drop(namespace);
          case 1, 2 -> remove(namespace, batch(values, random, range, 1 + random.nextInt(60)));
          case 3 -> walk(namespace);
          default -> add(namespace, batch(values, random, range, 1 + random.nextInt(60)));
        }
        assertThat(tables.namespaces())
            .as(seed)
            .containsExactly(model.keySet().stream().mapToLong(n -> n).toArray());
        if (random.nextInt(3) > 0) {
          state.commit();
        }
      }
      for (Map.Entry<Long, Map<List<@Nullable Object>, Long>> entry : model.entrySet()) {
        SlotTable table = tables.table(entry.getKey());
        assertThat(table.size()).as(seed).isEqualTo(entry.getValue().size());
        assertThat(contents(table, seed)).as(seed).isEqualTo(entry.getValue());
      }
    }

    private Map<List<@Nullable Object>, Long> known(long namespace) {
      return model.computeIfAbsent(namespace, n -> new HashMap<>());
    }

    private void drop(long namespace) {
      tables.drop(namespace);
      model.remove(namespace);
      assertThat(tables.has(namespace)).as(seed).isFalse();
    }

    private void add(long namespace, List<List<@Nullable Object>> batch) {
      Map<List<@Nullable Object>, Long> known = known(namespace);
      SlotTable table = tables.table(namespace);
      int[] slots = resolve(table, keys(types, batch), batch.size());
      for (int i = 0; i < slots.length; i++) {
        long before = known.getOrDefault(comparable(batch.get(i)), 7L);
        assertThat(cell(table, slots[i])).as(seed).isEqualTo(before);
        assertThat(table.cells()[slots[i] * table.stride() + table.offset(1)]).isEqualTo(-1);
        assertThat(table.objects(0)[slots[i]])
            .as(seed)
            .isEqualTo(before == 7 ? null : Long.toString(before));
        table.cells()[slots[i] * table.stride() + table.offset(0)] = before + 1;
        table.objects(0)[slots[i]] = Long.toString(before + 1);
        known.put(comparable(batch.get(i)), before + 1);
      }
      assertThat(table.size()).as(seed).isEqualTo(known.size());
    }

    private void remove(long namespace, List<List<@Nullable Object>> batch) {
      Map<List<@Nullable Object>, Long> known = known(namespace);
      SlotTable table = tables.table(namespace);
      int[] slots = find(table, keys(types, batch), batch.size());
      for (int i = 0; i < slots.length; i++) {
        assertThat(slots[i] >= 0).as(seed).isEqualTo(known.containsKey(comparable(batch.get(i))));
      }
      for (int i = 0; i < slots.length; i++) {
        if (slots[i] >= 0 && known.remove(comparable(batch.get(i))) != null) {
          table.remove(slots[i]);
        }
      }
      assertThat(table.size()).as(seed).isEqualTo(known.size());
    }

    /** Changes some keys of a walk, and removes others. */
    private void walk(long namespace) {
      Map<List<@Nullable Object>, Long> known = known(namespace);
      SlotTable table = tables.table(namespace);
      SlotWalk walk = new SlotWalk(table);
      int[] block = new int[1 + random.nextInt(50)];
      Map<List<@Nullable Object>, Long> after = new HashMap<>();
      for (int count = walk.next(block); count > 0; count = walk.next(block)) {
        Column[] keys = table.keys(block, count);
        int[] changed = new int[count];
        int changes = 0;
        for (int i = 0; i < count; i++) {
          List<@Nullable Object> key = new ArrayList<>();
          for (Column column : keys) {
            key.add(column.get(i));
          }
          long value = cell(table, block[i]);
          assertThat(value).as(seed).isEqualTo(known.get(comparable(key)));
          switch (random.nextInt(4)) {
            case 0 -> table.remove(block[i]);
            case 1 -> {
              table.cells()[block[i] * table.stride() + table.offset(0)] = value + 1;
              table.objects(0)[block[i]] = Long.toString(value + 1);
              changed[changes++] = block[i];
              after.put(comparable(key), value + 1);
            }
            default -> after.put(comparable(key), value);
          }
        }
        table.changed(changed, changes);
      }
      known.clear();
      known.putAll(after);
      assertThat(table.size()).as(seed).isEqualTo(known.size());
    }
  }

  @ParameterizedTest
  @MethodSource("keyTypes")
  void whatIsAdded_isMergedInItsOrder(List<DataType> types, List<LongFunction<Object>> values) {
    for (int seed = 0; seed < 2; seed++) {
      Random random = new Random(seed);
      try (StateBackend state = whole()) {
        SlotTable table = state.tables(mergeable(types)).table(3);
        Map<List<@Nullable Object>, String> model = new HashMap<>();
        for (int step = 0; step < 150; step++) {
          List<List<@Nullable Object>> batch = batch(values, random, 200, 60);
          Column[] keys = keys(types, batch);
          int[] slots = new int[batch.size()];
          boolean adds = random.nextInt(5) > 0;
          if (adds) {
            table.resolveToAdd(keys, hashes(keys, 60), rows(60), 60, slots);
          } else {
            table.resolve(keys, hashes(keys, 60), rows(60), 60, slots);
          }
          for (int i = 0; i < slots.length; i++) {
            String before = model.getOrDefault(comparable(batch.get(i)), "");
            if (!adds) {
              assertThat(cell(table, slots[i])).as("seed " + seed).isEqualTo(before.length());
            }
            String more = Integer.toString(random.nextInt(10));
            table.cells()[slots[i] * table.stride() + table.offset(0)]++;
            append(table, slots[i], more);
            model.put(comparable(batch.get(i)), before + more);
          }
          if (random.nextBoolean()) {
            state.commit();
          }
        }
        List<List<@Nullable Object>> asked = batch(values, random, 300, 500);
        int[] found = find(table, keys(types, asked), 500);
        for (int i = 0; i < found.length; i++) {
          String text = model.get(comparable(asked.get(i)));
          assertThat(found[i] < 0).as("seed " + seed).isEqualTo(text == null);
          if (text != null) {
            assertThat(table.objects(0)[found[i]]).as("seed " + seed).isEqualTo(text);
          }
        }
        Map<List<@Nullable Object>, Long> lengths = new HashMap<>();
        model.forEach((key, text) -> lengths.put(key, (long) text.length()));
        assertThat(contents(table, "seed " + seed)).isEqualTo(lengths);
      }
    }
  }

  @Test
  void slotsOfOtherTables_stayWhileOneIsUsed() {
    List<DataType> types = List.of(DataType.LONG);
    try (StateBackend state = whole()) {
      SlotTables tables = state.tables(layout(types));
      Column[] first = keys(types, longs(0, 100));
      int[] slots = resolve(tables.table(0), first, 100);
      SlotTable table = tables.table(0);
      for (int i = 0; i < 100; i++) {
        table.cells()[slots[i] * table.stride() + table.offset(0)] = i;
      }
      for (int namespace = 1; namespace < 20; namespace++) {
        resolve(tables.table(namespace), keys(types, longs(1000L * namespace, 500)), 500);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(cell(table, slots[i])).isEqualTo(i);
      }
      state.commit();
      int[] again = find(table, first, 100);
      for (int i = 0; i < 100; i++) {
        assertThat(cell(table, again[i])).isEqualTo(i);
      }
    }
  }

  /** Fills state of two layouts with random numbers. */
  private static void fill(StateBackend state, Random random, int steps) {
    List<DataType> types = List.of(DataType.STRING, DataType.LONG);
    List<LongFunction<Object>> values = List.of(i -> "k" + i, i -> i);
    SlotTables exact = state.tables(layout(types));
    SlotTables added = state.tables(mergeable(List.of(DataType.LONG)));
    for (int step = 0; step < steps; step++) {
      long namespace = NAMESPACES[random.nextInt(NAMESPACES.length)];
      Column[] keys = keys(types, batch(values, random, 40, 50));
      int[] slots = resolve(exact.table(namespace), keys, 50);
      for (int slot : slots) {
        SlotTable table = exact.table(namespace);
        table.cells()[slot * table.stride() + table.offset(0)] = random.nextInt(1_000);
        table.objects(0)[slot] = "t" + random.nextInt(10);
      }
      SlotTable table = added.table(namespace);
      Column[] numbers =
          keys(
              List.of(DataType.LONG), batch(List.<LongFunction<Object>>of(i -> i), random, 99, 50));
      int[] targets = new int[50];
      table.resolveToAdd(numbers, hashes(numbers, 50), rows(50), 50, targets);
      for (int slot : targets) {
        table.cells()[slot * table.stride() + table.offset(0)]++;
        append(table, slot, random.nextInt(10));
      }
      state.commit();
    }
  }

  /** Everything of both layouts as text. */
  private static Map<String, String> everything(StateBackend state) {
    Map<String, String> all = new TreeMap<>();
    for (SlotTables tables :
        List.of(
            state.tables(layout(List.of(DataType.STRING, DataType.LONG))),
            state.tables(mergeable(List.of(DataType.LONG))))) {
      for (long namespace : tables.namespaces()) {
        SlotTable table = tables.table(namespace);
        int[] block = new int[100];
        SlotWalk walk = new SlotWalk(table);
        for (int count = walk.next(block); count > 0; count = walk.next(block)) {
          Column[] keys = table.keys(block, count);
          for (int i = 0; i < count; i++) {
            StringBuilder key = new StringBuilder(tables.layout().name() + "/" + namespace);
            for (Column column : keys) {
              key.append('/').append(column.get(i));
            }
            String value = cell(table, block[i]) + "/" + table.objects(0)[block[i]];
            assertThat(all.put(key.toString(), value)).isNull();
          }
        }
      }
    }
    state.commit();
    return all;
  }

  private static FrozenOperator freeze(StateBackend state, SnapshotFormat format) {
    return new FrozenOperator(OperatorSnapshot.builder("op").build(), state.freeze(format));
  }

  private Map<String, String> restored(OperatorSnapshot snapshot, int parallelism, boolean onHeap) {
    Map<String, String> all = new TreeMap<>();
    for (int subtask = 0; subtask < parallelism; subtask++) {
      KeyGroupRange range = KeyGroups.range(subtask, GROUPS, parallelism);
      try (StateBackend state =
          onHeap ? new HeapStateBackend(range, GROUPS) : create(range, GROUPS)) {
        declare(state);
        state.restore(snapshot);
        all.putAll(everything(state));
      }
    }
    return all;
  }

  private static void declare(StateBackend state) {
    state.tables(layout(List.of(DataType.STRING, DataType.LONG)));
    state.tables(mergeable(List.of(DataType.LONG)));
  }

  @ParameterizedTest
  @EnumSource(SnapshotFormat.class)
  void frozenState_isRestoredAtAnyParallelism(SnapshotFormat format) {
    for (int parallelism : new int[] {1, 3}) {
      List<OperatorSnapshot> parts = new ArrayList<>();
      Map<String, String> expected = new TreeMap<>();
      Random random = new Random(parallelism);
      for (int subtask = 0; subtask < parallelism; subtask++) {
        KeyGroupRange range = KeyGroups.range(subtask, GROUPS, parallelism);
        try (StateBackend whole = HeapStateBackend.whole(GROUPS);
            StateBackend state = create(range, GROUPS)) {
          fill(whole, random, 40);
          declare(state);
          state.restore(freeze(whole, SnapshotFormat.CANONICAL).inMemory());
          Map<String, String> known = everything(state);
          FrozenOperator frozen = freeze(state, format);
          // what happens afterwards is not in it
          for (long namespace : state.tables(mergeable(List.of(DataType.LONG))).namespaces()) {
            state.tables(mergeable(List.of(DataType.LONG))).drop(namespace);
          }
          state.commit();
          parts.add(frozen.inMemory());
          expected.putAll(known);
        }
      }
      OperatorSnapshot snapshot = OperatorSnapshot.merge("op", parts);
      for (int newParallelism : new int[] {1, 2, 3, 5}) {
        assertThat(restored(snapshot, newParallelism, false)).isEqualTo(expected);
        if (format == SnapshotFormat.CANONICAL) {
          assertThat(restored(snapshot, newParallelism, true)).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SnapshotFormat.class)
  void stateGoesOn_afterItWasFrozenAndRestored(SnapshotFormat format) {
    Map<String, String> expected;
    try (StateBackend reference = HeapStateBackend.whole(GROUPS)) {
      fill(reference, new Random(1), 30);
      fill(reference, new Random(2), 30);
      expected = everything(reference);
    }
    OperatorSnapshot second;
    try (StateBackend state = whole()) {
      fill(state, new Random(1), 30);
      OperatorSnapshot first = freeze(state, format).inMemory();
      try (StateBackend again = whole()) {
        declare(again);
        again.restore(first);
        fill(again, new Random(2), 30);
        assertThat(everything(again)).isEqualTo(expected);
        second = freeze(again, format).inMemory();
      }
      fill(state, new Random(2), 30);
      assertThat(everything(state)).isEqualTo(expected);
    }
    assertThat(restored(second, 2, false)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(SnapshotFormat.class)
  void frozenState_outlivesItsBackend(SnapshotFormat format) {
    FrozenOperator first;
    FrozenOperator second;
    Map<String, String> expected;
    try (StateBackend state = whole()) {
      fill(state, new Random(7), 30);
      expected = everything(state);
      first = freeze(state, format);
      second = freeze(state, format);
    }
    first.close();
    assertThat(restored(second.inMemory(), 1, false)).isEqualTo(expected);
  }

  private static List<List<Long>> longs(long from, int count) {
    List<List<Long>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(List.of(from + i));
    }
    return rows;
  }

  @Test
  void tablesOfTwoLayouts_doNotMeet() {
    List<DataType> types = List.of(DataType.LONG);
    try (StateBackend state = whole()) {
      SlotTables one = state.tables(layout(types));
      SlotTables other = state.tables(mergeable(types));
      Column[] keys = keys(types, longs(0, 3000));
      for (int round = 0; round < 2; round++) {
        int[] slots = resolve(one.table(1), keys, 3000);
        int[] others = resolve(other.table(1), keys, 3000);
        for (int i = 0; i < 3000; i++) {
          assertThat(cell(one.table(1), slots[i])).isEqualTo(7);
          assertThat(cell(other.table(1), others[i])).isZero();
        }
        state.commit();
      }
      one.drop(1);
      assertThat(other.table(1).size()).isEqualTo(3000);
      assertThat(find(one.table(1), keys, 3000)).containsOnly(-1);
      assertThat(Arrays.stream(find(other.table(1), keys, 3000)).min().getAsInt()).isNotNegative();
    }
  }

  @Test
  void sizeInBytes_growsWithTheState() {
    List<DataType> types = List.of(DataType.LONG);
    try (StateBackend state = whole()) {
      SlotTables tables = state.tables(layout(types));
      long before = state.estimatedBytes();
      for (int i = 0; i < 20; i++) {
        resolve(tables.table(0), keys(types, longs(1000L * i, 1000)), 1000);
        state.commit();
      }
      assertThat(state.estimatedBytes()).isGreaterThan(before + 20_000L * 16);
    }
  }
}
