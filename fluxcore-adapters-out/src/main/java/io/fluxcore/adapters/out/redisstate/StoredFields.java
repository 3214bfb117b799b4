package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.ValueCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * How keys are the fields of a bucket, big endian:
 *
 * <pre>
 *   u64  hash of the key
 *   the key: nothing for a key of one long-backed column, which the hash gives back; u8 0 for the
 *        null of such a column; otherwise each column as {@link ValueCodec} writes it
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class StoredFields {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final List<DataType> types;
  private final boolean hashIsKey;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  StoredFields(List<DataType> types) {
    this.types = types;
    this.hashIsKey = types.size() == 1 && types.get(0).isLongBacked();
  }

  static long hashOf(byte[] field) {
    return (long) LONGS.get(field, 0);
  }

  /** The field of a row's key. */
  byte[] field(Column[] keys, int row, long hash) {
    if (hashIsKey) {
      byte[] field = new byte[keys[0].isNull(row) ? Long.BYTES + 1 : Long.BYTES];
      LONGS.set(field, 0, hash);
      return field;
    }
    bytes.reset();
    try {
      out.writeLong(hash);
      for (Column key : keys) {
        ValueCodec.writeKey(key.type(), key.get(row), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes the key of a field in the canonical format. */
  void writeKey(byte[] field, DataOutput to) throws IOException {
    if (!hashIsKey) {
      to.write(field, Long.BYTES, field.length - Long.BYTES);
    } else if (field.length > Long.BYTES) {
      to.writeByte(0);
    } else {
      to.writeByte(1);
      to.writeLong(KeyHash.unmix(hashOf(field)));
    }
  }

  /** Reads the keys of fields. */
  Column[] columns(byte[][] fields, int count) {
    if (hashIsKey) {
      return new Column[] {longs(fields, count)};
    }
    ColumnBuilder[] builders = new ColumnBuilder[types.size()];
    Arrays.setAll(builders, k -> new ColumnBuilder(types.get(k), Math.max(1, count)));
    try {
      for (int i = 0; i < count; i++) {
        byte[] field = fields[i];
        DataInputStream in =
            new DataInputStream(
                new ByteArrayInputStream(field, Long.BYTES, field.length - Long.BYTES));
        for (int k = 0; k < builders.length; k++) {
          builders[k].append(ValueCodec.read(types.get(k), in));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Column[] columns = new Column[builders.length];
    Arrays.setAll(columns, k -> builders[k].build());
    return columns;
  }

  private Column longs(byte[][] fields, int count) {
    DataType type = types.get(0);
    long[] values = new long[count];
    boolean hasNull = false;
    for (int i = 0; i < count; i++) {
      hasNull |= fields[i].length > Long.BYTES;
      values[i] = KeyHash.unmix(hashOf(fields[i]));
    }
    if (!hasNull) {
      return new LongColumn(type, count, values, null);
    }
    ColumnBuilder builder = new ColumnBuilder(type, count);
    for (int i = 0; i < count; i++) {
      builder.append(fields[i].length > Long.BYTES ? null : Values.ofLong(type, values[i]));
    }
    return builder.build();
  }
}
