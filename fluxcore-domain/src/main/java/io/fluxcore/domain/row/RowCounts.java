package io.fluxcore.domain.row;

import java.util.HashMap;
import java.util.Map;

/** How many equal rows there are of each. Not thread-safe. */
public final class RowCounts {
  private final Map<EncodedRow, Integer> counts = new HashMap<>();

  /** No rows. */
  public RowCounts() {}

  public void add(EncodedRow row) {
    counts.merge(row, 1, Integer::sum);
  }

  /** Takes one of equal rows out; whether there was one. */
  public boolean take(EncodedRow row) {
    Integer count = counts.get(row);
    if (count == null || count == 0) {
      return false;
    }
    counts.put(row, count - 1);
    return true;
  }

  /** Takes one of equal rows over to others; whether there was one. */
  public boolean move(EncodedRow row, RowCounts others) {
    boolean isThere = take(row);
    if (isThere) {
      others.add(row);
    }
    return isThere;
  }
}
