package io.fluxcore.adapters.in.format;

/** Where the fields of one record are. Not thread-safe. */
final class FieldSpans {
  final byte[][] bytes;
  final int[] starts;
  final int[] ends;
  private final boolean[] quoted;

  FieldSpans(int fields) {
    bytes = new byte[fields][];
    starts = new int[fields];
    ends = new int[fields];
    quoted = new boolean[fields];
  }

  void set(int field, byte[] in, int start, int end) {
    bytes[field] = in;
    starts[field] = start;
    ends[field] = end;
    quoted[field] = false;
  }

  /** A field that was written in quotes, so that its text never stands for null. */
  void setQuoted(int field, byte[] in, int start, int end) {
    set(field, in, start, end);
    quoted[field] = true;
  }

  /** A field that the record does not have. */
  void setAbsent(int field) {
    starts[field] = -1;
  }

  boolean isQuoted(int field) {
    return quoted[field];
  }
}
