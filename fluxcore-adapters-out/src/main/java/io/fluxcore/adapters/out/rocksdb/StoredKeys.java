package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.ValueCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * How keys of one state are stored, big endian, so that their order as bytes is that of their
 * numbers:
 *
 * <pre>
 *   u16  key group
 *   i32  state (a hash of its name)
 *   i64  namespace, its sign bit flipped
 *   u64  hash of the key; its high bits give the key group, so keys of a namespace are in the order
 *        of their hashes
 *   the key: nothing for a key of one long-backed column, which the hash gives back; u8 0 for the
 *        null of such a column; otherwise each column as {@link ValueCodec} writes it
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class StoredKeys {
  /** Bytes before the key itself. */
  static final int PREFIX_BYTES = 22;

  private static final int STATE_AT = 2;
  private static final int NAMESPACE_AT = 6;
  private static final int HASH_AT = 14;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] NULL_KEY = {0};
  private static final byte[] NO_KEY = {};

  private final List<DataType> types;
  private final boolean hashIsKey;
  private final int state;
  private final int maxParallelism;

  StoredKeys(List<DataType> types, int state, int maxParallelism) {
    this.types = types;
    this.hashIsKey = types.size() == 1 && types.get(0).isLongBacked();
    this.state = state;
    this.maxParallelism = maxParallelism;
  }

  /** Whether all keys but null are of {@link #PREFIX_BYTES}. */
  boolean isOfHashOnly() {
    return hashIsKey;
  }

  /** What of a key follows its hash. */
  byte[] tail(Column[] keys, int row) {
    if (hashIsKey) {
      return keys[0].isNull(row) ? NULL_KEY : NO_KEY;
    }
    if (keys.length == 0) {
      return NO_KEY;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (Column key : keys) {
        ValueCodec.writeKey(key.type(), key.get(row), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The stored form of a key. */
  byte[] key(long namespace, long hash, byte[] tail) {
    byte[] key = new byte[PREFIX_BYTES + tail.length];
    prefix(key, namespace, hash);
    System.arraycopy(tail, 0, key, PREFIX_BYTES, tail.length);
    return key;
  }

  /** Writes what comes before the tail. */
  void prefix(byte[] key, long namespace, long hash) {
    group(key, KeyGroups.ofHash(hash, maxParallelism), namespace);
    LONGS.set(key, HASH_AT, hash);
  }

  private void group(byte[] key, int keyGroup, long namespace) {
    SHORTS.set(key, 0, (short) keyGroup);
    INTS.set(key, STATE_AT, state);
    LONGS.set(key, NAMESPACE_AT, namespace ^ Long.MIN_VALUE);
  }

  /** The first key of a namespace of a key group that has at least this hash. */
  byte[] from(int keyGroup, long namespace, long hash) {
    byte[] key = new byte[PREFIX_BYTES];
    group(key, keyGroup, namespace);
    LONGS.set(key, HASH_AT, hash);
    return key;
  }

  /** Just behind the keys of a namespace of a key group. */
  byte[] end(int keyGroup, long namespace) {
    if (namespace != Long.MAX_VALUE) {
      return from(keyGroup, namespace + 1, 0);
    }
    return stateStart(keyGroup, state + 1);
  }

  static int keyGroupOf(byte[] key) {
    return (short) SHORTS.get(key, 0) & 0xFFFF;
  }

  static int stateOf(byte[] key) {
    return (int) INTS.get(key, STATE_AT);
  }

  static long namespaceOf(byte[] key) {
    return (long) LONGS.get(key, NAMESPACE_AT) ^ Long.MIN_VALUE;
  }

  static long hashOf(byte[] key) {
    return (long) LONGS.get(key, HASH_AT);
  }

  /** The first key of a state of a key group, or just behind those of the state before. */
  static byte[] stateStart(int keyGroup, int state) {
    byte[] key = new byte[NAMESPACE_AT];
    SHORTS.set(key, 0, (short) keyGroup);
    INTS.set(key, STATE_AT, state);
    return key;
  }

  /** The first key of a key group, or just behind those of the one before. */
  static byte[] groupStart(int keyGroup) {
    byte[] key = new byte[Short.BYTES];
    SHORTS.set(key, 0, (short) keyGroup);
    return key;
  }

  /** Collects keys that are read, into columns. */
  final class Columns {
    private final ColumnBuilder[] builders;
    private final long[] longs;
    private final int capacity;
    private int count;
    private boolean hasNull;

    Columns(int capacity) {
      this.capacity = capacity;
      this.longs = new long[hashIsKey ? capacity : 0];
      this.builders = new ColumnBuilder[types.size()];
      reset();
    }

    void reset() {
      count = 0;
      hasNull = false;
      if (!hashIsKey) {
        for (int k = 0; k < builders.length; k++) {
          builders[k] = new ColumnBuilder(types.get(k), capacity);
        }
      }
    }

    /** Adds a stored key of this length. */
    void add(byte[] key, int length) {
      if (hashIsKey && !hasNull && length == PREFIX_BYTES) {
        longs[count++] = KeyHash.unmix(hashOf(key));
        return;
      }
      if (hashIsKey) {
        addSlowly(key, length);
        return;
      }
      DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(key, PREFIX_BYTES, length - PREFIX_BYTES));
      try {
        for (int k = 0; k < builders.length; k++) {
          builders[k].append(ValueCodec.read(types.get(k), in));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      count++;
    }

    /** With a null among them, of which there is one at most. */
    private void addSlowly(byte[] key, int length) {
      if (!hasNull) {
        hasNull = true;
        builders[0] = new ColumnBuilder(types.get(0), capacity);
        for (int i = 0; i < count; i++) {
          builders[0].append(value(longs[i]));
        }
      }
      builders[0].append(length == PREFIX_BYTES ? value(KeyHash.unmix(hashOf(key))) : null);
      count++;
    }

    private Object value(long bits) {
      return io.fluxcore.domain.event.Values.ofLong(types.get(0), bits);
    }

    int count() {
      return count;
    }

    Column[] columns() {
      if (hashIsKey && !hasNull) {
        long[] values = java.util.Arrays.copyOf(longs, count);
        return new Column[] {new LongColumn(types.get(0), count, values, null)};
      }
      Column[] columns = new Column[builders.length];
      for (int k = 0; k < columns.length; k++) {
        columns[k] = builders[k].build();
      }
      return columns;
    }
  }
}
