package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.RawRecords;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects records one behind the other in one array. */
final class RawBytes {
  private byte[] bytes = new byte[64 * 1024];
  private int[] offsets = new int[256];
  private int count;

  void add(byte[] from, int start, int end) {
    int at = offsets[count];
    int length = end - start;
    if (at + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + length, bytes.length * 2));
    }
    System.arraycopy(from, start, bytes, at, length);
    if (++count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    offsets[count] = at + length;
  }

  RawRecords build(Function<byte[], Map<String, @Nullable Object>> fields) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    return new LazyRecords(bytes, offsets, rows, fields);
  }

  /** A record is decoded as a whole when its first field is asked for. */
  private static final class LazyRecords implements RawRecords {
    private final byte[] bytes;
    private final int[] offsets;
    private final int[] rows;
    private final Function<byte[], Map<String, @Nullable Object>> fields;
    private int decodedRow = -1;
    private Map<String, @Nullable Object> decoded = Map.of();

    LazyRecords(
        byte[] bytes,
        int[] offsets,
        int[] rows,
        Function<byte[], Map<String, @Nullable Object>> fields) {
      this.bytes = bytes;
      this.offsets = offsets;
      this.rows = rows;
      this.fields = fields;
    }

    /** Batches are shared between threads once emitted, and user code reads row after row. */
    @Override
    public synchronized @Nullable Object field(int row, String name) {
      if (row != decodedRow) {
        decoded = fields.apply(bytes(row));
        decodedRow = row;
      }
      return decoded.get(name);
    }

    @Override
    public byte[] bytes(int row) {
      int record = rows[row];
      return record < 0
          ? new byte[0]
          : Arrays.copyOfRange(bytes, offsets[record], offsets[record + 1]);
    }

    @Override
    public RawRecords gather(int[] chosen, int count) {
      int[] result = new int[count];
      for (int i = 0; i < count; i++) {
        result[i] = chosen[i] < 0 ? -1 : rows[chosen[i]];
      }
      return new LazyRecords(bytes, offsets, result, fields);
    }
  }
}
