package io.fluxcore.adapters.out.rocksdb;

/** What is known of a slot of a table on the heap, as bits of a byte. */
final class SlotFlags {
  /** Touched since it was written. */
  static final int DIRTY = 1;

  /** Holds what was added only; the rest may be stored. */
  static final int PARTIAL = 2;

  /** The key is stored. */
  static final int STORED = 4;

  /** The key was removed. */
  static final int REMOVED = 8;

  /** Touched again after it was brought in. */
  static final int HOT = 16;

  private SlotFlags() {}
}
