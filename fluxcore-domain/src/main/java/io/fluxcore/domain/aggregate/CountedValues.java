package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How often each value of a field is there, in the order of values; nulls are not. */
abstract class CountedValues extends ObjectKernel<NavigableMap<Object, Long>> {
  private static final long ENTRY_BYTES = 80;

  private final String name;
  private final DataType type;
  private final int weightField;

  /**
   * Counts of a field.
   *
   * @param name of its state
   * @param weightField how often the value of a row counts; negative: once
   */
  CountedValues(String name, int field, DataType type, int weightField) {
    super(field);
    this.name = name;
    this.type = type;
    this.weightField = weightField;
  }

  @Override
  @SuppressWarnings("unchecked")
  final void accumulate(
      @Nullable Object[] objects,
      int[] slots,
      EventBatch batch,
      int[] rows,
      int count,
      RowErrors errors) {
    Column values = batch.column(field());
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      Object value = values.get(row);
      long times = weightField < 0 ? 1 : SketchKernels.weight(batch.column(weightField), row);
      if (value != null && times > 0) {
        NavigableMap<Object, Long> counts = (NavigableMap<Object, Long>) objects[slots[i]];
        if (counts == null) {
          counts = create();
          objects[slots[i]] = counts;
        }
        add(counts, value, batch.rowKind(row).isRetraction() ? -times : times);
      }
    }
  }

  /** A value may be taken back before it is added, where updates change its group's slice. */
  private static void add(NavigableMap<Object, Long> counts, Object value, long times) {
    counts.merge(value, times, (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
  }

  @Override
  final NavigableMap<Object, Long> create() {
    return new TreeMap<>(ObjectKernels.ExtremeValue::compare);
  }

  @Override
  final NavigableMap<Object, Long> merge(
      NavigableMap<Object, Long> left, NavigableMap<Object, Long> right) {
    right.forEach((value, count) -> add(left, value, count));
    return left;
  }

  @Override
  final boolean canRetract() {
    return true;
  }

  @Override
  final boolean isPartial() {
    return true;
  }

  @Override
  final StateSerializer<NavigableMap<Object, Long>> serializer() {
    return new StateSerializer<>() {
      @Override
      public String id() {
        return name + ":" + type;
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
          counts.put(ValueCodec.readPresent(type, in), in.readLong());
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
