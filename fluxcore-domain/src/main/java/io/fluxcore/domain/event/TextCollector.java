package io.fluxcore.domain.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of a STRING column in the making. While all come as UTF-8 they stay bytes, and no
 * {@link String} is made; one that comes as a reference makes references of all. Which rows are
 * null the owner knows, and tells how many rows there are. Not thread-safe.
 */
final class TextCollector {
  private int capacity;
  private @Nullable String @Nullable [] references;
  private int @Nullable [] offsets;
  private byte[] bytes = new byte[0];

  TextCollector(int capacity) {
    this.capacity = capacity;
  }

  /** Makes room for this many rows. */
  void grow(int newCapacity) {
    capacity = newCapacity;
    if (references != null) {
      references = Arrays.copyOf(references, newCapacity);
    }
    if (offsets != null) {
      offsets = Arrays.copyOf(offsets, newCapacity + 1);
    }
  }

  /** The value of a row behind all others. */
  void add(int row, String value) {
    references(row)[row] = value;
  }

  /** The same as well-formed UTF-8. */
  void addUtf8(int row, byte[] source, int from, int length) {
    if (references != null) {
      references[row] = new String(source, from, length, StandardCharsets.UTF_8);
      return;
    }
    int[] ends = offsets();
    int at = ends[row];
    if (at + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + length, 2 * bytes.length));
    }
    System.arraycopy(source, from, bytes, at, length);
    ends[row + 1] = at + length;
  }

  /** A row that is null. */
  void addNull(int row) {
    if (references != null) {
      references[row] = null;
      return;
    }
    int[] ends = offsets();
    ends[row + 1] = ends[row];
  }

  private int[] offsets() {
    int[] ends = offsets;
    if (ends == null) {
      ends = new int[capacity + 1];
      offsets = ends;
    }
    return ends;
  }

  private @Nullable String[] references(int rows) {
    @Nullable String[] values = references;
    if (values == null) {
      values = new @Nullable String[capacity];
      if (offsets != null) {
        for (int i = 0; i < rows; i++) {
          int from = offsets[i];
          values[i] = new String(bytes, from, offsets[i + 1] - from, StandardCharsets.UTF_8);
        }
      }
      references = values;
      offsets = null;
      bytes = new byte[0];
    }
    return values;
  }

  /** The column of the first rows; the collector starts anew. */
  Column build(int size, long @Nullable [] nulls) {
    Column column =
        references != null || offsets == null
            ? StringColumn.of(size, references(0), nulls)
            : StringColumn.ofUtf8(size, bytes, offsets, nulls);
    references = null;
    offsets = null;
    bytes = new byte[0];
    return column;
  }
}
