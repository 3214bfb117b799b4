package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Exact counts of different values. Over rows that are never taken back a group holds its values;
 * over a changelog it also holds how often each came.
 *
 * <p>Numbers, times and booleans are held as longs, strings with their hashes, others as objects.
 * Both signs of zero are one value, and so are all NaNs.
 */
final class DistinctKernels {
  private DistinctKernels() {}

  /** The kernel of a field. */
  static ObjectKernel<?> of(int field, DataType type, boolean changelog) {
    if (changelog) {
      return new Counted(field, type);
    }
    return switch (type.kind()) {
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ, DOUBLE, BOOLEAN -> new Longs(field, type);
      case STRING -> new Texts(field);
      case DECIMAL, BYTES, NESTED -> new Values(field, type);
    };
  }

  /** A value as it is compared. */
  private static Object key(Object value) {
    if (value instanceof Double number) {
      return number + 0.0; // both zeros are one value
    }
    return value instanceof byte[] bytes ? new Bytes(bytes) : value;
  }

  private static Object value(Object key) {
    return key instanceof Bytes bytes ? bytes.value() : key;
  }

  /** Bytes that are equal by content. */
  private record Bytes(byte[] value) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Bytes b && Arrays.equals(value, b.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }
  }

  /**
   * Values that fit a long. Sets of many groups do not fit the cache, so a row may have to wait for
   * memory. A block of rows therefore first looks only where each value belongs: nothing in that
   * loop depends on what is found, so the processor waits for many rows at once. What is not there
   * is added by a second loop, by then from the cache.
   */
  static final class Longs extends ObjectKernel<LongSet> {
    private static final int BLOCK = 256;

    private final DataType type;
    private final long[] values = new long[BLOCK];
    private final @Nullable LongSet[] sets = new @Nullable LongSet[BLOCK];

    Longs(int field, DataType type) {
      super(field);
      this.type = type;
    }

    @Override
    void accumulate(
        @Nullable Object[] objects,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count,
        RowErrors errors) {
      Column column = batch.column(field());
      for (int from = 0; from < count; from += BLOCK) {
        int present = gather(objects, slots, column, rows, from, Math.min(count, from + BLOCK));
        int absent = 0;
        for (int i = 0; i < present; i++) {
          LongSet set = set(i);
          long value = values[i];
          values[absent] = value;
          sets[absent] = set;
          absent += set.isHome(value) ? 0 : 1;
        }
        for (int i = 0; i < absent; i++) {
          set(i).add(values[i]);
        }
      }
    }

    private LongSet set(int i) {
      LongSet set = sets[i];
      if (set == null) {
        throw new IllegalStateException("no set at " + i);
      }
      return set;
    }

    /** Puts the values that are not null, and their sets, side by side. */
    private int gather(
        @Nullable Object[] objects, int[] slots, Column column, int[] rows, int from, int to) {
      long[] nulls = column.nulls();
      int present = 0;
      for (int i = from; i < to; i++) {
        int row = rows[i];
        if (!NullBits.isSet(nulls, row)) {
          LongSet set = (LongSet) objects[slots[i]];
          if (set == null) {
            set = new LongSet();
            objects[slots[i]] = set;
          }
          values[present] = bits(column, row);
          sets[present++] = set;
        }
      }
      return present;
    }

    private static long bits(Column column, int row) {
      if (column instanceof LongColumn longs) {
        return longs.value(row);
      }
      if (column instanceof DoubleColumn doubles) {
        return Double.doubleToLongBits(doubles.value(row) + 0.0);
      }
      return ((BooleanColumn) column).value(row) ? 1 : 0;
    }

    @Override
    LongSet create() {
      return new LongSet();
    }

    @Override
    LongSet merge(LongSet left, LongSet right) {
      left.addAll(right);
      return left;
    }

    @Override
    Object result(@Nullable LongSet accumulator) {
      return accumulator == null ? 0L : (long) accumulator.size();
    }

    @Override
    StateSerializer<LongSet> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "set:" + type;
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(LongSet set, DataOutput out) throws IOException {
          out.writeInt(set.size());
          for (long value : set.toArray()) {
            out.writeLong(value);
          }
        }

        @Override
        public LongSet read(DataInput in, int version) throws IOException {
          int size = in.readInt();
          LongSet set = new LongSet(size);
          for (int i = 0; i < size; i++) {
            set.add(in.readLong());
          }
          return set;
        }

        @Override
        public long estimatedBytes(LongSet set) {
          return set.bytes();
        }
      };
    }
  }

  /** Strings. */
  static final class Texts extends ObjectKernel<TextSet> {
    Texts(int field) {
      super(field);
    }

    @Override
    void accumulate(
        @Nullable Object[] objects,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count,
        RowErrors errors) {
      StringColumn column = (StringColumn) batch.column(field());
      long[] nulls = column.nulls();
      for (int i = 0; i < count; i++) {
        if (!NullBits.isSet(nulls, rows[i])) {
          TextSet set = (TextSet) objects[slots[i]];
          if (set == null) {
            set = new TextSet();
            objects[slots[i]] = set;
          }
          set.add(column, rows[i]);
        }
      }
    }

    @Override
    TextSet create() {
      return new TextSet();
    }

    @Override
    TextSet merge(TextSet left, TextSet right) {
      left.addAll(right);
      return left;
    }

    @Override
    Object result(@Nullable TextSet accumulator) {
      return accumulator == null ? 0L : (long) accumulator.size();
    }

    @Override
    StateSerializer<TextSet> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "set:" + DataType.STRING;
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(TextSet set, DataOutput out) throws IOException {
          out.writeInt(set.size());
          for (String text : set.toList()) {
            ValueCodec.write(DataType.STRING, text, out);
          }
        }

        @Override
        public TextSet read(DataInput in, int version) throws IOException {
          int size = in.readInt();
          TextSet set = new TextSet();
          for (int i = 0; i < size; i++) {
            set.add((String) ValueCodec.readPresent(DataType.STRING, in));
          }
          return set;
        }

        @Override
        public long estimatedBytes(TextSet set) {
          return set.bytes();
        }
      };
    }
  }

  /** Values of any other type. */
  static final class Values extends ValueKernel<Set<Object>> {
    private final DataType type;

    Values(int field, DataType type) {
      super(field);
      this.type = type;
    }

    @Override
    Set<Object> create() {
      return new HashSet<>();
    }

    @Override
    Set<Object> accumulate(Set<Object> accumulator, @Nullable Object value) {
      if (value != null) {
        accumulator.add(key(value));
      }
      return accumulator;
    }

    @Override
    Set<Object> retract(Set<Object> accumulator, @Nullable Object value) {
      throw new UnsupportedOperationException("distinct values were not counted");
    }

    @Override
    Set<Object> merge(Set<Object> left, Set<Object> right) {
      left.addAll(right);
      return left;
    }

    @Override
    Object result(@Nullable Set<Object> accumulator) {
      return accumulator == null ? 0L : (long) accumulator.size();
    }

    @Override
    StateSerializer<Set<Object>> serializer() {
      return new ElementsSerializer<>("set:" + type, this::create) {
        @Override
        void writeElement(Object key, DataOutput out) throws IOException {
          ValueCodec.write(type, value(key), out);
        }

        @Override
        Object readElement(DataInput in) throws IOException {
          return key(ValueCodec.readPresent(type, in));
        }

        @Override
        public long estimatedBytes(Set<Object> values) {
          return 96L * values.size();
        }
      };
    }
  }

  /** How often each value came, so that it can be taken back. */
  static final class Counted extends ValueKernel<Map<Object, long[]>> {
    private final DataType type;

    Counted(int field, DataType type) {
      super(field);
      this.type = type;
    }

    @Override
    StateSerializer<Map<Object, long[]>> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "distinct:" + type;
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(Map<Object, long[]> values, DataOutput out) throws IOException {
          out.writeInt(values.size());
          for (Map.Entry<Object, long[]> entry : values.entrySet()) {
            ValueCodec.write(type, value(entry.getKey()), out);
            out.writeLong(entry.getValue()[0]);
          }
        }

        @Override
        public Map<Object, long[]> read(DataInput in, int version) throws IOException {
          int size = in.readInt();
          Map<Object, long[]> values = new HashMap<>();
          for (int i = 0; i < size; i++) {
            values.put(key(ValueCodec.readPresent(type, in)), new long[] {in.readLong()});
          }
          return values;
        }

        @Override
        public long estimatedBytes(Map<Object, long[]> values) {
          return 128L * values.size();
        }
      };
    }

    @Override
    Map<Object, long[]> create() {
      return new HashMap<>();
    }

    @Override
    Map<Object, long[]> accumulate(Map<Object, long[]> accumulator, @Nullable Object value) {
      if (value != null) {
        add(accumulator, key(value), 1);
      }
      return accumulator;
    }

    @Override
    Map<Object, long[]> retract(Map<Object, long[]> accumulator, @Nullable Object value) {
      if (value != null) {
        add(accumulator, key(value), -1);
      }
      return accumulator;
    }

    /** A value may be taken back before it is added, where updates change its group's slice. */
    private static void add(Map<Object, long[]> counts, Object key, long times) {
      long[] count = counts.computeIfAbsent(key, k -> new long[1]);
      count[0] += times;
      if (count[0] == 0) {
        counts.remove(key);
      }
    }

    @Override
    Map<Object, long[]> merge(Map<Object, long[]> left, Map<Object, long[]> right) {
      right.forEach((value, count) -> add(left, value, count[0]));
      return left;
    }

    @Override
    Object result(@Nullable Map<Object, long[]> accumulator) {
      return accumulator == null
          ? 0L
          : accumulator.values().stream().filter(count -> count[0] > 0).count();
    }

    @Override
    boolean canRetract() {
      return true;
    }
  }
}
