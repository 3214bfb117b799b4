package io.fluxcore.adapters.out.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encoded bytes on their way out; a row that cannot be encoded is taken back. Rows are lines of a
 * stream, or each is a message of its own, whose bounds are kept. Not thread-safe.
 */
public final class RowBuffer extends ByteArrayOutputStream {
  private final boolean messages;
  private int[] rows = new int[0];
  private int[] ends = new int[0];
  private int ended;

  /** Of lines. */
  public RowBuffer() {
    this(false);
  }

  private RowBuffer(boolean messages) {
    super(64 * 1024);
    this.messages = messages;
  }

  /** Of messages: rows without line ends. */
  static RowBuffer ofMessages() {
    return new RowBuffer(true);
  }

  /** Takes back what follows the first {@code length} bytes, of a row that has not been ended. */
  void truncate(int length) {
    count = Math.min(count, length);
  }

  /**
   * Ends a row.
   *
   * @param row physical row
   */
  public void endRow(int row) {
    if (!messages) {
      write('\n');
      return;
    }
    if (ended == ends.length) {
      ends = Arrays.copyOf(ends, Math.max(256, ended * 2));
      rows = Arrays.copyOf(rows, ends.length);
    }
    rows[ended] = row;
    ends[ended++] = count;
  }

  @Override
  public synchronized void reset() {
    super.reset();
    ended = 0;
  }

  /** How many messages there are. */
  int messages() {
    return ended;
  }

  /** The physical row of a message. */
  int row(int message) {
    return rows[message];
  }

  /** A message as an array of its own. */
  byte[] message(int message) {
    return Arrays.copyOfRange(buf, message == 0 ? 0 : ends[message - 1], ends[message]);
  }

  /** Adds a text as UTF-8. */
  public void append(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
