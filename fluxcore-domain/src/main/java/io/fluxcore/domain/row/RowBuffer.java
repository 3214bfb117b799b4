package io.fluxcore.domain.row;

import io.fluxcore.domain.event.ColumnBuilder;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one {@link RowCodec} in the order in which they came, in one array: each with its
 * timestamp, a number for the owner's use and its bytes. A row is named by its position:
 *
 * <pre>{@code
 * for (int at = rows.first(); at >= 0; at = rows.next(at)) {
 *   rows.decode(codec, at, targets);
 * }
 * }</pre>
 *
 * <p>A removed row leaves a gap, which is closed by an {@link #append} when gaps are more than half
 * of the array. So positions are valid until the next {@code append}; removing rows does not change
 * those of others. {@link #find} takes about the same time however many rows there are. Not
 * thread-safe.
 */
public final class RowBuffer {
  /** No row. */
  public static final int NONE = -1;

  // a row: i32 length, or its complement where the row is removed; i32 hash; i64 timestamp; i64 tag
  private static final int HASH = Integer.BYTES;
  private static final int TIMESTAMP = HASH + Integer.BYTES;
  private static final int TAG = TIMESTAMP + Long.BYTES;
  private static final int HEAD = TAG + Long.BYTES;
  private static final int OBJECT_BYTES = 48;

  /** Rows from which on an index is worth its memory. */
  private static final int INDEXED = 32;

  private byte[] bytes = new byte[0];
  private int start;
  private int end;
  private int gaps;
  private int size;

  /** The position of the row that came last, or {@link #NONE}; it may have been removed. */
  private int last = NONE;

  /** Finds rows by hash; made when it is first needed. */
  private @Nullable RowIndex index;

  /** Rows held. */
  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The position of the first row, or {@link #NONE}. */
  public int first() {
    return live(start);
  }

  /** The position of the row after this one, or {@link #NONE}; this one may have been removed. */
  public int next(int at) {
    return live(behind(at));
  }

  /** The position of the row that came last of those held, or {@link #NONE}. */
  public int last() {
    if (last >= 0 && RowBytes.intAt(bytes, last) < 0) {
      last = NONE;
      for (int at = first(); at >= 0; at = next(at)) {
        last = at;
      }
    }
    return last;
  }

  private int live(int from) {
    int at = from;
    while (at < end && RowBytes.intAt(bytes, at) < 0) {
      at = behind(at);
    }
    return at < end ? at : NONE;
  }

  private int behind(int at) {
    int length = RowBytes.intAt(bytes, at);
    return at + HEAD + (length < 0 ? ~length : length);
  }

  /** Epoch milliseconds. */
  public long timestamp(int at) {
    return RowBytes.longAt(bytes, at + TIMESTAMP);
  }

  public long tag(int at) {
    return RowBytes.longAt(bytes, at + TAG);
  }

  public void setTag(int at, long tag) {
    RowBytes.putLong(bytes, at + TAG, tag);
  }

  /** Bytes of a row without its timestamp and tag. */
  public int length(int at) {
    return RowBytes.intAt(bytes, at);
  }

  /**
   * Adds the encoder's row behind the others.
   *
   * @param timestamp epoch milliseconds
   * @return its position
   */
  public int append(RowEncoder row, long timestamp, long tag) {
    return append(row.array(), 0, row.length(), row.hash(), timestamp, tag);
  }

  /** Adds a row of another buffer behind the others, with its timestamp. */
  public int append(RowBuffer other, int at, long tag) {
    int length = other.length(at);
    int hash = RowBytes.intAt(other.bytes, at + HASH);
    return append(other.bytes, at + HEAD, length, hash, other.timestamp(at), tag);
  }

  private int append(byte[] source, int from, int length, int hash, long timestamp, long tag) {
    int needed = HEAD + length;
    if (gaps > end / 2) {
      closeGaps();
    }
    ensure(needed);
    int at = end;
    RowBytes.putInt(bytes, at, length);
    RowBytes.putInt(bytes, at + HASH, hash);
    RowBytes.putLong(bytes, at + TIMESTAMP, timestamp);
    RowBytes.putLong(bytes, at + TAG, tag);
    System.arraycopy(source, from, bytes, at + HEAD, length);
    end += needed;
    size++;
    last = at;
    if (index != null) {
      index.add(hash, at);
    }
    return at;
  }

  /** Adds a row of these bytes. */
  void append(byte[] row, int length, long timestamp, long tag) {
    append(row, 0, length, RowBytes.hash(row, 0, length), timestamp, tag);
  }

  /** A row by itself. */
  public EncodedRow row(int at) {
    byte[] row = Arrays.copyOfRange(bytes, at + HEAD, behind(at));
    return new EncodedRow(row, RowBytes.intAt(bytes, at + HASH), timestamp(at));
  }

  /** Writes the rows as {@link RowBufferSerializer} says. */
  void write(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int at = first(); at >= 0; at = next(at)) {
      out.writeLong(timestamp(at));
      out.writeLong(tag(at));
      out.writeInt(length(at));
      out.write(bytes, at + HEAD, length(at));
    }
  }

  private void ensure(int more) {
    int needed = Math.addExact(end, more);
    if (needed > bytes.length) {
      long roomy = bytes.length == 0 ? needed : Math.max(needed, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16L, roomy));
    }
  }

  /** Removes a row. */
  public void remove(int at) {
    int length = RowBytes.intAt(bytes, at);
    if (length < 0) {
      throw new IllegalStateException("the row at " + at + " has been removed before");
    }
    if (index != null) {
      index.remove(RowBytes.intAt(bytes, at + HASH), at);
    }
    size--;
    RowBytes.putInt(bytes, at, ~length);
    gaps += HEAD + length;
    if (at == start) {
      start = behind(at); // rows that leave in the order in which they came are not passed again
    }
  }

  /** Removes all rows. */
  public void clear() {
    start = 0;
    end = 0;
    gaps = 0;
    size = 0;
    last = NONE;
    index = null;
    bytes = new byte[0];
  }

  private void closeGaps() {
    int to = 0;
    last = NONE;
    for (int at = 0; at < end; ) {
      int behind = behind(at);
      if (RowBytes.intAt(bytes, at) >= 0) {
        last = to;
        System.arraycopy(bytes, at, bytes, to, behind - at);
        to += behind - at;
      }
      at = behind;
    }
    start = 0;
    end = to;
    gaps = 0;
    index = null;
  }

  /** The position of the row that came last of those that equal the encoder's, or {@link #NONE}. */
  public int find(RowEncoder row) {
    if (index == null && size < INDEXED) {
      int found = NONE;
      for (int at = first(); at >= 0; at = next(at)) {
        if (holds(at, row)) {
          found = at;
        }
      }
      return found;
    }
    RowIndex byHash = index();
    for (int i = byHash.first(row.hash()); i >= 0; i = byHash.next(i)) {
      if (holds(byHash.position(i), row)) {
        return byHash.position(i);
      }
    }
    return NONE;
  }

  private boolean holds(int at, RowEncoder row) {
    return RowBytes.intAt(bytes, at + HASH) == row.hash()
        && row.equalTo(bytes, at + HEAD, length(at));
  }

  private RowIndex index() {
    RowIndex byHash = index;
    if (byHash == null) {
      byHash = new RowIndex(size);
      for (int at = first(); at >= 0; at = next(at)) {
        byHash.add(RowBytes.intAt(bytes, at + HASH), at);
      }
      index = byHash;
    }
    return byHash;
  }

  /**
   * Appends the fields of a row to builders of their types.
   *
   * @param targets a builder for each field of the codec's schema; null: the field is left out
   */
  public void decode(RowCodec codec, int at, @Nullable ColumnBuilder[] targets) {
    codec.decode(bytes, at + HEAD, targets);
  }

  /** Bytes on the heap, about. */
  public long estimatedBytes() {
    return OBJECT_BYTES + bytes.length + (index == null ? 0 : index.estimatedBytes());
  }
}
