package io.fluxcore.domain.pattern;

import java.nio.ByteBuffer;

/** What became of matches so far, of one subtask. Not thread-safe. */
final class MatchCounts {
  long matches;
  long timedOut;
  long dropped;

  byte[] write() {
    return ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(matches)
        .putLong(timedOut)
        .putLong(dropped)
        .array();
  }

  void add(byte[] written) {
    ByteBuffer bytes = ByteBuffer.wrap(written);
    matches += bytes.getLong();
    timedOut += bytes.getLong();
    dropped += bytes.getLong();
  }
}
