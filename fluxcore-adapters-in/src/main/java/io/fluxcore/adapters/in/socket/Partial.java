package io.fluxcore.adapters.in.socket;

import java.util.Arrays;

/** What has come of a record so far: all of it, or the first bytes of one that is too long. */
final class Partial {
  /** What is kept of a record that is too long. */
  private static final int KEPT_BYTES = 4096;

  private static final int FIRST_BYTES = 256;

  private final int maxBytes;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int kept;
  private long length;

  Partial(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  int maxBytes() {
    return maxBytes;
  }

  /** Bytes that have come, kept or not. */
  long length() {
    return length;
  }

  /** How many of them are kept. */
  int kept() {
    return kept;
  }

  boolean isTooLong() {
    return length > maxBytes;
  }

  void add(byte[] more, int from, int to) {
    length += to - from;
    int wanted = to - from;
    if (isTooLong()) {
      kept = Math.min(kept, KEPT_BYTES);
      wanted = Math.min(wanted, KEPT_BYTES - kept);
    }
    reserve(kept + wanted);
    System.arraycopy(more, from, bytes, kept, wanted);
    kept += wanted;
  }

  private void reserve(int needed) {
    if (needed > bytes.length) {
      long larger = Math.min(Math.max(maxBytes, KEPT_BYTES), 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, larger));
    }
  }

  /** Hands over what is kept, and begins anew. */
  byte[] take() {
    byte[] result = Arrays.copyOf(bytes, kept);
    if (bytes.length > 16 * KEPT_BYTES) {
      bytes = new byte[FIRST_BYTES];
    }
    kept = 0;
    length = 0;
    return result;
  }
}
