package io.fluxcore.domain.rank;

import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowBytes;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.row.SortKeys;
import java.util.Arrays;

/**
 * A row and its place in one array, since there are many of them: i64 timestamp, i32 length of the
 * place, the place (bytes that have the order of the rows), the bytes of the row.
 */
public final class RankedRow {
  private static final int PLACE_LENGTH = Long.BYTES;
  private static final int PLACE = PLACE_LENGTH + Integer.BYTES;
  private static final int ARRAY_BYTES = 16;

  private RankedRow() {}

  /** The row that the encoder holds, of the place that the keys hold. */
  public static byte[] of(SortKeys place, RowEncoder row, long timestamp) {
    byte[] ranked = new byte[PLACE + place.length() + row.length()];
    head(ranked, place.bytes(), place.length(), timestamp);
    row.copyTo(ranked, PLACE + place.length());
    return ranked;
  }

  public static byte[] of(byte[] place, EncodedRow row) {
    byte[] ranked = new byte[PLACE + place.length + row.bytes().length];
    head(ranked, place, place.length, row.timestamp());
    System.arraycopy(row.bytes(), 0, ranked, PLACE + place.length, row.bytes().length);
    return ranked;
  }

  private static void head(byte[] ranked, byte[] place, int length, long timestamp) {
    RowBytes.putLong(ranked, 0, timestamp);
    RowBytes.putInt(ranked, PLACE_LENGTH, length);
    System.arraycopy(place, 0, ranked, PLACE, length);
  }

  /** When the row came, in epoch milliseconds. */
  public static long timestamp(byte[] ranked) {
    return RowBytes.longAt(ranked, 0);
  }

  public static byte[] place(byte[] ranked) {
    return Arrays.copyOfRange(ranked, PLACE, row(ranked));
  }

  /** Where the bytes of the row begin. */
  public static int row(byte[] ranked) {
    return PLACE + RowBytes.intAt(ranked, PLACE_LENGTH);
  }

  public static EncodedRow encoded(byte[] ranked) {
    return EncodedRow.of(Arrays.copyOfRange(ranked, row(ranked), ranked.length), timestamp(ranked));
  }

  /** Compares the place of a row with one that the keys hold. */
  public static int compare(byte[] ranked, SortKeys place) {
    return Arrays.compareUnsigned(ranked, PLACE, row(ranked), place.bytes(), 0, place.length());
  }

  public static int compare(byte[] ranked, byte[] other) {
    return Arrays.compareUnsigned(ranked, PLACE, row(ranked), other, PLACE, row(other));
  }

  /**
   * Compares the place of a row with as much of the place of another, whose first fields are of the
   * same types: 0 where those have equal values.
   */
  public static int compareStart(byte[] ranked, byte[] longer) {
    int end = Math.min(row(longer), row(ranked));
    return Arrays.compareUnsigned(ranked, PLACE, row(ranked), longer, PLACE, end);
  }

  /** Whether two rows are equal, wherever they stand. */
  public static boolean isSame(byte[] ranked, byte[] other) {
    return ranked == other
        || Arrays.equals(ranked, row(ranked), ranked.length, other, row(other), other.length);
  }

  /** Whether a row is the one that the encoder holds. */
  public static boolean isSame(byte[] ranked, RowEncoder row) {
    return row.equalTo(ranked, row(ranked), ranked.length - row(ranked));
  }

  /** Bytes on the heap, about. */
  public static long estimatedBytes(byte[] ranked) {
    return (long) ARRAY_BYTES + Integer.BYTES + ranked.length;
  }
}
