package io.fluxcore.domain.row;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row of a {@link RowCodec} by itself: its bytes and its timestamp. Rows are equal when their
 * bytes are, whatever their times. Immutable.
 */
public final class EncodedRow {
  private static final int OBJECT_BYTES = 48;

  private final byte[] bytes;
  private final int hash;
  private final long timestamp;

  EncodedRow(byte[] bytes, int hash, long timestamp) {
    this.bytes = bytes;
    this.hash = hash;
    this.timestamp = timestamp;
  }

  /** A row of bytes that {@link #bytes()} gave. */
  public static EncodedRow of(byte[] bytes, long timestamp) {
    return new EncodedRow(bytes, RowBytes.hash(bytes, 0, bytes.length), timestamp);
  }

  /** As snapshots hold them; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Epoch milliseconds. */
  public long timestamp() {
    return timestamp;
  }

  /** Bytes on the heap, about. */
  public long estimatedBytes() {
    return (long) OBJECT_BYTES + bytes.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EncodedRow row && hash == row.hash && Arrays.equals(bytes, row.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
