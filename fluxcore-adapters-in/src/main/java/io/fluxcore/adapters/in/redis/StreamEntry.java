package io.fluxcore.adapters.in.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a stream.
 *
 * @param fields names and values in turn
 */
record StreamEntry(EntryId id, List<byte[]> fields) {

  /**
   * The entries of the answer of {@code XREAD} for one stream: {@code [[key, [[id, [name, value,
   * …]], …]]]}.
   */
  static List<StreamEntry> of(@Nullable List<?> answer) {
    List<StreamEntry> entries = new ArrayList<>();
    if (answer == null || answer.isEmpty()) {
      return entries;
    }
    for (Object entry : list(list(answer.get(0)).get(1))) {
      List<?> parts = list(entry);
      List<byte[]> fields = new ArrayList<>();
      for (Object field : list(parts.get(1))) {
        fields.add((byte[]) field);
      }
      String id = new String((byte[]) parts.get(0), StandardCharsets.UTF_8);
      entries.add(new StreamEntry(EntryId.parse(id), fields));
    }
    return entries;
  }

  private static List<?> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalStateException("Redis has answered XREAD with " + value);
  }

  /** About how many bytes it has. */
  long size() {
    long size = 0;
    for (byte[] field : fields) {
      size += field.length;
    }
    return size;
  }
}
