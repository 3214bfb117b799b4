package io.fluxcore.adapters.in.format;

/** Finds where a CSV record ends: at the first line end outside quotes. */
record CsvFramer(byte delimiter, byte quote, boolean singleColumn) implements RecordFramer {
  @Override
  public int end(byte[] bytes, int from, int to) {
    int lineEnd = LineEnds.next(bytes, from, to);
    int limit = lineEnd == NONE ? to : lineEnd;
    int open = LineEnds.indexOf(bytes, from, limit, quote);
    if (open < 0) {
      return lineEnd;
    }
    return endWithQuotes(bytes, from, to);
  }

  private int endWithQuotes(byte[] bytes, int from, int to) {
    boolean fieldStart = true;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == quote && fieldStart) {
        i = closing(bytes, i + 1, to);
        if (i < 0) {
          return NONE;
        }
        fieldStart = false;
      } else if (b == '\n') {
        return i + 1;
      } else {
        fieldStart = b == delimiter;
      }
    }
    return NONE;
  }

  /** The index of the quote that ends a value, or -1. */
  private int closing(byte[] bytes, int from, int to) {
    int i = from;
    while (true) {
      i = LineEnds.indexOf(bytes, i, to, quote);
      if (i < 0 || i + 1 >= to) {
        // A quote at the very end may be the first half of a doubled one.
        return -1;
      }
      if (bytes[i + 1] != quote) {
        return i;
      }
      i += 2;
    }
  }

  @Override
  public boolean spansLines() {
    return true;
  }

  @Override
  public boolean isBlank(byte[] bytes, int from, int to) {
    return !singleColumn && from == to;
  }
}
