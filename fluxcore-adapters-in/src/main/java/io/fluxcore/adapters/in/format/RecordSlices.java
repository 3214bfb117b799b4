package io.fluxcore.adapters.in.format;

import java.util.Arrays;

/** Records as parts of one array, ascending and without their line ends. Not thread-safe. */
public final class RecordSlices {
  private byte[] bytes = new byte[0];
  private int[] starts = new int[256];
  private int[] ends = new int[256];
  private long[] lines = new long[256];
  private int count;

  /** Forgets the records; the next ones lie in this array. */
  public void reset(byte[] newBytes) {
    bytes = newBytes;
    count = 0;
  }

  /** The records lie at the same places of another array. */
  void moved(byte[] newBytes) {
    bytes = newBytes;
  }

  public void add(int start, int end, long line) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      lines = Arrays.copyOf(lines, count * 2);
    }
    starts[count] = start;
    ends[count] = end;
    lines[count++] = line;
  }

  public int count() {
    return count;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int start(int record) {
    return starts[record];
  }

  public int end(int record) {
    return ends[record];
  }

  /** The line, from 1, that a record begins in. */
  public long line(int record) {
    return lines[record];
  }

  /** A record as an array of its own. */
  public byte[] copy(int record) {
    return Arrays.copyOfRange(bytes, starts[record], ends[record]);
  }
}
