package io.fluxcore.benchmarks;

import io.fluxcore.adapters.out.redisstate.RedisStateBackends;
import io.fluxcore.adapters.out.redisstate.RedisStateSettings;
import io.fluxcore.adapters.out.rocksdb.RocksDbSettings;
import io.fluxcore.adapters.out.rocksdb.RocksDbStateBackends;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateBackendFactory;
import io.fluxcore.domain.state.StateLayout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntToLongFunction;

/**
 * How many updates of keyed state a second one subtask makes on each state backend, when keys come
 * in an order without locality and most of them are not in the cache: a count and a sum are read,
 * changed and written, a batch of 2,048 keys at a time. What is found in the end is checked.
 *
 * <p>{@code StateUpdates KEYS UPDATES CACHE_BYTES BACKEND...}; the address of Redis is the system
 * property {@code fluxcore.state.redis.uri}. Prints a line of JSON for each.
 */
public final class StateUpdates {
  private static final int BATCH = 2048;
  private static final int GROUPS = KeyGroups.DEFAULT_MAX_PARALLELISM;
  private static final double NANOS = 1e9;
  private static final StateLayout LAYOUT =
      new StateLayout("updates", List.of(DataType.LONG), new long[] {0, 0}, List.of());

  private final int keys;
  private final long updates;
  private final long cacheBytes;

  private StateUpdates(int keys, long updates, long cacheBytes) {
    this.keys = keys;
    this.updates = updates;
    this.cacheBytes = cacheBytes;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    StateUpdates measured =
        new StateUpdates(
            Integer.parseInt(arguments[0]),
            Long.parseLong(arguments[1]),
            Long.parseLong(arguments[2]));
    for (int i = 3; i < arguments.length; i++) {
      System.out.println(measured.run(arguments[i]));
    }
  }

  /**
   * Measures a backend.
   *
   * @return what was measured, as JSON
   * @throws IllegalStateException if the state is not what it should be in the end
   */
  static String measure(String backend, int keys, long updates, long cacheBytes)
      throws IOException {
    return new StateUpdates(keys, updates, cacheBytes).run(backend);
  }

  private String run(String backend) throws IOException {
    return switch (backend) {
      case "heap" -> run(backend, StateBackendFactory.HEAP);
      case "rocksdb" -> {
        Path directory = Files.createTempDirectory("fluxcore-state");
        try (RocksDbStateBackends backends =
            new RocksDbStateBackends(
                new RocksDbSettings(directory, RocksDbSettings.DEFAULT_MEMORY_BYTES, cacheBytes))) {
          yield run(backend, backends);
        } finally {
          Files.deleteIfExists(directory);
        }
      }
      case "redis" -> {
        String uri = System.getProperty("fluxcore.state.redis.uri", "redis://localhost:6379/0");
        RedisStateSettings settings = RedisStateSettings.at(uri).withCacheBytes(cacheBytes);
        yield run(backend, new RedisStateBackends(settings));
      }
      default -> throw new IllegalArgumentException("no state backend '" + backend + "'");
    };
  }

  private String run(String backend, StateBackendFactory factory) {
    try (StateBackend state = factory.create("updates", KeyGroups.range(0, GROUPS, 1), GROUPS)) {
      long start = System.nanoTime();
      update(state, keys, i -> i);
      long filled = System.nanoTime();
      Random random = new Random(1);
      update(state, updates, i -> random.nextInt(keys));
      long ended = System.nanoTime();
      check(state);
      return String.format(
          Locale.ROOT,
          "{\"backend\":\"%s\",\"keys\":%d,\"updates\":%d,\"cacheBytes\":%d,"
              + "\"newKeysPerSecond\":%.0f,\"updatesPerSecond\":%.0f,\"load\":%.1f}",
          backend,
          keys,
          updates,
          cacheBytes,
          keys / ((filled - start) / NANOS),
          updates / ((ended - filled) / NANOS),
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  private static void update(StateBackend state, long count, IntToLongFunction key) {
    long[] values = new long[BATCH];
    long[] hashes = new long[BATCH];
    int[] rows = new int[BATCH];
    int[] slots = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      rows[i] = i;
    }
    for (long done = 0; done < count; done += BATCH) {
      int size = (int) Math.min(BATCH, count - done);
      for (int i = 0; i < size; i++) {
        // mixed, so that keys that follow each other lie far apart
        values[i] = KeyHash.mix(key.applyAsLong((int) done + i));
      }
      Column[] columns = {new LongColumn(size, values)};
      LAYOUT.hashes(columns, rows, size, hashes);
      SlotTable table = state.tables(LAYOUT).table(0);
      table.resolve(columns, hashes, rows, size, slots);
      long[] cells = table.cells();
      for (int i = 0; i < size; i++) {
        int at = slots[i] * table.stride() + table.offset(0);
        cells[at]++;
        cells[at + 1] += values[i];
      }
      state.commit();
    }
  }

  private void check(StateBackend state) {
    SlotTable table = state.tables(LAYOUT).table(0);
    SlotWalk walk = new SlotWalk(table);
    int[] block = new int[BATCH];
    long found = 0;
    long counted = 0;
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      found += count;
      LongColumn of = (LongColumn) table.keys(block, count)[0];
      for (int i = 0; i < count; i++) {
        int at = block[i] * table.stride() + table.offset(0);
        counted += table.cells()[at];
        if (table.cells()[at + 1] != table.cells()[at] * of.value(i)) {
          throw new IllegalStateException("the sum of key " + of.value(i) + " is wrong");
        }
      }
    }
    if (found != keys || counted != keys + updates) {
      throw new IllegalStateException(
          found + " keys with " + counted + " updates, not " + keys + " with " + (keys + updates));
    }
    state.commit();
  }
}
