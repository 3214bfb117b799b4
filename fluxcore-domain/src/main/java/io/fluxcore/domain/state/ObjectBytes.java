package io.fluxcore.domain.state;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes the objects of a table's slots take, about, by {@link
 * StateSerializer#estimatedBytes}: a cache of state must know them, since there is no limit to what
 * one slot may hold. Operators change objects after they were given the slots, so those of each
 * call are measured when the next one comes. Not thread-safe.
 */
public final class ObjectBytes {
  private final List<StateSerializer<Object>> serializers;
  private long[] ofSlot = new long[0];
  private int[] touched = new int[0];
  private int touchedCount;
  private long total;

  public ObjectBytes(StateLayout layout) {
    this.serializers = layout.objects();
  }

  /** Whether slots hold any objects at all; without them nothing is remembered or measured. */
  public boolean areKept() {
    return !serializers.isEmpty();
  }

  /**
   * Slots whose objects are about to be changed.
   *
   * @param slots below 0: none
   */
  public void touch(int[] slots, int count) {
    if (serializers.isEmpty()) {
      return;
    }
    if (touchedCount + count > touched.length) {
      touched = Arrays.copyOf(touched, Math.max(touchedCount + count, 2 * touched.length));
    }
    System.arraycopy(slots, 0, touched, touchedCount, count);
    touchedCount += count;
  }

  /** Bytes of all objects, after those of touched slots were measured again. */
  public long measure(HeapSlotTable table) {
    if (serializers.isEmpty()) {
      return 0;
    }
    if (ofSlot.length < table.end()) {
      ofSlot = Arrays.copyOf(ofSlot, table.slotCapacity());
    }
    for (int i = 0; i < touchedCount; i++) {
      int slot = touched[i];
      if (slot >= 0) {
        long bytes = bytes(table, slot);
        total += bytes - ofSlot[slot];
        ofSlot[slot] = bytes;
      }
    }
    touchedCount = 0;
    return total;
  }

  private long bytes(HeapSlotTable table, int slot) {
    long bytes = 0;
    for (int o = 0; o < serializers.size(); o++) {
      Object object = table.objects(o)[slot];
      if (object != null) {
        bytes += serializers.get(o).estimatedBytes(object);
      }
    }
    return bytes;
  }

  /** The table is empty. */
  public void clear() {
    Arrays.fill(ofSlot, 0);
    touchedCount = 0;
    total = 0;
  }

  /**
   * Bytes of a field's value, about.
   *
   * @param value null: none
   */
  public static long ofValue(@Nullable Object value) {
    if (value instanceof String text) {
      return text.length() + 4L;
    }
    if (value instanceof byte[] bytes) {
      return bytes.length + 4L;
    }
    if (value instanceof List<?> list) {
      return list.stream().mapToLong(item -> 16 + ofValue(item)).sum() + 16;
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
              .mapToLong(entry -> 48 + ofValue(entry.getKey()) + ofValue(entry.getValue()))
              .sum()
          + 16;
    }
    return 8;
  }
}
