package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The smallest or largest value of a changelog: how often each value is there, so that another one
 * can take the place of one that was taken back.
 */
final class CountedExtreme extends ValueKernel<NavigableMap<Object, Long>> {
  private static final long ENTRY_BYTES = 80;

  private final DataType type;
  private final boolean max;

  CountedExtreme(int field, DataType type, boolean max) {
    super(field);
    this.type = type;
    this.max = max;
  }

  @Override
  NavigableMap<Object, Long> create() {
    return new TreeMap<>(ObjectKernels.ExtremeValue::compare);
  }

  @Override
  NavigableMap<Object, Long> accumulate(NavigableMap<Object, Long> counts, @Nullable Object value) {
    return add(counts, value, 1);
  }

  @Override
  NavigableMap<Object, Long> retract(NavigableMap<Object, Long> counts, @Nullable Object value) {
    return add(counts, value, -1);
  }

  /** A value may be taken back before it is added, where updates change its group's slice. */
  private static NavigableMap<Object, Long> add(
      NavigableMap<Object, Long> counts, @Nullable Object value, long times) {
    if (value != null) {
      counts.merge(value, times, (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
    }
    return counts;
  }

  @Override
  NavigableMap<Object, Long> merge(
      NavigableMap<Object, Long> left, NavigableMap<Object, Long> right) {
    right.forEach((value, count) -> add(left, value, count));
    return left;
  }

  @Override
  @Nullable Object result(@Nullable NavigableMap<Object, Long> counts) {
    if (counts == null) {
      return null;
    }
    NavigableMap<Object, Long> inOrder = max ? counts.descendingMap() : counts;
    Iterator<Map.Entry<Object, Long>> entries = inOrder.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Object, Long> entry = entries.next();
      if (entry.getValue() > 0) {
        return entry.getKey();
      }
    }
    return null;
  }

  @Override
  boolean canRetract() {
    return true;
  }

  @Override
  boolean isPartial() {
    return true;
  }

  @Override
  StateSerializer<NavigableMap<Object, Long>> serializer() {
    return new StateSerializer<>() {
      @Override
      public String id() {
        return "counted-extreme:" + type;
      }

      @Override
      public int version() {
        return 1;
      }

      @Override
      public void write(NavigableMap<Object, Long> counts, DataOutput out) throws IOException {
        out.writeInt(counts.size());
        for (Map.Entry<Object, Long> entry : counts.entrySet()) {
          ValueCodec.write(type, entry.getKey(), out);
          out.writeLong(entry.getValue());
        }
      }

      @Override
      public NavigableMap<Object, Long> read(DataInput in, int version) throws IOException {
        NavigableMap<Object, Long> counts = create();
        for (int left = in.readInt(); left > 0; left--) {
          Object value = ValueCodec.read(type, in);
          if (value == null) {
            throw new IOException("null among the values of an extreme");
          }
          counts.put(value, in.readLong());
        }
        return counts;
      }

      @Override
      public long estimatedBytes(NavigableMap<Object, Long> counts) {
        return counts.isEmpty()
            ? ENTRY_BYTES
            : counts.size() * (ENTRY_BYTES + ObjectBytes.ofValue(counts.firstKey()));
      }
    };
  }
}
