package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.state.StateSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Accumulators as the bytes in which partial results cross an exchange. */
final class PartialObjects {
  private PartialObjects() {}

  /** The accumulators of slots; null where there is none. */
  @SuppressWarnings("unchecked")
  static <A> BytesColumn column(
      ObjectKernel<A> kernel, @Nullable Object[] objects, int[] slots, int count) {
    StateSerializer<A> serializer = kernel.serializer();
    byte[] @Nullable [] values = new byte[count][];
    long[] nulls = null;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (int i = 0; i < count; i++) {
        A accumulator = (A) objects[slots[i]];
        if (accumulator == null) {
          nulls = nulls == null ? NullBits.create(count) : nulls;
          NullBits.set(nulls, i);
        } else {
          bytes.reset();
          serializer.write(accumulator, out);
          values[i] = bytes.toByteArray();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BytesColumn(count, values, nulls);
  }

  /** Merges the accumulators of rows into those of slots. */
  @SuppressWarnings("unchecked")
  static <A> void merge(
      ObjectKernel<A> kernel,
      @Nullable Object[] objects,
      int[] slots,
      BytesColumn column,
      int[] rows,
      int count) {
    StateSerializer<A> serializer = kernel.serializer();
    try {
      for (int i = 0; i < count; i++) {
        if (!column.isNull(rows[i])) {
          DataInputStream in = new DataInputStream(new ByteArrayInputStream(column.value(rows[i])));
          A partial = serializer.read(in, serializer.version());
          A known = (A) objects[slots[i]];
          objects[slots[i]] = known == null ? partial : kernel.merge(known, partial);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
