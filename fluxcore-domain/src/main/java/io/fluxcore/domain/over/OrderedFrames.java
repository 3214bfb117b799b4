package io.fluxcore.domain.over;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.rank.RankedRow;
import org.jspecify.annotations.Nullable;

/**
 * Where the frame of each of the rows of a key begins and ends, among these rows in their order.
 * Both never go back from a row to the next.
 */
final class OrderedFrames {
  private static final long MICROS = 1000;
  private static final long MILLIS_OF_DAY = 86_400_000;

  private final Frame frame;
  private final int size;
  private final int[] firstPeer;
  private final int[] lastPeer;
  private final int[] places;
  private final @Nullable Distance values;
  private boolean isDescending;
  private final int firstValue;
  private final int lastValue;

  /**
   * Frames of rows.
   *
   * @param rows in their order
   * @param batch the same, decoded
   * @param measured the column that frames are measured by, or −1
   * @param descending whether it is in descending order
   */
  OrderedFrames(Frame frame, byte[][] rows, EventBatch batch, int measured, boolean descending) {
    this.frame = frame;
    this.size = rows.length;
    this.firstPeer = new int[size];
    this.lastPeer = new int[size];
    this.places = new int[size];
    for (int i = 0; i < size; i++) {
      boolean isPeer = i > 0 && RankedRow.compare(rows[i - 1], rows[i]) == 0;
      firstPeer[i] = isPeer ? firstPeer[i - 1] : i;
      places[i] = i == 0 ? 1 : places[i - 1] + (isPeer ? 0 : 1);
    }
    for (int i = size - 1; i >= 0; i--) {
      boolean isPeer = i < size - 1 && firstPeer[i + 1] == firstPeer[i];
      lastPeer[i] = isPeer ? lastPeer[i + 1] : i;
    }
    if (measured < 0) {
      values = null;
      firstValue = 0;
      lastValue = size - 1;
      return;
    }
    Column column = batch.column(measured);
    values = column instanceof LongColumn longs ? ofLongs(longs) : ofDoubles((DoubleColumn) column);
    isDescending = descending;
    int first = 0;
    int last = size - 1;
    while (first < size && column.isNull(first)) {
      first++;
    }
    while (last >= first && column.isNull(last)) {
      last--;
    }
    firstValue = first;
    lastValue = last;
  }

  /** By how much the values of two rows differ. */
  @FunctionalInterface
  private interface Distance {
    /** The sign of {@code value(row) - value(of) - distance}. */
    int compare(int row, int of, long distance);
  }

  private static Distance ofLongs(LongColumn column) {
    DataType.Kind kind = column.type().kind();
    return (row, of, distance) -> {
      long value = column.value(row);
      long other = column.value(of);
      long difference = value - other;
      if (((value ^ other) & (value ^ difference)) < 0) {
        return value > other ? 1 : -1; // further apart than any distance
      }
      return Long.compare(difference, inUnitsOf(kind, distance));
    };
  }

  private static Distance ofDoubles(DoubleColumn column) {
    return (row, of, distance) -> Double.compare(column.value(row), column.value(of) + distance);
  }

  /** A distance of times is in milliseconds. */
  private static long inUnitsOf(DataType.Kind kind, long distance) {
    return switch (kind) {
      case TIMESTAMP, TIMESTAMP_TZ -> Math.multiplyExact(distance, MICROS);
      case DATE -> distance / MILLIS_OF_DAY;
      default -> distance;
    };
  }

  /** Whether frames can be measured by a field of this type. */
  static boolean canMeasure(DataType type) {
    return switch (type.kind()) {
      case LONG, DOUBLE, DATE, TIMESTAMP, TIMESTAMP_TZ -> true;
      default -> false;
    };
  }

  /** The first row of the same place. */
  int firstPeer(int row) {
    return firstPeer[row];
  }

  /** The last row of the same place. */
  int lastPeer(int row) {
    return lastPeer[row];
  }

  /** How many places there are up to that of a row. */
  int places(int row) {
    return places[row];
  }

  /** The first row of a row's frame, which may be behind its {@link #end}. */
  int begin(int row) {
    long preceding = frame.preceding();
    if (preceding == Frame.UNBOUNDED) {
      return 0;
    }
    if (frame.unit() == Frame.Unit.ROWS) {
      return (int) Math.max(0, Math.min(size, row - preceding));
    }
    if (preceding == 0 || values == null || row < firstValue || row > lastValue) {
      return firstPeer[row];
    }
    return firstFrom(values, row, preceding, false);
  }

  /** The row behind the last one of a row's frame. */
  int end(int row) {
    long following = frame.following();
    if (following == Frame.UNBOUNDED) {
      return size;
    }
    if (frame.unit() == Frame.Unit.ROWS) {
      return (int) Math.max(0, Math.min(size, row + following + 1));
    }
    if (following == 0 || values == null || row < firstValue || row > lastValue) {
      return lastPeer[row] + 1;
    }
    return firstFrom(values, row, -following, true);
  }

  /**
   * The first row, among those with a value, that is at most so much before a row, or less than
   * that.
   */
  private int firstFrom(Distance distances, int row, long before, boolean isBehind) {
    int low = firstValue;
    int high = lastValue + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int sign =
          isDescending
              ? -distances.compare(middle, row, before)
              : distances.compare(middle, row, -before);
      if (sign < 0 || (isBehind && sign == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
