package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.SplitPosition;
import org.jspecify.annotations.Nullable;

/**
 * Where reading of a file goes on.
 *
 * @param offset bytes before the next record, of the uncompressed file
 * @param line the next record's line, from 1
 */
record FilePosition(long offset, long line) {
  static final FilePosition START = new FilePosition(0, 1);

  /** {@code byte 4711, line 42}. */
  SplitPosition toSplitPosition() {
    return new SplitPosition("byte " + offset + ", line " + line);
  }

  /** The position of a split; the start if it has none. */
  static FilePosition of(@Nullable SplitPosition position) {
    return position == null ? START : parse(position);
  }

  /**
   * The position of a text.
   *
   * @throws IllegalArgumentException if it is none
   */
  static FilePosition parse(SplitPosition position) {
    String[] words = position.text().split("[ ,]+");
    if (words.length == 4 && words[0].equals("byte") && words[2].equals("line")) {
      long offset = Long.parseLong(words[1]);
      long line = Long.parseLong(words[3]);
      if (offset >= 0 && line >= 1) {
        return new FilePosition(offset, line);
      }
    }
    throw new IllegalArgumentException("'" + position.text() + "' is no position in a file");
  }
}
