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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that depend on the order of rows: by event time, and of equal times by arrival. The
 * order of arrival of a key's rows is kept from source to operator, but not across sources; so rows
 * are not aggregated before an exchange.
 */
final class OrderKernels {
  private OrderKernels() {}

  private abstract static class Ordered<A> extends ObjectKernel<A> {
    Ordered(int field) {
      super(field);
    }

    abstract A add(A accumulator, long time, Column column, int row);

    @Override
    @SuppressWarnings("unchecked")
    final void accumulate(
        @Nullable Object[] objects,
        int[] slots,
        EventBatch batch,
        int[] rows,
        int count,
        RowErrors errors) {
      Column column = batch.column(field());
      long[] times = batch.timestamps();
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        if (!column.isNull(row)) {
          A known = (A) objects[slots[i]];
          objects[slots[i]] = add(known == null ? create() : known, times[row], column, row);
        }
      }
    }

    @Override
    final boolean dependsOnArrival() {
      return true;
    }
  }

  /** A value and its time; null before the first. */
  static final class Timed {
    private long time;
    private @Nullable Object value;
  }

  /** The first or the last value. */
  static final class Edge extends Ordered<Timed> {
    private final DataType type;
    private final boolean last;

    Edge(int field, DataType type, boolean last) {
      super(field);
      this.type = type;
      this.last = last;
    }

    private boolean replaces(long time, Timed held) {
      return held.value == null || (last ? time >= held.time : time < held.time);
    }

    @Override
    Timed create() {
      return new Timed();
    }

    @Override
    Timed add(Timed held, long time, Column column, int row) {
      if (replaces(time, held)) {
        held.time = time;
        held.value = column.get(row);
      }
      return held;
    }

    @Override
    Timed merge(Timed left, Timed right) {
      if (right.value != null && replaces(right.time, left)) {
        left.time = right.time;
        left.value = right.value;
      }
      return left;
    }

    @Override
    @Nullable Object result(@Nullable Timed accumulator) {
      return accumulator == null ? null : accumulator.value;
    }

    @Override
    StateSerializer<Timed> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return (last ? "last:" : "first:") + type;
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(Timed held, DataOutput out) throws IOException {
          out.writeLong(held.time);
          ValueCodec.write(type, held.value, out);
        }

        @Override
        public Timed read(DataInput in, int version) throws IOException {
          Timed held = new Timed();
          held.time = in.readLong();
          held.value = ValueCodec.read(type, in);
          return held;
        }

        @Override
        public long estimatedBytes(Timed held) {
          return ObjectBytes.ofValue(held.value);
        }
      };
    }
  }

  /** Values in order of their times. */
  static final class Collected {
    private static final int FEW = 4;

    private long[] times = new long[FEW];
    private Object[] values = new Object[FEW];
    private int size;
    private long bytes;

    /** Whether a value of this time would be among the first ones. */
    boolean takes(long time, int limit) {
      return size < limit || time < times[size - 1];
    }

    /** Puts a value behind those of the same time. */
    void insert(long time, Object value, int limit) {
      int at = size;
      while (at > 0 && times[at - 1] > time) {
        at--;
      }
      if (size == limit) {
        size--;
        bytes -= ObjectBytes.ofValue(values[size]);
      } else if (size == times.length) {
        int room = Math.min(limit, 2 * size);
        times = Arrays.copyOf(times, room);
        values = Arrays.copyOf(values, room);
      }
      System.arraycopy(times, at, times, at + 1, size - at);
      System.arraycopy(values, at, values, at + 1, size - at);
      times[at] = time;
      values[at] = value;
      bytes += ObjectBytes.ofValue(value);
      size++;
    }
  }

  /** The first values, up to a limit. */
  static final class Collect extends Ordered<Collected> {
    private final DataType type;
    private final int limit;

    Collect(int field, DataType type, int limit) {
      super(field);
      this.type = type;
      this.limit = limit;
    }

    @Override
    Collected create() {
      return new Collected();
    }

    @Override
    Collected add(Collected held, long time, Column column, int row) {
      if (held.takes(time, limit)) {
        held.insert(time, Objects.requireNonNull(column.get(row)), limit);
      }
      return held;
    }

    @Override
    Collected merge(Collected left, Collected right) {
      for (int i = 0; i < right.size && left.takes(right.times[i], limit); i++) {
        left.insert(right.times[i], right.values[i], limit);
      }
      return left;
    }

    @Override
    @Nullable Object result(@Nullable Collected accumulator) {
      if (accumulator == null || accumulator.size == 0) {
        return null;
      }
      List<Object> list = new ArrayList<>(accumulator.size);
      for (int i = 0; i < accumulator.size; i++) {
        list.add(RankKernel.nested(accumulator.values[i]));
      }
      return list;
    }

    @Override
    StateSerializer<Collected> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "collect:" + limit + ":" + type;
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(Collected held, DataOutput out) throws IOException {
          out.writeInt(held.size);
          for (int i = 0; i < held.size; i++) {
            out.writeLong(held.times[i]);
            ValueCodec.write(type, held.values[i], out);
          }
        }

        @Override
        public Collected read(DataInput in, int version) throws IOException {
          int size = in.readInt();
          Collected held = new Collected();
          for (int i = 0; i < size; i++) {
            long time = in.readLong();
            held.insert(time, ValueCodec.readPresent(type, in), limit);
          }
          return held;
        }

        @Override
        public long estimatedBytes(Collected held) {
          return held.bytes + 16L * held.times.length;
        }
      };
    }
  }
}
