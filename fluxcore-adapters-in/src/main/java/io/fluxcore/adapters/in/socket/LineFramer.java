package io.fluxcore.adapters.in.socket;

import io.fluxcore.adapters.in.format.RecordFramer;
import org.jspecify.annotations.Nullable;

/**
 * Records are lines, which end by a line feed, or a carriage return and a line feed. An empty line
 * is none: some senders keep connections alive so.
 */
final class LineFramer extends Framer {
  private static final byte[] RETURN = {'\r'};

  /** Whether the last byte was a carriage return, of which it is not known yet what it is. */
  private boolean isReturnHeld;

  LineFramer(int maxRecordBytes, Receiver receiver) {
    super(maxRecordBytes, receiver);
  }

  @Override
  void take(byte[] bytes, int from, int to) throws InterruptedException {
    int at = from;
    for (int end = RecordFramer.LINES.end(bytes, at, to);
        end != RecordFramer.NONE;
        end = RecordFramer.LINES.end(bytes, at, to)) {
      add(bytes, at, end - 1);
      at = end;
      finishLine();
    }
    add(bytes, at, to);
  }

  private void add(byte[] bytes, int from, int to) {
    if (to == from) {
      return;
    }
    if (isReturnHeld) {
      partial.add(RETURN, 0, 1);
    }
    isReturnHeld = bytes[to - 1] == RETURN[0];
    partial.add(bytes, from, isReturnHeld ? to - 1 : to);
  }

  private void finishLine() throws InterruptedException {
    isReturnHeld = false;
    if (partial.length() > 0) {
      finish();
    }
  }

  /** A last line that has no end is one, as in a file, unless the connection has broken. */
  @Override
  void end(@Nullable String why) throws InterruptedException {
    if (why == null) {
      finishLine();
    } else if (partial.length() > 0) {
      cutOff("a line", why);
    }
  }
}
