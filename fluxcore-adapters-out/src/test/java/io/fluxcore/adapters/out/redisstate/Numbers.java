package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Numbers by number: state of a kind that is easy to check. */
final class Numbers {
  static final StateLayout LAYOUT =
      new StateLayout("numbers", List.of(DataType.LONG), new long[] {0}, List.of());

  private static final int BATCH = 2048;

  private Numbers() {}

  /** Adds to the numbers of keys that follow each other, in batches. */
  static void add(StateBackend state, long namespace, long first, int count, long amount) {
    for (int from = 0; from < count; from += BATCH) {
      int size = Math.min(BATCH, count - from);
      long start = first + from;
      add(state, namespace, LongStream.range(start, start + size).toArray(), amount);
      state.commit();
    }
  }

  /** Adds to the numbers of keys. */
  static void add(StateBackend state, long namespace, long[] keys, long amount) {
    int[] slots = new int[keys.length];
    SlotTable table = state.tables(LAYOUT).table(namespace);
    table.resolve(columns(keys), hashes(keys), rows(keys), keys.length, slots);
    for (int slot : slots) {
      table.cells()[slot * table.stride() + table.offset(0)] += amount;
    }
  }

  /** The numbers of a namespace by key. */
  static Map<Long, Long> all(StateBackend state, long namespace) {
    Map<Long, Long> all = new TreeMap<>();
    SlotTable table = state.tables(LAYOUT).table(namespace);
    SlotWalk walk = new SlotWalk(table);
    int[] block = new int[1000];
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      LongColumn keys = (LongColumn) table.keys(block, count)[0];
      for (int i = 0; i < count; i++) {
        all.put(keys.value(i), table.cells()[block[i] * table.stride() + table.offset(0)]);
      }
    }
    state.commit();
    return all;
  }

  /** Numbers that are the same for keys that follow each other. */
  static Map<Long, Long> of(long first, int count, long number) {
    Map<Long, Long> all = new TreeMap<>();
    LongStream.range(first, first + count).forEach(key -> all.put(key, number));
    return all;
  }

  private static Column[] columns(long[] keys) {
    return new Column[] {new LongColumn(keys.length, keys)};
  }

  private static int[] rows(long[] keys) {
    return IntStream.range(0, keys.length).toArray();
  }

  private static long[] hashes(long[] keys) {
    return LongStream.of(keys).map(KeyHash::mix).toArray();
  }
}
