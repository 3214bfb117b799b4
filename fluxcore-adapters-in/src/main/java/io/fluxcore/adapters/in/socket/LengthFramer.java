package io.fluxcore.adapters.in.socket;

import org.jspecify.annotations.Nullable;

/**
 * Each record comes after its length: four bytes, big-endian, without sign; they do not count. A
 * record may have no bytes.
 */
final class LengthFramer extends Framer {
  private long announced;
  private int headerBytes;

  LengthFramer(int maxRecordBytes, Receiver receiver) {
    super(maxRecordBytes, receiver);
  }

  @Override
  void take(byte[] bytes, int from, int to) throws InterruptedException {
    int at = from;
    while (at < to) {
      if (headerBytes < Integer.BYTES) {
        announced = (announced << Byte.SIZE) | (bytes[at++] & 0xFF);
        headerBytes++;
      } else {
        int end = (int) Math.min(to, at + announced - partial.length());
        partial.add(bytes, at, end);
        at = end;
      }
      if (headerBytes == Integer.BYTES && partial.length() == announced) {
        finish();
        headerBytes = 0;
        announced = 0;
      }
    }
  }

  @Override
  void end(@Nullable String why) throws InterruptedException {
    if (headerBytes > 0) {
      cutOff(
          headerBytes < Integer.BYTES ? "it and of its length" : String.valueOf(announced),
          why == null ? "by the other side" : why);
    }
  }
}
