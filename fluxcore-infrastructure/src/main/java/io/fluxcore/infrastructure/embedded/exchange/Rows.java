package io.fluxcore.infrastructure.embedded.exchange;

/** Row numbers 0, 1, 2, …: what a batch without a selection selects. */
final class Rows {
  private int[] identity = new int[0];

  /** At least this many row numbers. Not to be written. */
  int[] upTo(int count) {
    if (identity.length < count) {
      identity = new int[Math.max(count, identity.length * 2)];
      for (int i = 0; i < identity.length; i++) {
        identity[i] = i;
      }
    }
    return identity;
  }
}
