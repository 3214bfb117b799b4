package io.fluxcore.adapters.in.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Redis says of a stream.
 *
 * @param last id of the last entry that was ever added
 * @param added how many were ever added; {@link StreamPosition#UNKNOWN} before Redis 7
 * @param length how many are there
 */
record StreamInfo(EntryId last, long added, long length) {
  /** A stream to which nothing was ever added. */
  static final StreamInfo NONE = new StreamInfo(EntryId.ZERO, 0, 0);

  /** The answer of {@code XINFO STREAM}: names and values in turn. */
  static StreamInfo of(List<?> answer) {
    EntryId last = EntryId.ZERO;
    long added = StreamPosition.UNKNOWN;
    long length = 0;
    for (int i = 0; i + 1 < answer.size(); i += 2) {
      Object value = answer.get(i + 1);
      switch (text(answer.get(i))) {
        case "last-generated-id" -> last = EntryId.parse(text(value));
        case "entries-added" -> added = number(value);
        case "length" -> length = number(value);
        default -> {}
      }
    }
    return new StreamInfo(last, added, length);
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : Long.parseLong(text(value));
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(value);
  }

  /** How many were ever taken away; 0 where that is not known. */
  long removed() {
    return added == StreamPosition.UNKNOWN ? 0 : Math.max(0, added - length);
  }
}
