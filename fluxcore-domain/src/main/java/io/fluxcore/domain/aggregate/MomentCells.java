package io.fluxcore.domain.aggregate;

/** Moments in cells that lie side by side: first a count, then the bits of doubles. */
final class MomentCells {
  private MomentCells() {}

  static double get(long[] cells, int cell) {
    return Double.longBitsToDouble(cells[cell]);
  }

  static void set(long[] cells, int cell, double value) {
    cells[cell] = Double.doubleToRawLongBits(value);
  }

  static void add(long[] cells, int cell, double value) {
    set(cells, cell, get(cells, cell) + value);
  }

  /** As of no values. */
  static void clear(long[] cells, int cell, int width) {
    for (int i = 0; i < width; i++) {
      cells[cell + i] = 0;
    }
  }

  /**
   * Merges moments of which one are of no values: they are those of the others.
   *
   * @return whether it was so; otherwise both are of values, and nothing has changed
   */
  static boolean mergeEmpty(long[] cells, int cell, long[] others, int other, int width) {
    if (others[other] == 0) {
      return true;
    }
    if (cells[cell] == 0) {
      System.arraycopy(others, other, cells, cell, width);
      return true;
    }
    return false;
  }
}
