package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.SplitPosition;
import org.jspecify.annotations.Nullable;

/**
 * Where reading of a container file goes on.
 *
 * @param block where the block of the next record begins, in bytes
 * @param record the number of the next record in it, from 0
 */
record BlockPosition(long block, long record) {
  /** {@code block 4711, record 42}. */
  SplitPosition toSplitPosition() {
    return new SplitPosition("block " + block + ", record " + record);
  }

  /**
   * The position of a text; null: the beginning.
   *
   * @throws IllegalArgumentException if it is none
   */
  static @Nullable BlockPosition parse(@Nullable SplitPosition position) {
    if (position == null) {
      return null;
    }
    String[] words = position.text().split("[ ,]+");
    if (words.length == 4 && words[0].equals("block") && words[2].equals("record")) {
      long block = Long.parseLong(words[1]);
      long record = Long.parseLong(words[3]);
      if (block >= 0 && record >= 0) {
        return new BlockPosition(block, record);
      }
    }
    throw new IllegalArgumentException(
        "'" + position.text() + "' is no position in a file of blocks");
  }
}
