package io.fluxcore.domain.join;

import io.fluxcore.domain.error.RecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A table in memory: what every {@link Lookup} is to do. It tells which keys each call asked for,
 * and can refuse single keys. Thread-safe.
 */
public final class MemoryLookup implements Lookup {
  private final Map<List<Object>, List<@Nullable Object[]>> rows = new ConcurrentHashMap<>();
  private final Map<List<Object>, String> refused = new ConcurrentHashMap<>();
  private final List<List<List<Object>>> calls = new CopyOnWriteArrayList<>();
  private final int largestBatch;

  public MemoryLookup(int largestBatch) {
    this.largestBatch = largestBatch;
  }

  /** Adds a row to those of a key. */
  public MemoryLookup row(List<Object> key, @Nullable Object... values) {
    rows.merge(
        key,
        List.<@Nullable Object[]>of(values),
        (before, added) -> {
          List<@Nullable Object[]> all = new ArrayList<>(before);
          all.addAll(added);
          return all;
        });
    return this;
  }

  /** Takes the rows of a key away. */
  public MemoryLookup remove(List<Object> key) {
    rows.remove(key);
    return this;
  }

  /** The answer for a key cannot be used. */
  public MemoryLookup refuse(List<Object> key, String why) {
    refused.put(key, why);
    return this;
  }

  /** What is found of a key. */
  public Found find(List<Object> key) {
    String why = refused.get(key);
    return why == null
        ? Found.of(rows.getOrDefault(key, List.of()))
        : Found.failed(new RecordException("FLX-TEST-0001", why));
  }

  /** The keys of each call so far. */
  public List<List<List<Object>>> calls() {
    return calls;
  }

  @Override
  public LookupReader createReader(String operatorId, int subtask) {
    return new LookupReader() {
      @Override
      public int largestBatch() {
        return largestBatch;
      }

      @Override
      public List<Found> ask(List<List<Object>> keys) {
        calls.add(keys);
        return keys.stream().map(MemoryLookup.this::find).toList();
      }
    };
  }
}
