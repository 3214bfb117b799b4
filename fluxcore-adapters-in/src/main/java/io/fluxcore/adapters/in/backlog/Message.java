package io.fluxcore.adapters.in.backlog;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as it was pushed.
 *
 * @param bytes what it says
 * @param micros when it came, or was sent where it says so: microseconds since the epoch
 * @param properties what came with it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Message(byte[] bytes, long micros, MessageProperties properties) {
  /** What a message costs beside its bytes and texts. */
  private static final int OVERHEAD_BYTES = 64;

  /** About what it takes in memory. */
  long memoryBytes() {
    long bytesOfTexts = length(properties.id()) + length(properties.key());
    for (Map.Entry<String, String> header : properties.headers().entrySet()) {
      bytesOfTexts += length(header.getKey()) + length(header.getValue()) + OVERHEAD_BYTES;
    }
    return OVERHEAD_BYTES + bytes.length + bytesOfTexts;
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
