package io.fluxcore.domain.event;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * STRING values in one of three forms: the source's own {@link String} references, UTF-8 bytes with
 * offsets, or codes into a per-batch dictionary. All forms give the same {@link #hash(int)}, which
 * is {@link String#hashCode()} as its specification defines it.
 */
public abstract sealed class StringColumn extends Column {
  StringColumn(int size, long @Nullable [] nulls) {
    super(DataType.STRING, size, nulls);
  }

  /** The string of a row that is not null; made from the bytes where only bytes are held. */
  public abstract String value(int row);

  /** {@link String#hashCode()} of a row that is not null, without making the string. */
  public abstract int hash(int row);

  /** Whether the row, which is not null, equals the string. */
  public boolean equalTo(int row, String other) {
    return value(row).equals(other);
  }

  @Override
  final Object boxed(int row) {
    return value(row);
  }

  public static StringColumn of(int size, @Nullable String[] values, long @Nullable [] nulls) {
    return new OfStrings(size, values, nulls);
  }

  /** Row {@code i} is {@code bytes[offsets[i]..offsets[i+1])}. */
  public static StringColumn ofUtf8(
      int size, byte[] bytes, int[] offsets, long @Nullable [] nulls) {
    return new OfUtf8(size, bytes, offsets, nulls);
  }

  /** Row {@code i} is {@code dictionary[codes[i]]}; dictionary entries are not null. */
  public static StringColumn ofDictionary(
      int size, int[] codes, String[] dictionary, long @Nullable [] nulls) {
    return new OfDictionary(size, codes, dictionary, nulls);
  }

  /** The source's own references. */
  public static final class OfStrings extends StringColumn {
    private final @Nullable String[] values;

    private OfStrings(int size, @Nullable String[] values, long @Nullable [] nulls) {
      super(size, nulls);
      this.values = values;
    }

    /** Shared; entries of null rows may be anything. */
    public @Nullable String[] values() {
      return values;
    }

    @Override
    public String value(int row) {
      String value = values[row];
      if (value == null) {
        throw new IllegalStateException("row " + row + " is null");
      }
      return value;
    }

    @Override
    public int hash(int row) {
      return value(row).hashCode();
    }

    @Override
    public StringColumn gather(int[] rows, int count) {
      @Nullable String[] result = new @Nullable String[count];
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        if (row >= 0) {
          result[i] = values[row];
        }
      }
      return new OfStrings(count, result, gatherNulls(rows, count));
    }

    @Override
    public long estimatedBytes() {
      return 24L * size();
    }
  }

  /** UTF-8 bytes and offsets. */
  public static final class OfUtf8 extends StringColumn {
    private final byte[] bytes;
    private final int[] offsets;

    private OfUtf8(int size, byte[] bytes, int[] offsets, long @Nullable [] nulls) {
      super(size, nulls);
      this.bytes = bytes;
      this.offsets = offsets;
    }

    public byte[] bytes() {
      return bytes;
    }

    public int[] offsets() {
      return offsets;
    }

    @Override
    public String value(int row) {
      return new String(
          bytes, offsets[row], offsets[row + 1] - offsets[row], StandardCharsets.UTF_8);
    }

    @Override
    public int hash(int row) {
      int hash = 0;
      for (int i = offsets[row]; i < offsets[row + 1]; i++) {
        if (bytes[i] < 0) {
          return value(row).hashCode();
        }
        hash = 31 * hash + bytes[i];
      }
      return hash;
    }

    @Override
    public boolean equalTo(int row, String other) {
      int start = offsets[row];
      int length = offsets[row + 1] - start;
      if (length != other.length()) {
        return length > other.length() && value(row).equals(other);
      }
      for (int i = 0; i < length; i++) {
        byte unit = bytes[start + i];
        if (unit != other.charAt(i)) {
          return unit < 0 && value(row).equals(other); // malformed bytes give a character each
        }
      }
      return true;
    }

    @Override
    public StringColumn gather(int[] rows, int count) {
      int length = 0;
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        length += row < 0 ? 0 : offsets[row + 1] - offsets[row];
      }
      byte[] target = new byte[length];
      int[] ends = new int[count + 1];
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        int n = row < 0 ? 0 : offsets[row + 1] - offsets[row];
        if (n > 0) {
          System.arraycopy(bytes, offsets[row], target, ends[i], n);
        }
        ends[i + 1] = ends[i] + n;
      }
      return new OfUtf8(count, target, ends, gatherNulls(rows, count));
    }

    @Override
    public long estimatedBytes() {
      return 4L * size() + bytes.length;
    }
  }

  /** Codes into a dictionary that belongs to the batch. */
  public static final class OfDictionary extends StringColumn {
    private final int[] codes;
    private final String[] dictionary;

    private OfDictionary(int size, int[] codes, String[] dictionary, long @Nullable [] nulls) {
      super(size, nulls);
      this.codes = codes;
      this.dictionary = dictionary;
    }

    public int[] codes() {
      return codes;
    }

    public String[] dictionary() {
      return dictionary;
    }

    @Override
    public String value(int row) {
      return dictionary[codes[row]];
    }

    @Override
    public int hash(int row) {
      return dictionary[codes[row]].hashCode();
    }

    @Override
    public StringColumn gather(int[] rows, int count) {
      int[] result = new int[count];
      for (int i = 0; i < count; i++) {
        int row = rows[i];
        result[i] = row < 0 ? 0 : codes[row];
      }
      return new OfDictionary(count, result, dictionary, gatherNulls(rows, count));
    }

    @Override
    public long estimatedBytes() {
      return 4L * size() + 48L * dictionary.length;
    }
  }
}
